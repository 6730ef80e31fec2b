"""The OpenAPI document: every operation demands a token unless it says otherwise, every refusal
has a shape.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gateway.problems import MEDIA_TYPE, FieldError, ProblemDocument
from gateway.settings import Settings

Document = dict[str, Any]


def describe(app: FastAPI, settings: Settings) -> None:
    """Make the application's own document the complete one."""
    document: Document = {}

    def openapi() -> Document:
        if not document:
            document.update(complete(_routes(app), settings))
        return document

    app.openapi = openapi  # type: ignore[method-assign]


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
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete_operation(operation)
    return document


def _schema(schema: Document) -> Document:
    schema.pop("$defs", None)
    items = schema["properties"].get("errors")
    if items is not None:
        for choice in items["anyOf"]:
            if "items" in choice:
                choice["items"] = {"$ref": "#/components/schemas/FieldError"}
    return schema


def _complete_operation(operation: Document) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}


def _problem_response() -> Document:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        "description": "A problem document (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


def _security_schemes(settings: Settings) -> Document:
    discovery = f"{settings.issuer}/.well-known/openid-configuration"
    return {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "openid": {"type": "openIdConnect", "openIdConnectUrl": discovery},
    }
