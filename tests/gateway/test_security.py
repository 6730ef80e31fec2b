"""Access tokens: which ones open the gateway, and what a refusal tells the app to do."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import Depends, FastAPI

from gateway.issuer_keys import MAX_AGE_SECONDS, REFETCH_SECONDS, RETRY_SECONDS, IssuerKeys
from gateway.problems import Problem
from gateway.security import Caller, resident
from tests.gateway.conftest import (
    ISSUER,
    HeadersFor,
    TokenFor,
    connect,
    issuer_app,
    make_headers,
    on_sqlite,
)


@pytest_asyncio.fixture
async def guarded(own_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway with a route that wants scope, level and role."""

    @own_app.get("/guarded")
    async def show(
        caller: Annotated[Caller, Depends(resident(scope="reports", acr="loa2", role="officer"))],
    ) -> str:
        return caller.subject

    async with connect(own_app) as client:
        yield client


@on_sqlite
async def test_a_valid_token_opens_the_gateway(
    guarded: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Without this every refusal below would pass for the wrong reason."""
    headers = headers_for("test-quan", "openid reports", roles=("officer",))
    answer = await guarded.get("/guarded", headers=headers)
    assert (answer.status_code, answer.json()) == (200, "test-quan")


@on_sqlite
async def test_the_gateway_knows_which_sign_in_a_token_came_from_and_when(
    own_app: FastAPI, headers_for: HeadersFor
) -> None:
    """A list of sign-ins names one by its `sid`; a fresh sign-in is told by its `auth_time`."""

    @own_app.get("/sign-in-of-caller")
    async def show(caller: Annotated[Caller, Depends(resident())]) -> tuple[Any, Any]:
        return caller.sid, caller.auth_time

    async def seen(**claims: Any) -> Any:
        answer = await client.get("/sign-in-of-caller", headers=headers_for(**claims))
        return answer.json()

    async with connect(own_app) as client:
        assert await seen(sid="one-sign-in", auth_time=NOW) == ["one-sign-in", NOW]
        assert await seen(sid=None, auth_time=None) == [None, None]
        assert await seen(auth_time="yesterday") == ["sign-in-of-test-minh-anh", None]


NOW = int(time.time())
WRONG_TOKENS: list[Any] = [
    pytest.param(
        {"exp": NOW - 60},
        marks=pytest.mark.attack("An access token that ran out", "RFC 9068 4"),
        id="expired",
    ),
    pytest.param({"iat": NOW + 86_400}, id="from the future"),  # Longer than any run of the suite.
    pytest.param(
        {"iss": "https://elsewhere.test"},
        marks=pytest.mark.attack("An access token of another issuer", "RFC 9068 4"),
        id="of another issuer",
    ),
    pytest.param(
        {"aud": "another-service"},
        marks=pytest.mark.attack("An access token for another service", "RFC 9700 4.10.2"),
        id="for another service",
    ),
    pytest.param({"exp": None}, id="without an expiry"),
    pytest.param({"sub": ""}, id="without a subject"),
    pytest.param({"client_id": None}, id="without a client"),
    pytest.param({"jti": None}, id="without an id"),
    pytest.param({"roles": {"officer": 1}}, id="with roles that are no list"),
    pytest.param(
        {"header": {"typ": "JWT"}},
        marks=pytest.mark.attack("An ID token at the gateway", "RFC 8725 3.12"),
        id="that is an ID token",
    ),
    pytest.param(
        {"header": {"kid": "other"}},
        marks=pytest.mark.attack("An access token with an unknown key id", "RFC 8725 3.10"),
        id="signed by an unknown key",
    ),
    pytest.param(
        {"key": ec.generate_private_key(ec.SECP256R1())},
        marks=pytest.mark.attack(
            "An access token with a known key id and another key", "RFC 8725 3.3"
        ),
        id="signed by another key of that name",
    ),
    pytest.param(
        {"header": {"alg": "HS256"}, "key": "x" * 32},
        marks=pytest.mark.attack("An access token signed with a shared secret", "RFC 8725 3.1"),
        id="signed with a shared secret",
    ),
]


@on_sqlite
@pytest.mark.parametrize("wrong", WRONG_TOKENS)
async def test_a_wrong_token_is_refused(
    guarded: httpx.AsyncClient, headers_for: HeadersFor, wrong: dict[str, Any]
) -> None:
    """Each of these is how a token stolen, forged or meant for others would look."""
    claims = {"sub": "test-quan", "roles": ("officer",), **wrong}
    answer = await guarded.get("/guarded", headers=headers_for(**claims))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["type"] == "/problems/sign-in-required"


@on_sqlite
@pytest.mark.parametrize("header", ["Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer  a b"])
async def test_no_token_at_all_is_a_401(guarded: httpx.AsyncClient, header: str) -> None:
    """The app signs in again on 401; any other status would leave the resident stuck."""
    answer = await guarded.get("/guarded", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.attack("An unsigned access token", "RFC 8725 3.1")
@on_sqlite
async def test_an_unsigned_token_is_refused(
    guarded: httpx.AsyncClient, token_for: TokenFor
) -> None:
    """`alg: none` is the oldest forgery of all."""
    payload = token_for("test-quan", roles=("officer",)).split(".")[1]
    forged = f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0Iiwia2lkIjoidGVzdCJ9.{payload}."
    answer = await guarded.get("/guarded", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


@pytest.mark.attack("Level 2 data with a level 1 sign-in", "RFC 9470 3")
@on_sqlite
async def test_a_low_identity_level_is_told_which_one_it_needs(
    guarded: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """The app offers the step-up sign-in from `acr_values` (RFC 9470)."""
    headers = headers_for("test-quan", acr="loa1", roles=("officer",))
    answer = await guarded.get("/guarded", headers=headers)
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge
    assert 'acr_values="loa2"' in challenge
    assert answer.json()["acr_values"] == "loa2"


@on_sqlite
async def test_an_old_sign_in_is_told_how_fresh_it_must_be(own_app: FastAPI) -> None:
    """A phone left on a table for an hour must not hand out a health record (RFC 9470)."""

    @own_app.get("/fresh")
    async def show(
        caller: Annotated[Caller, Depends(resident(scope="reports", max_age=600))],
    ) -> str:
        return caller.subject

    async with connect(own_app) as client:
        old = await client.get("/fresh", headers=make_headers(auth_time=NOW - 3600))
        unknown = await client.get("/fresh", headers=make_headers(auth_time=None))
        new = await client.get("/fresh", headers=make_headers())
    assert new.status_code == 200
    for answer in (old, unknown):
        assert answer.status_code == 401
        challenge = answer.headers["www-authenticate"]
        assert 'error="insufficient_user_authentication"' in challenge
        assert 'max_age="600"' in challenge
        assert (answer.json()["type"], answer.json()["max_age"]) == (
            "/problems/step-up-required",
            600,
        )


@on_sqlite
async def test_an_unknown_identity_level_reaches_nothing(
    guarded: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """A level nobody has defined must not count as the highest."""
    headers = headers_for("test-quan", acr="loa9", roles=("officer",))
    assert (await guarded.get("/guarded", headers=headers)).status_code == 401


@pytest.mark.attack("A token without the scope or role", "RFC 6750 3.1")
@on_sqlite
async def test_a_missing_scope_or_role_is_not_permitted(
    guarded: httpx.AsyncClient, headers_for: HeadersFor
) -> None:
    """Signing in again would not help here, so it is 403 and not 401."""
    without_scope = await guarded.get(
        "/guarded", headers=headers_for("test-quan", "openid", roles=("officer",))
    )
    without_role = await guarded.get("/guarded", headers=headers_for("test-quan"))
    assert (without_scope.status_code, without_role.status_code) == (403, 403)
    assert 'scope="reports"' in without_scope.headers["www-authenticate"]
    assert without_role.json()["type"] == "/problems/missing-role"


def test_a_caller_is_never_printed_with_their_subject() -> None:
    """A log line that prints the caller must not say who it was."""
    caller = Caller("test-quan", "loa2", frozenset(), frozenset(), "ihanoi-app")
    assert "test-quan" not in repr(caller)


class Clock:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        """The present second."""
        return self.now


class CountingTransport(httpx.AsyncBaseTransport):
    """The test issuer, which can go away; counts what is asked of it."""

    def __init__(self) -> None:
        self.asked, self.is_away = 0, False
        self._issuer = httpx.ASGITransport(issuer_app())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail like a network does."""
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("away", request=request)
        return await self._issuer.handle_async_request(request)


async def test_the_issuers_keys_are_fetched_once() -> None:
    """Two requests to the issuer for each request of ours would double every waiting time."""
    issuer, clock = CountingTransport(), Clock()
    keys = IssuerKeys(ISSUER, issuer, clock)
    found = [await keys.find("test") for _ in range(5)]
    assert all(found)
    assert issuer.asked == 2


async def test_a_new_key_of_the_issuer_is_found_but_strangers_cannot_make_us_ask_often() -> None:
    """Key rotation must work at once, and forged key ids must not become a flood."""
    issuer, clock = CountingTransport(), Clock()
    keys = IssuerKeys(ISSUER, issuer, clock)
    await keys.find("test")
    for _ in range(20):
        assert await keys.find("forged") is None
    assert issuer.asked == 2
    clock.now += REFETCH_SECONDS + 1
    await keys.find("forged")
    assert issuer.asked == 4


async def test_old_keys_serve_while_the_issuer_is_away() -> None:
    """A resident who is signed in keeps working through an outage of the identity provider."""
    issuer, clock = CountingTransport(), Clock()
    keys = IssuerKeys(ISSUER, issuer, clock)
    await keys.find("test")
    issuer.is_away = True
    clock.now += MAX_AGE_SECONDS + 1
    assert await keys.find("test") is not None


async def test_an_issuer_that_was_never_reached_is_a_503_and_is_asked_again() -> None:
    """It is our outage and not the resident's token, so it must not sign them out."""
    issuer, clock = CountingTransport(), Clock()
    issuer.is_away = True
    keys = IssuerKeys(ISSUER, issuer, clock)
    with pytest.raises(Problem) as refused:
        await keys.find("test")
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "1")
    issuer.is_away = False
    clock.now += RETRY_SECONDS + 0.1
    assert await keys.find("test") is not None


async def test_a_discovery_document_of_another_issuer_is_not_believed() -> None:
    """Mixed-up providers are how one provider's tokens are accepted as another's."""
    keys = IssuerKeys(f"{ISSUER}-other", _Redirected(httpx.ASGITransport(issuer_app())), Clock())
    with pytest.raises(Problem):
        await keys.find("test")


class _Redirected(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.ASGITransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = httpx.URL(str(request.url).replace("identity-other", "identity"))
        return await self._inner.handle_async_request(request)
