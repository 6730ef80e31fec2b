"""FHIR's way to refuse: OperationOutcome instead of a problem document, under /fhir/R4."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette._utils import get_route_path

from gateway.problems import Problem, reference_of

MEDIA_TYPE = "application/fhir+json"

_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    429: "throttled",
    500: "exception",
    503: "transient",
}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class FhirRoute(APIRoute):
    """A route whose refusals, those of its dependencies included, are OperationOutcomes."""

    def get_route_handler(self) -> Handler:
        """The usual handler with its `Problem`s answered as FHIR wants them."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError:
                problem = Problem(400, "validation", "A parameter is not acceptable")
            except Problem as raised:
                problem = raised
            return outcome(problem, reference_of(request))

        return answer


def outside_routes(request: Request, problem: Problem, reference: str) -> Response | None:
    """The OperationOutcome of a refusal made before or behind a route, such as too large a body."""
    path = get_route_path(request.scope)
    return outcome(problem, reference) if path.startswith("/fhir/") else None


def outcome(problem: Problem, reference: str) -> Response:
    """The OperationOutcome of a problem; its id is the request id, to tell the hotline."""
    words = ". ".join(part for part in (problem.title, problem.detail) if part)
    issue: dict[str, Any] = {
        "severity": "error",
        "code": _CODES.get(problem.status, "processing"),
        "details": {"coding": [{"system": "/problems", "code": problem.type_slug}], "text": words},
        "diagnostics": f"reference {reference}",
    }
    issues = [
        {**issue, "expression": [error["field"]], "diagnostics": error["code"]}
        for error in problem.extensions.get("errors", [])
    ]
    body = {"resourceType": "OperationOutcome", "id": reference, "issue": issues or [issue]}
    return fhir(body, problem.status, problem.headers)


def fhir(
    body: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = MEDIA_TYPE,
) -> Response:
    """A FHIR resource as an answer; text is sent as it is."""
    content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Response(content, status, dict(headers or {}), media_type=media_type)
