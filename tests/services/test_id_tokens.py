"""ID tokens that this app believes, and those that sign nobody in."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from services.errors import (
    SignInRequired,
)
from tests.services.signed_in import House
from tests.services.twins import CLIENT, ISSUER, key_of


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(
            {"iss": "https://other.example"},
            marks=pytest.mark.attack("An ID token of another issuer", "RFC 8725 3.8"),
        ),
        pytest.param(
            {"aud": "other-app"},
            marks=pytest.mark.attack("An ID token for another client", "RFC 9700 4.6"),
        ),
        {"aud": ["other-app"]},
        {"aud": [CLIENT, "other-app"]},
        pytest.param(
            {"aud": [CLIENT, "other-app"], "azp": "other-app"},
            marks=pytest.mark.attack(
                "An ID token whose authorised party is another client",
                "OpenID Connect Core 3.1.3.7",
            ),
        ),
        {"azp": "other-app"},
        pytest.param(
            {"exp": 1_700_000_000},
            marks=pytest.mark.attack("An ID token that ran out", "OpenID Connect Core 3.1.3.7"),
        ),
        {"exp": "never"},
        {"iat": 1_900_000_000, "exp": 1_900_000_300},
        pytest.param(
            {"nonce": "replayed"},
            marks=pytest.mark.attack(
                "Injecting another sign-in's code (nonce)", "RFC 9700 4.5.3.2"
            ),
        ),
        pytest.param(
            {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
            marks=pytest.mark.attack(
                "Injecting another access token beside the ID token", "RFC 9700 4.6"
            ),
        ),
    ],
    ids=str,
)
async def test_a_doubtful_id_token_signs_nobody_in(claims: dict[str, Any]) -> None:
    """Every check of OpenID Connect Core 3.1.3.7 has its own forged token."""
    house = House(claims=claims)
    with pytest.raises(SignInRequired):
        await house.sign_in()
    assert house.store.tokens is None
    assert house.identity.person is None


@pytest.mark.attack("An ID token that leaves out what is checked", "OpenID Connect Core 3.1.3.7")
@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
async def test_an_incomplete_id_token_signs_nobody_in(name: str) -> None:
    """What is not said cannot be checked."""
    with pytest.raises(SignInRequired):
        await House(without=(name,)).sign_in()


async def test_several_audiences_are_fine_when_this_app_is_the_party() -> None:
    """Some providers name the gateway too."""
    assert await House(claims={"aud": [CLIENT, "gateway"], "azp": CLIENT}).sign_in()


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "EdDSA"])
async def test_every_allowed_algorithm_signs_in(algorithm: str) -> None:
    """The city chooses its provider, not its curve; `at_hash` is checked for each."""
    assert await House(algorithm=algorithm).sign_in()


@pytest.mark.attack("An ID token unsigned or signed with the public key", "RFC 8725 3.1")
@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_an_unsigned_or_shared_key_token_is_refused(
    algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The classic forgeries: no signature, or the public key used as a password."""
    house = House()
    forged = jwt.encode(
        {"iss": ISSUER, "sub": "s-1", "aud": CLIENT, "exp": 1_790_000_300, "iat": 1_790_000_000},
        "x" * 32 if algorithm == "HS256" else "",
        algorithm,
        headers={"kid": "k1"},
    )
    monkeypatch.setattr(house.provider, "id_token", lambda *_a, **_k: forged)
    with pytest.raises(SignInRequired) as caught:
        await house.sign_in()
    assert caught.value.code == "id_token_refused"


@pytest.mark.attack("An ID token with a known key id and another key", "RFC 8725 3.3")
async def test_a_token_signed_by_a_stranger_is_refused() -> None:
    """The right key id with the wrong key."""
    house = House()
    await house.sign_in()
    house.provider.keys["k1"] = key_of("ES256")
    with pytest.raises(SignInRequired) as caught:
        await house.sign_in()
    assert caught.value.code == "id_token_refused"


async def test_a_new_signing_key_is_fetched_once() -> None:
    """Providers change keys; nobody should be locked out on that day."""
    house = House()
    await house.sign_in()
    house.provider.keys["k2"] = key_of("ES256")
    house.provider.kid = "k2"
    await house.sign_in()
    assert house.provider.calls.count("jwks") == 2
    house.provider.keys["k3"] = key_of("ES256")
    house.provider.kid, house.provider.published = "k3", ["k1", "k2"]
    with pytest.raises(SignInRequired):
        await house.sign_in()
    assert house.provider.calls.count("jwks") == 3
