"""Criminal record certificates (Law 107/2025): applying, issuing, signing and checking."""

from fastapi import APIRouter

from gateway.certificates import (
    checking,
    office_routes,
    presentation_routes,
    result_routes,
    routes,
)
from gateway.certificates.command import verify_command
from gateway.certificates.pages import verify_app
from gateway.certificates.serving import background

router = APIRouter()
for part in (routes, result_routes, presentation_routes, checking, office_routes):
    router.include_router(part.router)

__all__ = ["background", "router", "verify_app", "verify_command"]
