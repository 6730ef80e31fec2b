"""Files in a record: a Binary as its own bytes, or as a FHIR resource for who asks for that."""

from __future__ import annotations

import base64
import binascii

from fastapi import Request, Response

from gateway.health_records.bundles import text
from gateway.health_records.serving import Served

_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain"})
"""Types a browser may be told of; anything else could be run by one."""


def binary_answer(request: Request, found: Served) -> Response | None:
    """The bytes, unless the request asks for FHIR's JSON (FHIR R4, section 2.40.3): then None."""
    if "fhir+json" in request.headers.get("accept", ""):
        return None
    kind, content = content_of(found)
    if content is None:
        return None
    headers = {"ETag": found.tag, "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type=kind)


def content_of(found: Served) -> tuple[str, bytes | None]:
    """Media type and bytes of a Binary; None where its data is missing or no base64."""
    resource = found.resource
    said = text(resource.get("contentType")).split(";")[0].strip().lower()
    kind = said if said in _SHOWN else "application/octet-stream"
    try:
        data = text(resource.get("data"))
        return kind, base64.b64decode(data, validate=False) if data else None
    except (binascii.Error, ValueError):
        return kind, None
