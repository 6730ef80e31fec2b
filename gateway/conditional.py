"""Conditional requests (RFC 9110, section 13): an answer that has not changed is not sent again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request
from starlette.responses import Response


def json_answer(request: Request, content: Any, *, cache_control: str = "no-store") -> Response:
    """The content as JSON with its ETag, or 304 with no body when If-None-Match holds that tag."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return answer(request, body, "application/json", cache_control=cache_control)


def answer(
    request: Request, body: bytes, media_type: str, *, cache_control: str = "no-store"
) -> Response:
    """The bytes with their ETag, or 304."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache_control}
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _matches(condition: str, tag: str) -> bool:
    """Weak comparison, as If-None-Match demands."""
    offered = {item.strip().removeprefix("W/") for item in condition.split(",")}
    return "*" in offered or tag in offered
