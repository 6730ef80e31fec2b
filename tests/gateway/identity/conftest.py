"""The provider mounted as in the product, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.database import Database
from gateway.identity import create_app
from gateway.identity.clients import Client, ihanoi_app
from gateway.settings import Settings

from .people import PUBLIC_URL, Application, Browser, Clock

OTHER_CLIENT = Client("other-app", "Ứng dụng khác", ("https://other.test/callback",))


@pytest.fixture
def clock() -> Clock:
    """The provider's clock."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: Clock) -> Settings:
    """A sandbox behind TLS."""
    return Settings(
        data_folder=tmp_path, database_url=database_url, public_url=PUBLIC_URL, clock=clock
    )


@pytest.fixture
def transport(settings: Settings, database: Database) -> httpx.ASGITransport:
    """Reaches the provider, which knows the citizen app and another one."""
    provider = create_app(settings, database, (ihanoi_app(settings), OTHER_CLIENT))
    return httpx.ASGITransport(Starlette(routes=[Mount("/identity", provider)]))


@pytest.fixture
def new_browser(transport: httpx.ASGITransport) -> Callable[[], Browser]:
    """Makes browsers that share no cookie."""
    return lambda: Browser(transport)


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """A resident's browser."""
    return new_browser()


@pytest.fixture
def application(transport: httpx.ASGITransport) -> Application:
    """The citizen app."""
    return Application(transport)
