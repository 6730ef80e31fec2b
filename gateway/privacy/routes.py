"""Everything under /privacy that is about rights: export, erasure, requests."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.privacy import erasure_routes, export_routes, request_routes

router = APIRouter()
router.include_router(erasure_routes.router)
router.include_router(export_routes.router)
router.include_router(request_routes.router)
