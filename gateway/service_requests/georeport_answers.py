"""Answers of GeoReport v2's own operations: JSON or XML by the address's ending, and the
standard's error documents (decision 7).
"""

from __future__ import annotations

import json
from typing import Any, Literal

from fastapi import Request
from starlette.responses import Response

from gateway.conditional import answer
from gateway.problems import MEDIA_TYPE as PROBLEM
from gateway.problems import Problem
from gateway.service_requests.georeport_xml import MEDIA_TYPE as XML
from gateway.service_requests.georeport_xml import xml

Format = Literal["json", "xml"]
PREFIX = "/open311/v2/"
_STATUS = {401: 403, 409: 400, 413: 400, 415: 400, 422: 400}
"""The standard knows 400, 403 and 404; what else we say becomes the nearest of them."""


def document(
    request: Request, format_: Format, root: str, content: Any, *, cache_control: str = "no-cache"
) -> Response:
    """The document with its ETag, or 304."""
    if format_ == "xml":
        return answer(request, xml(root, content), XML, cache_control=cache_control)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return answer(request, body, "application/json", cache_control=cache_control)


def written(format_: Format, root: str, content: Any, headers: dict[str, str]) -> Response:
    """The answer to a POST."""
    if format_ == "xml":
        return Response(xml(root, content), 201, headers, media_type=XML)
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(body, 201, headers, media_type="application/json")


def error_document(request: Request, problem: Problem, reference: str) -> Response | None:
    """A refusal as GeoReport has it; None where the client asks for a problem document (RFC 9457)
    or the operation is not GeoReport's.
    """
    path = str(request.scope.get("path", "")).removeprefix(str(request.scope.get("root_path", "")))
    accepts = request.headers.get("accept", "")
    if not path.startswith(PREFIX) or PROBLEM in accepts:
        return None
    status = _STATUS.get(problem.status, problem.status)
    errors = [{"code": status, "description": words} for words in _descriptions(problem)]
    headers = {**problem.headers, "X-Reference": reference}
    if path.endswith(".xml"):
        return Response(xml("errors", errors), status, headers, media_type=XML)
    return Response(json.dumps(errors).encode(), status, headers, media_type="application/json")


def _descriptions(problem: Problem) -> list[str]:
    """A sentence for each wrong field, or one for the whole."""
    fields = [f"{item['field']}: {item['code']}" for item in problem.extensions.get("errors", [])]
    return fields or [problem.detail or problem.title]
