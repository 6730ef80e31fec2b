"""Staying signed in: renewal, outages, windows side by side, and signing out."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from services.errors import (
    GatewayUnavailable,
    Offline,
    ServiceError,
    SignInRequired,
)
from services.tokens import Tokens
from tests.services.signed_in import House
from tests.services.twins import ISSUER, key_of


async def test_a_restarted_app_is_still_signed_in_without_a_network() -> None:
    """The card is shown in the tunnel."""
    house = House()
    person = await house.sign_in()
    house.provider.cut = True
    later = house.window()
    assert await later.resume() == person
    assert await later.access_token() == "a-1"
    assert await House().window().resume() is None


async def test_a_token_is_renewed_half_a_minute_early() -> None:
    """A request must not arrive with a token that died on the way."""
    house = House()
    await house.sign_in()
    house.time.now += 269
    assert await house.identity.access_token() == "a-1"
    house.time.now += 2
    assert await house.identity.access_token() == "a-2"
    assert house.store.tokens is not None
    assert house.store.tokens.refresh_token == "r-2"


async def test_ten_requests_at_once_refresh_once() -> None:
    """A refresh token used twice kills the whole session."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    tokens = await asyncio.gather(*(house.identity.access_token() for _ in range(10)))
    assert set(tokens) == {"a-2"}
    assert house.provider.calls.count("token") == 2


async def test_two_windows_refresh_once() -> None:
    """Two windows share the store and the lock; neither may use the other's old token."""
    house = House()
    await house.sign_in()
    other = house.window()
    await other.resume()
    house.time.now += 1000
    tokens = await asyncio.gather(house.identity.access_token(), other.access_token())
    assert set(tokens) == {"a-2"}
    assert house.provider.calls.count("token") == 2


async def test_leaving_a_screen_does_not_lose_the_new_refresh_token() -> None:
    """The old one is spent: losing the answer would sign the resident out."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    under_way = asyncio.Event()

    async def slow() -> None:
        under_way.set()
        await asyncio.sleep(0.02)

    house.provider.pause = slow
    asking = asyncio.create_task(house.identity.access_token())
    await under_way.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.sleep(0.05)
    assert house.store.tokens is not None
    assert house.store.tokens.refresh_token == "r-2"
    assert await house.identity.access_token() == "a-2"


@pytest.mark.parametrize(("trouble", "kind"), [("down", GatewayUnavailable), ("cut", Offline)])
async def test_an_outage_of_the_provider_signs_nobody_out(
    trouble: str, kind: type[ServiceError]
) -> None:
    """A million residents must not have to sign in again after a bad minute."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    setattr(house.provider, trouble, True)
    with pytest.raises(kind):
        await house.identity.access_token()
    setattr(house.provider, trouble, False)
    assert await house.identity.access_token() == "a-2"


async def test_a_misunderstanding_with_the_provider_signs_nobody_out() -> None:
    """Only `invalid_grant` says that the session is over."""
    house = House(refresh_error=None)
    await house.sign_in()
    house.time.now += 1000
    house.provider.refresh_error = "invalid_client"
    with pytest.raises(GatewayUnavailable):
        await house.identity.access_token()
    assert house.store.tokens is not None


async def test_a_session_that_ended_asks_to_sign_in_and_keeps_the_person() -> None:
    """Drafts are the person's; they stay until somebody signs out."""
    house = House()
    person = await house.sign_in()
    house.time.now += 1000
    house.provider.refresh_error = "invalid_grant"
    with pytest.raises(SignInRequired) as caught:
        await house.identity.access_token()
    assert caught.value.code == "signed_out"
    assert house.store.tokens is None
    assert house.identity.person == person
    assert await house.window().resume() is None


async def test_without_a_refresh_token_the_session_ends_with_the_access_token() -> None:
    """Not every provider gives one."""
    house = House()
    await house.sign_in()
    assert house.store.tokens is not None
    house.store.tokens = Tokens("a-1", None, "x", house.time.now, {"sub": "s-1"})
    await house.identity.resume()
    with pytest.raises(SignInRequired):
        await house.identity.access_token()


@pytest.mark.attack("Another person's tokens put into the store", "RFC 9700 4.6")
async def test_another_persons_tokens_are_never_taken_over() -> None:
    """Someone else signed in over the same store: this window is signed out, not changed."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    house.store.tokens = Tokens("b-1", "r", "x", house.time.now + 300, {"sub": "s-2"})
    with pytest.raises(SignInRequired):
        await house.identity.access_token()
    assert house.store.tokens.access_token == "b-1"


@pytest.mark.attack("A refresh that answers with another person", "OpenID Connect Core 12.2")
async def test_a_refresh_that_names_another_person_ends_the_session() -> None:
    """A confused provider must not change who is signed in."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    house.provider.claims = {"sub": "s-2"}
    with pytest.raises(SignInRequired):
        await house.identity.access_token()
    assert house.store.tokens is None


async def test_keys_that_cannot_be_fetched_do_not_cost_the_refresh_token() -> None:
    """The new refresh token is kept although the new ID token cannot be checked yet."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    house.provider.keys["k2"] = key_of("ES256")
    house.provider.kid = "k2"
    house.provider.answers["jwks"] = httpx.Response(503)
    assert await house.identity.access_token() == "a-2"


async def test_signing_out_forgets_revokes_and_ends_the_providers_session() -> None:
    """The next person at this computer is not me."""
    house = House()
    await house.sign_in()
    url = await house.identity.sign_out("http://127.0.0.1:8550/signed-out")
    assert house.provider.revoked == ["r-1"]
    assert house.store.tokens is None
    assert house.identity.person is None
    assert await house.identity.access_token() is None
    assert url is not None
    query = dict(parse_qsl(urlsplit(url).query))
    assert url.startswith(f"{ISSUER}/end?")
    assert query["post_logout_redirect_uri"] == "http://127.0.0.1:8550/signed-out"
    assert query["id_token_hint"].count(".") == 2


@pytest.mark.parametrize("trouble", ["down", "cut"])
async def test_signing_out_works_without_the_provider(trouble: str) -> None:
    """Handing over the phone does not wait for a network."""
    house = House()
    await house.sign_in()
    setattr(house.provider, trouble, True)
    await house.identity.sign_out()
    assert house.store.tokens is None
    assert house.identity.person is None


async def test_signing_out_during_a_refresh_stays_signed_out() -> None:
    """The answer that comes late must not sign the resident in again."""
    house = House()
    await house.sign_in()
    house.time.now += 1000
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        under_way.set()
        await go_on.wait()

    house.provider.pause = slow
    asking = asyncio.create_task(house.identity.access_token())
    await under_way.wait()
    await house.identity.sign_out()
    go_on.set()
    with pytest.raises(SignInRequired):
        await asking
    assert house.store.tokens is None
    assert await house.identity.access_token() is None


async def test_a_new_sign_in_ends_the_one_before_it_on_this_device() -> None:
    """A step-up must not leave a second set of tokens alive that nobody looks after."""
    house = House()
    await house.sign_in()
    told: list[str] = []
    stop = house.identity.standing.watch(lambda: told.append("changed"))
    await house.sign_in()
    assert house.provider.revoked == ["r-1"]
    assert await house.identity.access_token() == "a-2"
    assert told == ["changed"]
    stop()
    await house.sign_in()
    assert told == ["changed"]
