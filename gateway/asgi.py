"""The gateway as an ASGI application, and the city: gateway and identity provider under one
address.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from anyio import to_thread
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.routing import Mount

from gateway import (
    cards,
    certificates,
    health_records,
    health_sharing,
    inspection,
    media,
    parking,
    problems,
    service_requests,
    sessions,
    support,
    trips,
)
from gateway.access_log import routes as access_log
from gateway.certificates.serving import background
from gateway.consents import routes as consents
from gateway.database import Database
from gateway.envelope import BodyLimit, Envelope
from gateway.health_people import routes as health_people
from gateway.health_people import seeding as health_people_seeding
from gateway.health_people import serving as health_people_serving
from gateway.issuer_keys import IssuerKeys
from gateway.media_store import MediaStore
from gateway.openapi import describe
from gateway.privacy import routes as privacy
from gateway.privacy import serving as privacy_serving
from gateway.proofs import Proofs
from gateway.security import Authenticator
from gateway.settings import Settings

ROUTERS = (
    *service_requests.routers,
    media.router,
    cards.router,
    parking.router,
    inspection.router,
    trips.router,
    health_sharing.router,
    *health_records.routers,
    *health_people.routers,
    certificates.router,
    support.router,
    consents.router,
    access_log.router,
    privacy.router,
    sessions.router,
)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    issuer_transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The gateway, to be mounted under /api.

    A mounted application's lifespan is its host's to enter.

    `issuer_transport` reaches an identity provider that lives in the same process.
    """
    app = FastAPI(
        title="iHaNoi gateway",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=running,
        middleware=[Middleware(Envelope), Middleware(BodyLimit)],
    )
    equip(app, settings, database or Database(settings.database_url), issuer_transport)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    return app


def equip(
    app: FastAPI,
    settings: Settings,
    database: Database,
    issuer_transport: httpx.AsyncBaseTransport | None,
) -> None:
    """Give the application what its routes work with; whatever it worked with before is dropped."""
    keys = IssuerKeys(settings.issuer, issuer_transport)
    authenticator = Authenticator(
        keys,
        settings.issuer,
        settings.audience,
        settings.token_algorithms,
        Proofs(settings.clock),
    )
    app.state = State(
        {
            "settings": settings,
            "database": database,
            "authenticator": authenticator,
            "standing": sessions.Standing(settings, database),
            "mint_persona": None,
        }
    )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Migrate and seed, then serve with the background work beside it."""
    settings, database = app.state.settings, app.state.database
    await to_thread.run_sync(prepare, settings, database)
    app.state.media_store = MediaStore(settings.media_url)
    answering, sweeping = health_people_serving.background(app), health_sharing.sweeping(app)
    forgetting, tidying = trips.forgetting(app), support.sweeping(app)
    letting_go = privacy_serving.background(app)
    async with (
        background(app),
        service_requests.clock(app),
        answering,
        sweeping,
        forgetting,
        tidying,
        letting_go,
        sessions.watching(app),
    ):
        yield
    database.close()


def prepare(settings: Settings, database: Database) -> None:
    """What must stand before the first request: tables, and the sandbox's sample records."""
    database.migrate()
    service_requests.seed(settings, database)
    health_records.seed(settings, database)
    health_people_seeding.seed(settings, database)
    trips.seed(settings, database)


def create_city(settings: Settings) -> Starlette:
    """One process's city: the gateway under /api, the certificate check under /verify, the page
    that opens shared health links under /share, and in the sandbox the identity provider under
    /identity.

    Raises OSError when the data folder cannot be written.
    """
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    verify = Mount("/verify", certificates.verify_app(settings, database))
    share = Mount("/share", health_sharing.page_app())
    database.migrate()
    if not (settings.sandbox and settings.issuer == f"{settings.public_url}/identity"):
        return _city(create_app(settings, database=database), verify, share)
    from gateway import identity  # An installation with a real provider never loads the sandbox's.

    signing_in = identity.create_app(settings, database)
    provider = Mount("/identity", signing_in)
    transport = httpx.ASGITransport(Starlette(routes=[provider]))
    gateway = create_app(settings, database=database, issuer_transport=transport)
    gateway.state.standing.at_provider = identity.ending(settings)
    gateway.state.mint_persona = identity.minting(signing_in.state.provider)
    return _city(gateway, provider, verify, share)


def _city(gateway: FastAPI, *others: Mount) -> Starlette:
    @asynccontextmanager
    async def lifespan(city: Starlette) -> AsyncIterator[None]:
        async with running(gateway):
            yield

    api = Mount("/api", gateway)
    # An address with a line break is refused by the gateway, too, in the form of its own standard.
    api.path_regex = re.compile(api.path_regex.pattern, re.DOTALL)
    return Starlette(
        routes=[api, *others],
        lifespan=lifespan,
        exception_handlers={404: problems.answer},
    )
