"""One Chromium for all browser tests; without one they skip, or fail under REQUIRE_BROWSER=1."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .browser import find_chromium, launched
from .server import Product


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    executable = find_chromium()
    if executable is None:
        reason = "no Chromium is installed (apt-get install chromium)"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason}, and REQUIRE_BROWSER=1 asks for one")
        pytest.skip(reason)
    with launched(executable) as browser:
        yield browser


@pytest.fixture(autouse=True)
def nobody_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close every resident's browser after each test: pages left open go on drawing and asking."""
    yield
    if "chromium" in request.fixturenames:
        for context in request.getfixturevalue("chromium").contexts:
            context.close()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, started once for all browser journeys."""
    product = Product(tmp_path_factory.mktemp("product")).start()
    yield product
    product.stop()
