"""Every router of this feature."""

from gateway.health_people import correction_routes, observation_routes, people_routes

routers = (people_routes.router, observation_routes.router, correction_routes.router)
