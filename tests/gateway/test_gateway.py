"""The gateway as a whole: every answer's shape, whatever was asked."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from gateway.asgi import ROUTERS
from gateway.database import Database
from gateway.settings import Settings
from tests.gateway.conftest import ISSUER, HeadersFor, connect, make_app

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PLACEHOLDERS = {
    "{service_code}": "pothole",
    "{service_request_id}": "HN-2611-00001",
    "{media_id}": "0" * 32,
    "{resource_type}": "Observation",
}


PUBLIC_OPERATIONS = {
    *(
        f"GET /open311/v2/{path}.{ending}"
        for path in (
            "discovery",
            "services",
            "services/{service_code}",
            "requests",
            "requests/{service_request_id}",
            "tokens/{token}",
        )
        for ending in ("json", "xml")
    ),
    "GET /reports/nearby",
    "GET /reports/public/{service_request_id}",
    "GET /reports/similar",
    "GET /media/{media_id}/public.jpg",
    "GET /gate/keys",
    "GET /gate/deny",
    "GET /gate/v1/keys",
    "GET /gate/v1/deny",
    "GET /fhir/R4/metadata",
    "GET /fhir/R4/.well-known/smart-configuration",
    "POST /shl/{token}",
    "GET /shl/{token}",
    "OPTIONS /shl/{token}",
    "GET /shl/files/{ticket}",
    "POST /certificates/v1/verify",
    "GET /certificates/v1/sandbox-root.pem",
    "GET /certificates/v1/issuer-keys",
    "GET /certificates/v1/status-lists/{number}",
    "POST /certificates/v1/payments/callback",
    "POST /certificates/v1/presentations/check",
    "GET /privacy/erasures/{erasure_id}",
    "POST /sessions/erased",
    "GET /privacy/purposes",
}
"""What anyone may ask without a token. A line added here is a decision."""

REFUSALS = {"application/problem+json", "application/fhir+json", "text/xml; charset=utf-8"}
"""A problem document, or FHIR's own shape of one."""


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    """Every route below the router, also of routers it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router)


def every_route() -> list[tuple[str, APIRoute]]:
    """Method and route of all the gateway serves."""
    routes = [route for router in ROUTERS for route in routes_of(router)]
    return [(method, route) for route in routes for method in sorted(route.methods or ())]


def as_a_sandbox(app: FastAPI) -> None:
    """Let the application be the sandbox's, where more operations exist."""
    app.state.settings = replace(app.state.settings, sandbox=True)


async def test_every_route_refuses_a_stranger(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """A new route cannot be open by oversight: it stands in the list above or it demands a token."""
    as_a_sandbox(app)
    guarded = [
        (method, route)
        for method, route in every_route()
        if f"{method} {route.path}" not in PUBLIC_OPERATIONS
    ]
    assert len(guarded) >= 15
    for method, route in guarded:
        filled = re.sub(r"\{[\w:]+\}", lambda found: PLACEHOLDERS.get(found[0], "1"), route.path)
        answer = await gateway.request(method, filled)
        if route.include_in_schema:
            assert answer.status_code == 401, (method, route.path)
            assert answer.headers["www-authenticate"].startswith("Bearer"), (method, route.path)
        else:
            assert answer.status_code in {401, 404, 405}, (method, route.path)
        assert answer.headers["content-type"] in REFUSALS, (method, route.path)


def test_the_document_says_of_every_operation_whether_it_is_public(app: FastAPI) -> None:
    """Where the document and the code disagree, a client would send tokens where none belong."""
    described = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        if operation.get("security") == []
    }
    assert described == PUBLIC_OPERATIONS


async def test_the_openapi_document_is_public_and_says_what_refusals_look_like(
    gateway: httpx.AsyncClient,
) -> None:
    """Another city's engineers build against this document alone."""
    document = (await gateway.get("/openapi.json")).json()
    assert document["security"] == [{"bearer": []}]
    schemes = document["components"]["securitySchemes"]
    assert schemes["openid"]["openIdConnectUrl"] == f"{ISSUER}/.well-known/openid-configuration"
    assert "reference" in document["components"]["schemas"]["ProblemDocument"]["required"]
    assert document["components"]["schemas"]["FieldError"]
    problem = document["components"]["responses"]["Problem"]["content"]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            said = operation["responses"]["default"]
            # GeoReport's operations have the standard's own error documents beside it.
            own = path.startswith("/open311/") and problem.items() <= said["content"].items()
            assert said == {"$ref": "#/components/responses/Problem"} or own, path


async def test_every_reference_in_the_openapi_document_leads_somewhere(app: FastAPI) -> None:
    """A document that points nowhere breaks every generator that reads it."""
    document = app.openapi()
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(document))):
        place: Any = document
        for part in reference.split("/"):
            place = place[part]


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/open311/v2/services/no-such-service.json", 404, "not-found"),
        ("DELETE", "/open311/v2/services.json", 405, "method-not-allowed"),
    ],
)
async def test_a_refusal_is_a_problem_document(
    gateway: httpx.AsyncClient, method: str, path: str, status: int, slug: str
) -> None:
    """The app explains every refusal from one shape; a page of HTML would look like a crash."""
    answer = await gateway.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"/problems/{slug}", status)
    assert problem["reference"] == answer.headers["x-request-id"]


async def test_a_wrong_method_names_all_the_right_ones(gateway: httpx.AsyncClient) -> None:
    """RFC 9110 demands the whole list, also where two routes share a path."""
    answer = await gateway.delete("/open311/v2/requests.json")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


async def test_every_answer_carries_the_safe_headers(
    gateway: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Private answers stay out of caches, and no answer can be framed or sniffed."""
    mine = await gateway.get("/reports/mine", headers=headers_for())
    for answer in (mine, await gateway.get("/nowhere")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["date"].endswith("GMT")


@pytest.mark.parametrize("offered", ["abc-12345678", "x" * 65, "a\nb", "<script>alert(1)</script>"])
async def test_a_request_id_from_outside_is_kept_only_when_harmless(
    gateway: httpx.AsyncClient, offered: str
) -> None:
    """The id is written to logs and shown to residents, so it cannot carry anything else."""
    answer = await gateway.get("/nowhere", headers={"X-Request-Id": offered})
    is_kept = answer.headers["x-request-id"] == offered
    assert is_kept == (offered == "abc-12345678")


async def test_an_unexpected_error_shows_a_reference_and_no_text(
    own_app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    """An error's text can hold what a resident wrote; neither the answer nor the log may repeat it."""

    @own_app.get("/broken", openapi_extra={"security": []})
    async def broken() -> None:
        raise RuntimeError("số căn cước 001188990001")

    with caplog.at_level(logging.DEBUG):
        async with connect(own_app) as client:
            answer = await client.get("/broken")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal"
    assert answer.json()["reference"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "001188990001" not in caplog.text + answer.text


async def test_a_body_over_the_limit_is_refused_by_its_declared_length(
    settings: Settings, database: Database, headers_for: HeadersFor
) -> None:
    """A body nobody will read is refused before it is sent."""
    async with connect(make_app(replace(settings, body_limit=1000), database)) as client:
        answer = await client.post(
            "/open311/v2/requests.json", headers=headers_for(), data={"description": "x" * 2000}
        )
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"


async def test_a_body_over_the_limit_is_refused_while_it_streams(
    settings: Settings, database: Database, headers_for: HeadersFor
) -> None:
    """A sender that hides the length cannot fill the memory."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"description=" + b"x" * 500 + b"&"

    headers = {**headers_for(), "content-type": "application/x-www-form-urlencoded"}
    async with connect(make_app(replace(settings, body_limit=5000), database)) as client:
        answer = await client.post("/open311/v2/requests.json", headers=headers, content=endless())
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"
    assert sent < 20


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"not a part", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 100, 400),
        ("application/x-www-form-urlencoded", b"description=" + b"x" * 40_000, 400),
        ("application/json", b"{", 415),
        ("", b"", 415),
    ],
)
async def test_a_broken_body_is_a_problem_document(
    gateway: httpx.AsyncClient,
    headers_for: HeadersFor,
    content_type: str,
    body: bytes,
    status: int,
) -> None:
    """Broken bodies come from broken networks every day; none may look like our failure."""
    headers = headers_for() | ({"content-type": content_type} if content_type else {})
    answer = await gateway.post("/open311/v2/requests.json", headers=headers, content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_broken_json_is_a_problem_document(own_app: FastAPI) -> None:
    """Features that take JSON answer a broken body in the same shape, without quoting it."""

    @own_app.post("/echo", openapi_extra={"security": []})
    async def echo(item: dict[str, str]) -> None:
        return None

    async with connect(own_app) as client:
        headers = {"content-type": "application/json"}
        broken = await client.post("/echo", content=b'{"phone": 09', headers=headers)
        wrong = await client.post("/echo", json={"phone": 900000001})
    assert (broken.status_code, wrong.status_code) == (400, 422)
    assert broken.json()["type"] == "/problems/malformed-body"
    assert wrong.json()["errors"][0]["field"] == "phone"
    assert "900000001" not in wrong.text
