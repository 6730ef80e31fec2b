"""The gateway as an ASGI application, and the city: gateway and identity provider under one address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec

import httpx
from anyio import to_thread
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from gateway import problems
from gateway.database import Database
from gateway.envelope import BodyLimit, Envelope
from gateway.issuer_keys import IssuerKeys
from gateway.openapi import describe
from gateway.security import Authenticator
from gateway.settings import Settings

FEATURES = ("service_requests", "media", "cards", "health_records", "certificates")
"""The modules whose `router` the gateway serves."""


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    issuer_transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The gateway, to be mounted under /api. Enter `running(app)` before the first request.

    `issuer_transport` reaches an identity provider that lives in the same process.
    """
    app = FastAPI(
        title="iHaNoi gateway",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=running,
        middleware=[Middleware(Envelope), Middleware(BodyLimit, limit=settings.body_limit)],
    )
    app.state.settings = settings
    app.state.database = database or Database(settings.database_url)
    keys = IssuerKeys(settings.issuer, issuer_transport)
    app.state.authenticator = Authenticator(
        keys, settings.issuer, settings.audience, settings.token_algorithms
    )
    problems.install(app)
    _include_features(app)
    describe(app, settings)
    return app


def _include_features(app: FastAPI) -> None:
    for feature in FEATURES:
        if find_spec(f"gateway.{feature}") is not None:
            router = getattr(import_module(f"gateway.{feature}"), "router", None)
            if router is not None:
                app.include_router(router)


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Migrate and seed, then serve. A mounted application's lifespan is its host's to enter: enter this one."""
    await to_thread.run_sync(prepare, app.state.settings, app.state.database)
    yield


def prepare(settings: Settings, database: Database) -> None:
    """Everything that must stand before the first request: folders, tables and the sandbox's sample records."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    database.migrate()


def create_city(settings: Settings) -> Starlette:
    """One process's city: the gateway under /api and, in the sandbox, its identity provider under /identity."""
    database = Database(settings.database_url)
    if not settings.sandbox:
        gateway = create_app(settings, database=database)
        return _city(gateway)
    identity = import_module("gateway.identity").create_app(settings, database)
    own_issuer = httpx.ASGITransport(Starlette(routes=[Mount("/identity", identity)]))
    gateway = create_app(settings, database=database, issuer_transport=own_issuer)
    return _city(gateway, Mount("/identity", identity))


def _city(gateway: FastAPI, *others: Mount) -> Starlette:
    @asynccontextmanager
    async def lifespan(city: Starlette) -> AsyncIterator[None]:
        async with running(gateway):
            yield

    return Starlette(routes=[Mount("/api", gateway), *others], lifespan=lifespan)
