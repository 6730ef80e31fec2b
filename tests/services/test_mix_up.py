"""Two providers, one of them an attacker's: the app never mixes what they say (RFC 9700, 4.4 to 4.6)."""

from __future__ import annotations

import pytest

from services.errors import SignInRequired
from tests.services.signed_in import House
from tests.services.twins import REDIRECT, ProviderTwin

attack = pytest.mark.attack


@attack("Mix-up: an honest provider's code led to the attacker's token endpoint", "RFC 9700 4.4.1")
async def test_a_code_goes_only_to_the_provider_it_came_from() -> None:
    """The request began at the attacker's provider; the answer names the honest one."""
    house, honest = House(), "https://honest.example"
    request = await house.identity.begin(REDIRECT)
    with pytest.raises(SignInRequired) as caught:
        await house.identity.complete(request, house.provider.authorize(request.url, iss=honest))
    assert caught.value.code == "issuer_mismatch"
    assert "token" not in house.provider.calls


@attack("Injecting a stolen code into one's own sign-in", "RFC 9700 4.5.1")
async def test_a_stolen_code_does_not_fit_another_attempt() -> None:
    """The thief holds a code and a session of their own, and lacks the verifier."""
    house = House()
    asked, begun = await house.identity.begin(REDIRECT), await house.identity.begin(REDIRECT)
    answer = house.provider.authorize(asked.url)
    with pytest.raises(SignInRequired):
        await house.identity.complete(begun, {**answer, "state": begun.state})
    assert house.store.tokens is None


@attack("A token put into the callback", "RFC 9700 4.6")
async def test_a_token_in_the_callback_is_not_taken() -> None:
    """Tokens come from the token endpoint alone."""
    house = House()
    request = await house.identity.begin(REDIRECT)
    params = house.provider.authorize(request.url)
    del params["code"]
    with pytest.raises(SignInRequired):
        await house.identity.complete(
            request, {**params, "access_token": "stolen", "id_token": "x"}
        )
    assert house.store.tokens is None


@attack("A provider that suddenly says it knows no PKCE", "RFC 9700 4.8")
async def test_the_app_uses_pkce_whatever_the_discovery_says() -> None:
    """A discovery that leaves S256 out must not switch it off."""
    for offered in ({}, {"code_challenge_methods_supported": ["plain"]}):
        house = House(discovery=offered)
        request = await house.identity.begin(REDIRECT)
        asked = request.asked(house.identity._settings, None)
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["code_challenge"]) == 43


@attack("A callback shown to the app a second time", "RFC 9700 4.2.4")
async def test_a_callback_is_good_once() -> None:
    """The provider refuses the code, and the app says that it took too long."""
    house = House()
    request = await house.identity.begin(REDIRECT)
    params = house.provider.authorize(request.url)
    assert await house.identity.complete(request, params)
    _use_up(house.provider)
    with pytest.raises(SignInRequired) as caught:
        await house.window().complete(request, params)
    assert caught.value.code == "code_expired"


def _use_up(provider: ProviderTwin) -> None:
    provider.challenge = "used"
