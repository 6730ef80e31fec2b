"""Families of tokens, on both databases: each works once, and a second use ends the whole family."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from .people import Application, Browser


async def test_two_residents_never_see_each_other(
    application: Application, browser: Browser, new_browser: Callable[[], Browser]
) -> None:
    """Signed in side by side, refreshed and signed out in turn, each token stays its owner's."""
    keys = ("nguyen-minh-anh", "tran-gia-huy")
    held = {key: await application.tokens(new_browser(), key) for key in keys}
    for key in keys:
        held[key] = (await application.refresh(held[key]["refresh_token"])).json()
    for key in keys:
        who = await application.userinfo(held[key]["access_token"])
        assert who.json()["sub"] == f"sandbox-{key}"
    await application.post("revoke", token=held[keys[0]]["refresh_token"])
    assert (await application.userinfo(held[keys[0]]["access_token"])).status_code == 401
    assert (await application.userinfo(held[keys[1]]["access_token"])).status_code == 200
    assert (await application.refresh(held[keys[1]]["refresh_token"])).status_code == 200


@pytest.mark.attack("Redeeming a code a second time", "RFC 9700 4.2.4")
async def test_a_code_works_once_and_its_reuse_ends_what_came_of_it(
    application: Application, browser: Browser
) -> None:
    """A code shown twice was stolen by one of the two."""
    code = await application.code(browser, "nguyen-minh-anh")
    tokens = (await application.redeem(code)).json()
    again = await application.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await application.userinfo(tokens["access_token"])).status_code == 401
    refused = await application.refresh(tokens["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.attack("Redeeming one code four times at once", "RFC 6749 10.5")
async def test_a_code_shown_twice_at_the_same_moment_gives_nothing_lasting(
    application: Application, browser: Browser
) -> None:
    """Two processes must not both find the code unused."""
    code = await application.code(browser, "nguyen-minh-anh")
    answers = await asyncio.gather(*(application.redeem(code) for _ in range(4)))
    given = [a.json() for a in answers if a.status_code == 200]
    assert len(given) == 1
    refused = await application.refresh(given[0]["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.attack("Using a refresh token a second time", "RFC 9700 4.14.2")
async def test_a_reused_refresh_token_ends_its_family(
    application: Application, browser: Browser
) -> None:
    """Of two holders of one refresh token one is a thief: neither goes on."""
    first = await application.tokens(browser, "nguyen-minh-anh")
    second = (await application.refresh(first["refresh_token"])).json()
    reused = await application.refresh(first["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert (await application.refresh(second["refresh_token"])).status_code == 400
    assert (await application.userinfo(second["access_token"])).status_code == 401


@pytest.mark.attack("Using one refresh token four times at once", "RFC 9700 4.14.2")
async def test_one_refresh_token_sent_twice_at_once_gives_nothing_lasting(
    application: Application, browser: Browser
) -> None:
    """Two processes must not both find it unused."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    token = tokens["refresh_token"]
    answers = await asyncio.gather(*(application.refresh(token) for _ in range(4)))
    given = [a.json()["refresh_token"] for a in answers if a.status_code == 200]
    assert len(given) == 1
    assert (await application.refresh(given[0])).status_code == 400


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_revoking_either_token_ends_the_sign_in(
    application: Application, browser: Browser, kind: str
) -> None:
    """Signing out in the app is final at the provider."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert (await application.post("revoke", token=tokens[kind])).status_code == 200
    assert (await application.refresh(tokens["refresh_token"])).status_code == 400
    assert (await application.userinfo(tokens["access_token"])).status_code == 401
