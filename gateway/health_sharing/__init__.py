"""Sharing a health record by SMART Health Links (HL7, STU 1): the owner's device encrypts, the
gateway keeps what it cannot read, a page opens it in the reader's browser.
"""

from fastapi import APIRouter

from gateway.health_sharing import link_routes, routes
from gateway.health_sharing.ending import sweeping
from gateway.health_sharing.page_app import page_app

router = APIRouter()
router.include_router(routes.router)
router.include_router(link_routes.router)

__all__ = ["page_app", "router", "sweeping"]
