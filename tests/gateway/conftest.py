"""What every gateway test stands on: both databases, the mounted gateway, and a tiny issuer of
valid tokens.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from gateway.asgi import create_app, equip, running
from gateway.database import Database
from gateway.settings import Settings
from tests.support import postgres
from tests.support.consents import agree_to_everything, sandbox_subjects

PUBLIC_URL = "http://city.test"
ISSUER = f"{PUBLIC_URL}/identity"
RESIDENT = "test-minh-anh"
STRANGER = "test-gia-huy"
ASKED_BEFORE = (RESIDENT, STRANGER)
"""Who has agreed to every purpose before a test begins, with the people of the sandbox."""
FRESH_WHENEVER = 4_102_444_800
"""The second of a sign-in that is fresh whatever a city's moved clock says."""


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test whose answer no database can change."""
POSTGRES_TOO = os.environ.get("IHANOI_TEST_POSTGRES") == "1"
"""Whether everything that touches rows runs on both databases: `make check` does, and so does CI."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the databases of a test: both, or in the short run SQLite, but for what is marked
    `postgresql` because its statements differ there.
    """
    if "database_url" not in metafunc.fixturenames:
        return
    marks = metafunc.definition.iter_markers("parametrize")
    if any("database_url" in mark.args[0] for mark in marks):
        return
    both = POSTGRES_TOO or metafunc.definition.get_closest_marker("postgresql")
    kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
    metafunc.parametrize("database_url", kinds, indirect=True)


class TokenFor(Protocol):
    """Makes a valid access token of the test issuer; any claim or header can be replaced, or
    removed with None.
    """

    def __call__(
        self,
        sub: str = RESIDENT,
        scope: str = "reports",
        acr: str = "loa2",
        roles: tuple[str, ...] = (),
        *,
        header: dict[str, Any] | None = None,
        key: Any = None,
        **claims: Any,
    ) -> str: ...


# Databases


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a migrated PostgreSQL database, one server for the whole run."""
    with postgres.serving() as url:
        _migrate(url)
        yield url


@pytest.fixture(scope="session")
def postgres_sweeper(postgres_url: str) -> Iterator[Engine]:
    """A connection that empties the PostgreSQL database between tests."""
    _agree(postgres_url)
    engine = Database(postgres_url).engine
    postgres.keep_as_beginning(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    _migrate(f"sqlite:///{file}")
    _agree(f"sqlite:///{file}")
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database, of each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "gateway.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    postgres.begin_anew(request.getfixturevalue("postgres_sweeper"))
    yield request.getfixturevalue("postgres_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, SQLite and PostgreSQL in turn."""
    database = Database(database_url)
    yield database
    database.close()


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _agree(url: str) -> None:
    """Most stories begin after their residents were asked; those of tests/gateway/consents do not."""
    database = Database(url)
    database.run_here(lambda db: agree_to_everything(db, (*ASKED_BEFORE, *sandbox_subjects())))
    database.close()


# The application


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a city without sample records; a folder of tests may override this fixture."""
    return Settings(
        data_folder=tmp_path, database_url=database_url, public_url=PUBLIC_URL, sandbox=False
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> FastAPI:
    """The gateway, with the test issuer behind its authenticator: add no routes to this one."""
    return equipped(settings, database)


@pytest.fixture
def own_app(settings: Settings, database: Database) -> FastAPI:
    """A gateway of the test's own, to which it may add routes."""
    return make_app(settings, database)


def equipped(settings: Settings, database: Database) -> FastAPI:
    """The shared application over these settings, as if nobody had used it before."""
    kept = kept_app(settings.public_url, settings.issuer)
    kept.dependency_overrides.clear()
    equip(kept, settings, database, httpx.ASGITransport(issuer_app()))
    return kept


@cache
def kept_app(public_url: str, issuer: str) -> FastAPI:
    """The one application all tests share: building its routes takes longer than most tests."""
    nowhere = Settings(Path("/nonexistent"), public_url=public_url, issuer=issuer)
    return create_app(nowhere)


def make_app(settings: Settings, database: Database) -> FastAPI:
    """The gateway over these settings, with the test issuer behind its authenticator."""
    transport = httpx.ASGITransport(issuer_app())
    return create_app(settings, database=database, issuer_transport=transport)


@asynccontextmanager
async def connect(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running gateway, mounted under /api as in the product."""
    host = Starlette(routes=[Mount("/api", app)])
    async with running(app):
        transport = httpx.ASGITransport(host)
        # As the app asks: problem documents, where GeoReport has error documents of its own.
        headers = {"Accept": "application/json, application/problem+json"}
        base_url = f"{PUBLIC_URL}/api"
        async with httpx.AsyncClient(
            transport=transport, base_url=base_url, headers=headers
        ) as client:
            yield client


@pytest_asyncio.fixture
async def gateway(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token: add `headers=headers_for(sub, scope)`."""
    async with connect(app) as client:
        yield client


# The issuer


@cache
def signing_key() -> ec.EllipticCurvePrivateKey:
    """The test issuer's key, the same for the whole run."""
    return ec.generate_private_key(ec.SECP256R1())


def issuer_app() -> Starlette:
    """The two documents a resource server reads from its issuer."""
    return Starlette(
        routes=[
            Route("/identity/.well-known/openid-configuration", _discovery),
            Route("/identity/jwks", _jwks),
        ]
    )


async def _discovery(request: Request) -> JSONResponse:
    return JSONResponse({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"})


async def _jwks(request: Request) -> JSONResponse:
    key = jwt.algorithms.ECAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
    return JSONResponse({"keys": [{**key, "kid": "test", "use": "sig", "alg": "ES256"}]})


@pytest.fixture
def token_for() -> TokenFor:
    """Makes access tokens the gateway accepts, unless a claim is made wrong on purpose."""
    return make_token


def make_token(
    sub: str = RESIDENT,
    scope: str = "reports",
    acr: str = "loa2",
    roles: Any = (),
    *,
    header: dict[str, Any] | None = None,
    key: Any = None,
    **claims: Any,
) -> str:
    """A signed at+jwt; `header` and `claims` replace what is usual, None removes it."""
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": "ihanoi-gateway",
        "sub": sub,
        "scope": scope,
        "acr": acr,
        "roles": list(roles) if isinstance(roles, tuple) else roles,
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
        "sid": f"sign-in-of-{sub}",
        "jti": uuid4().hex,
        "client_id": "ihanoi-app",
    }
    payload = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    headers = {"kid": "test", "typ": "at+jwt", **(header or {})}
    algorithm = headers.pop("alg", "ES256")
    return jwt.encode(payload, key or signing_key(), algorithm=algorithm, headers=headers)


class HeadersFor(Protocol):
    """Makes the request headers that carry an access token; takes what `TokenFor` takes."""

    def __call__(
        self, sub: str = RESIDENT, scope: str = "reports", **more: Any
    ) -> dict[str, str]: ...


@pytest.fixture
def headers_for() -> HeadersFor:
    """The headers of a resident: `headers=headers_for("test-gia-huy", "health")`."""
    return make_headers


def make_headers(sub: str = RESIDENT, scope: str = "reports", **more: Any) -> dict[str, str]:
    """The Authorization header with a fresh token."""
    return {"Authorization": f"Bearer {make_token(sub, scope, **more)}"}
