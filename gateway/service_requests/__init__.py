"""Reports: the service requests of Open311 GeoReport v2."""

from gateway.service_requests import desk_act_routes, desk_routes, report_routes, routes
from gateway.service_requests.clock import clock
from gateway.service_requests.sandbox import seed

routers = (routes.router, report_routes.router, desk_routes.router, desk_act_routes.router)
"""In this order: a fixed path below /reports stands before `/reports/{service_request_id}`."""

__all__ = ["clock", "routers", "seed"]
