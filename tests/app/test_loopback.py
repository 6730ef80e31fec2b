"""A desktop waits for the provider's answer on a port of its own, which anybody on it can call (RFC 8252)."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from app.loopback import LoopbackRedirect, parameters_of


async def call(uri: str, query: str = "", method: str = "GET") -> httpx.Response:
    """What a browser or another program sends there."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.request(method, f"{uri}{query}")


async def test_the_answer_of_this_sign_in_is_taken() -> None:
    """The resident reads that the page can be closed, and the app goes on."""
    async with LoopbackRedirect() as redirect:
        assert redirect.uri.startswith("http://127.0.0.1:")
        redirect.expect("s-1")
        shown = await call(redirect.uri, "?code=c-1&state=s-1&iss=https%3A%2F%2Fid.test")
        assert await redirect.answer() == {"code": "c-1", "state": "s-1", "iss": "https://id.test"}
    assert "Bạn có thể đóng trang này" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in shown.headers["content-security-policy"]


@pytest.mark.attack(
    "A web page that calls the desktop's port with an answer of its own", "RFC 8252 8.9"
)
@pytest.mark.parametrize(
    "query",
    ["", "?error=access_denied", "?code=evil&state=guess", "?state=", "?code=evil&state=s-1x"],
)
async def test_a_strangers_callback_neither_signs_in_nor_ends_the_sign_in(query: str) -> None:
    """The page is told nothing, and the resident's own answer still counts when it comes."""
    async with LoopbackRedirect() as redirect:
        redirect.expect("s-1")
        refused = await call(redirect.uri, query)
        assert (refused.status_code, refused.content) == (404, b"")
        await call(redirect.uri, "?code=c-1&state=s-1")
        assert (await redirect.answer())["code"] == "c-1"


async def test_before_a_sign_in_began_nothing_is_expected() -> None:
    """There is no state yet that an answer could fit."""
    async with LoopbackRedirect() as redirect:
        assert (await call(redirect.uri, "?code=evil&state=")).status_code == 404


async def test_only_the_callback_is_served_and_only_to_read() -> None:
    """No other path and no other method is anybody's business."""
    async with LoopbackRedirect() as redirect:
        redirect.expect("s-1")
        root = redirect.uri.removesuffix("/callback")
        assert (await call(root, "/other?state=s-1")).status_code == 404
        assert (await call(redirect.uri, "?state=s-1", "POST")).status_code == 404


async def test_a_second_answer_changes_nothing() -> None:
    """A browser that loads the page again must not break a sign-in that goes on."""
    async with LoopbackRedirect() as redirect:
        redirect.expect("s-1")
        await asyncio.gather(*(call(redirect.uri, f"?code=c-{n}&state=s-1") for n in range(3)))
        assert (await redirect.answer())["code"].startswith("c-")


def test_a_repeated_parameter_keeps_its_first_value() -> None:
    """What is appended to an address does not replace what the provider wrote."""
    assert parameters_of("/callback?code=a&code=b&x=1") == {"code": "a", "x": "1"}
