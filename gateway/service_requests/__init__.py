"""Reports: the service requests of Open311 GeoReport v2."""

from gateway.problems import answer_as
from gateway.service_requests import (
    desk_act_routes,
    desk_media_routes,
    desk_routes,
    georeport_answers,
    georeport_routes,
    public_page,
    public_routes,
    report_routes,
    submission_routes,
)
from gateway.service_requests.clock import clock
from gateway.service_requests.sandbox import seed

routers = (
    georeport_routes.router,
    submission_routes.router,
    public_routes.router,
    public_page.router,
    report_routes.router,
    desk_media_routes.router,
    desk_routes.router,
    desk_act_routes.router,
)
"""In this order: a fixed path below /reports stands before `/reports/{service_request_id}`."""

answer_as(georeport_answers.error_document)

__all__ = ["clock", "routers", "seed"]
