"""GeoReport's service discovery: where this city's endpoints are, and in which formats."""

from __future__ import annotations

from typing import Any

from gateway.settings import Settings

CHANGESET = "2026-11-26 00:00"
"""When the endpoints last changed."""


def discovery(settings: Settings) -> dict[str, Any]:
    """The discovery document of this installation."""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{settings.api_url}/open311/v2",
        "changeset": CHANGESET,
        "type": "test" if settings.sandbox else "production",
        "formats": ["application/json", "text/xml"],
    }
    return {
        "changeset": CHANGESET,
        "contact": "Tổng đài 1022, phím 7. Bản mở, không chính thức.",
        "key_service": f"{settings.api_url}/openapi.json",
        "endpoints": [endpoint],
    }
