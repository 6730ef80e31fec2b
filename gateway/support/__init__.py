"""Support: bundles that residents chose to send, threads about them, and the staff's acts on both
(docs/support-bundles.md).
"""

from fastapi import APIRouter

from gateway.support import desk_routes, persona_routes, routes
from gateway.support.retention import sweeping

router = APIRouter()
for part in (routes, desk_routes, persona_routes):
    router.include_router(part.router)

__all__ = ["router", "sweeping"]
