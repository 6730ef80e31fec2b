"""The doctor's page as it is served: what it may load, and that its words are the app's own."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.health_sharing.page_app import HERE, integrity, page_app, script


@pytest.fixture
def page() -> httpx.AsyncClient:
    """A stranger's client of the page."""
    app = Starlette(routes=[Mount("/share", page_app())])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://city.test")


async def test_the_page_allows_one_script_of_its_own_and_nothing_from_elsewhere(
    page: httpx.AsyncClient,
) -> None:
    """The key passes through this page; whatever else ran in it could take it."""
    answer = await page.get("/share/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert re.findall(r"<script[^>]*>", answer.text) == [
        f'<script src="page.js" integrity="{integrity()}" defer>'
    ]
    assert not re.search(r"https?://|style=| on\w+=", answer.text)
    assert (await page.get("/share/page.js")).content == script()


def test_the_script_writes_text_and_never_markup() -> None:
    """A record comes from anywhere."""
    said = script().decode()
    for way in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function("):
        assert way not in said
    assert not re.search(r"https?://(?!a\.test)", said)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("none", "None"),
        ("unknown", "No information yet"),
        ("high", "High"),
        ("normal", "In range"),
        ("notasked", "Nobody has asked yet"),
        ("unavailable", "The facility has no data"),
        ("notstarted", "Not recorded yet"),
        ("closed", "The list was closed"),
        ("noReason", "No facility has sent anything"),
        ("withheld", "Not part of what was shared"),
    ],
)
def test_the_page_says_what_the_app_says(key: str, message: str) -> None:
    """One word for one thing, on whichever screen a doctor and a patient look together."""
    from tests.support.locale import translated

    words = (HERE / "words.js").read_text(encoding="utf-8")
    vietnamese, english = re.findall(rf'\b{key}: "([^"]+)"', words)
    found = translated().get(message)
    assert found is not None
    assert vietnamese.lower() == str(found.string).lower()
    assert english.lower() == message.lower()


async def test_fonts_are_the_two_that_are_named(page: httpx.AsyncClient) -> None:
    """A name from outside is no path."""
    assert (await page.get("/share/fonts/BeVietnamPro_400Regular.ttf")).status_code == 200
    for name in ("OFL.txt", "..%2Fstyle.css"):
        assert (await page.get(f"/share/fonts/{name}")).status_code == 404
