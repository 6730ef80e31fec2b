"""The OpenAPI document: every operation demands a token unless it says otherwise, every refusal
has a shape.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette._utils import get_route_path
from starlette.responses import Response

from gateway.problems import (
    MEDIA_TYPE,
    FieldError,
    Problem,
    ProblemDocument,
    refusal,
)
from gateway.settings import Settings

Document = dict[str, Any]


def describe(app: FastAPI) -> None:
    """Make the application's own document the complete one."""
    document: Document = {}

    def openapi() -> Document:
        if not document:
            document.update(complete(_routes(app), app.state.settings))
        return document

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_exception_handler(405, _method_not_allowed)


def methods_at(document: Document, path: str) -> list[str]:
    """The methods the document knows at that path, whatever route serves them."""
    if exact := document["paths"].get(path):
        return sorted(method.upper() for method in exact)
    found = set()
    for template, operations in document["paths"].items():
        pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", template))
        if re.fullmatch(pattern, path):
            found |= {method.upper() for method in operations}
    return sorted(found)


async def _method_not_allowed(request: Request, error: Exception) -> Response:
    """405 with every allowed method: Starlette names only those of the first route that fits."""
    path = get_route_path(request.scope)
    methods = methods_at(request.app.openapi(), path) or ["GET"]
    headers = {"Allow": ", ".join(methods)}
    problem = Problem(405, "method-not-allowed", "Method not allowed", headers=headers)
    return refusal(request, problem)


def _routes(app: FastAPI) -> Document:
    return get_openapi(title=app.title, version=app.version, routes=app.routes)


def complete(document: Document, settings: Settings) -> Document:
    """Add the problem schema, a `default` answer to every operation, and the demand for a token."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (FieldError, ProblemDocument):
        schemas[model.__name__] = _schema(model.model_json_schema())
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    components["responses"] = {"Problem": _problem_response()}
    components["securitySchemes"] = _security_schemes(settings)
    document["security"] = [{"bearer": []}]
    document["servers"] = [{"url": settings.api_url}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete_operation(path, operation)
    return document


def _schema(schema: Document) -> Document:
    schema.pop("$defs", None)
    items = schema["properties"].get("errors")
    if items is not None:
        for choice in items["anyOf"]:
            if "items" in choice:
                choice["items"] = {"$ref": "#/components/schemas/FieldError"}
    return schema


def _complete_operation(path: str, operation: Document) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    if path.startswith("/open311/"):
        operation["responses"]["default"] = _georeport_refusal(path.rpartition(".")[2])


def _georeport_refusal(form: str) -> Document:
    """The standard's own error document, or a problem document for who asks for one."""
    error = {"properties": {"code": {"type": "integer"}, "description": {"type": "string"}}}
    errors = {"type": "array", "items": {"type": "object", **error}}
    answer = _problem_response()
    own = {"json": {"application/json": {"schema": errors}}, "xml": {"text/xml": {}}}
    answer["content"] |= own.get(form, {})
    return answer


def _problem_response() -> Document:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        "description": "A problem document (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


def _security_schemes(settings: Settings) -> Document:
    discovery = f"{settings.issuer}/.well-known/openid-configuration"
    return {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "Or a bound token: `Authorization: DPoP …` and a `DPoP` proof (RFC 9449).",
        },
        "api_key": {"type": "apiKey", "in": "query", "name": "api_key"},
        "gate": {"type": "http", "scheme": "bearer"},
        "facility": {"type": "http", "scheme": "bearer"},
        "openid": {"type": "openIdConnect", "openIdConnectUrl": discovery},
    }
