"""Criminal record certificates (Law 107/2025): applying, issuing, signing and checking."""

from fastapi import APIRouter

from gateway.certificates import checking, routes
from gateway.certificates.command import verify_command
from gateway.certificates.pages import verify_app
from gateway.certificates.serving import background

router = APIRouter()
router.include_router(routes.router)
router.include_router(checking.router)

__all__ = ["background", "router", "verify_app", "verify_command"]
