"""Tokens: what they say, who may redeem them, and when they end."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from gateway.identity.clients import Client
from gateway.identity.keys import SigningKeys, rotate
from gateway.settings import Settings

from .people import ISSUER, Application, Browser, Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DAY = 86400


async def claims(application: Application, token: str, audience: str) -> dict[str, Any]:
    """The claims as a client reads them: with the published keys."""
    keys = jwt.PyJWKSet.from_dict((await application.get("jwks.json")).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    # The test's clock is not the machine's.
    return jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        audience=audience,
        issuer=ISSUER,
        options={"verify_exp": False, "verify_iat": False},
    )


async def test_an_id_token_tells_the_application_who_signed_in(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """The greeting, the nonce check and the identity level all come from here."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    found = await claims(application, tokens["id_token"], "ihanoi-app")
    now = int(clock().timestamp())
    assert found.pop("sid")
    assert found == {
        "iss": ISSUER,
        "sub": "sandbox-nguyen-minh-anh",
        "aud": "ihanoi-app",
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
        "acr": "loa2",
        "nonce": "a nonce",
        "name": "Nguyễn Minh Anh",
        "family_name": "Nguyễn",
        "given_name": "Minh Anh",
        "birthdate": "1988-03-08",
        "gender": "female",
        "ward_code": "00070",
        "roles": [],
    }


async def test_an_access_token_is_one_of_rfc_9068(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """The gateway of any city can check it without asking anybody."""
    tokens = await application.tokens(browser, "hoang-duc-quan")
    found = await claims(application, tokens["access_token"], "ihanoi-gateway")
    header = jwt.get_unverified_header(tokens["access_token"])
    now = int(clock().timestamp())
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert tokens["expires_in"] == 300
    assert found.pop("jti")
    assert found.pop("sid")
    assert found == {
        "iss": ISSUER,
        "sub": "sandbox-hoang-duc-quan",
        "aud": "ihanoi-gateway",
        "iat": now,
        "exp": now + 300,
        "auth_time": now,
        "acr": "loa2",
        "client_id": "ihanoi-app",
        "scope": application.scope,
        "roles": ["officer"],
    }


async def test_only_an_officer_is_given_the_desk(
    application: Application, browser: Browser
) -> None:
    """The app asks everybody alike; a resident is neither asked to agree to it nor given it."""
    application.scope = "openid reports desk"
    officers = await application.tokens(browser, "hoang-duc-quan")
    assert officers["scope"] == "openid reports desk"


@pytest.mark.attack("A resident asking for the officers' scope", "RFC 6749 3.3")
async def test_a_resident_is_not_given_the_desk(application: Application, browser: Browser) -> None:
    """The scope is in the token of nobody who has no desk."""
    application.scope = "openid reports desk"
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert tokens["scope"] == "openid reports"
    found = await claims(application, tokens["access_token"], "ihanoi-gateway")
    assert found["scope"] == "openid reports"


async def test_without_the_profile_scope_nothing_about_the_resident_is_told(
    application: Application, browser: Browser
) -> None:
    """What was not agreed to does not travel."""
    application.scope = "openid"
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert "name" not in await claims(application, tokens["id_token"], "ihanoi-app")
    who = await application.userinfo(tokens["access_token"])
    assert who.json() == {"sub": "sandbox-nguyen-minh-anh"}


async def test_a_level_1_account_says_so(application: Application, browser: Browser) -> None:
    """The gateway demands level 2 by this claim alone."""
    tokens = await application.tokens(browser, "do-thanh-tung")
    assert (await claims(application, tokens["access_token"], "ihanoi-gateway"))["acr"] == "loa1"


async def test_no_two_codes_or_tokens_are_alike(application: Application, browser: Browser) -> None:
    """Whatever opens something is fresh every time."""
    made = []
    for _ in range(5):
        code = await application.code(browser, "nguyen-minh-anh")
        tokens = (await application.redeem(code)).json()
        made += [code, tokens["access_token"], tokens["refresh_token"]]
    assert len(set(made)) == len(made)


@pytest.mark.attack("Redeeming a code found later in a log", "RFC 9700 4.2.4")
async def test_a_code_lives_sixty_seconds(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """A code found in a history or a log is worth nothing."""
    code = await application.code(browser, "nguyen-minh-anh")
    late = await application.code(browser, "nguyen-minh-anh")
    clock.wait(59)
    assert (await application.redeem(code)).status_code == 200
    clock.wait(1)
    assert (await application.redeem(late)).json()["error"] == "invalid_grant"


@pytest.mark.attack(
    "Redeeming a stolen code: other verifier, address, client, or a guess", "RFC 9700 4.5.1"
)
@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"redirect_uri": "ihanoi://callback"},
        {"client_id": "other-app"},
        {"code": "made-up"},
    ],
    ids=str,
)
async def test_a_code_is_worth_nothing_to_who_did_not_ask_for_it(
    application: Application, browser: Browser, changes: dict[str, str]
) -> None:
    """Code, address, client and verifier have to belong together; a wrong try does not spoil it."""
    code = await application.code(browser, "nguyen-minh-anh")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": application.redirect_uri,
        "code_verifier": application.code_verifier,
    }
    refused = await application.post("token", **{**form, **changes})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert (await application.redeem(code)).status_code == 200


async def test_a_refresh_keeps_the_resident_signed_in(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """Access tokens are short; the resident must not notice."""
    tokens = await application.tokens(browser, "bui-thu-ha")
    clock.wait(299)
    assert (await application.userinfo(tokens["access_token"])).status_code == 200
    clock.wait(1)
    assert (await application.userinfo(tokens["access_token"])).status_code == 401
    fresh = (await application.refresh(tokens["refresh_token"])).json()
    assert (await application.userinfo(fresh["access_token"])).json()["roles"] == ["support"]
    found = await claims(application, fresh["id_token"], "ihanoi-app")
    assert found["auth_time"] == found["iat"] - 300
    assert "nonce" not in found


async def test_a_reused_refresh_token_spares_the_resident_s_other_devices(
    application: Application, browser: Browser
) -> None:
    """One stolen phone does not sign out the computer."""
    phone = await application.tokens(browser, "nguyen-minh-anh")
    computer = await application.tokens(browser, "nguyen-minh-anh")
    await application.refresh(phone["refresh_token"])
    await application.refresh(phone["refresh_token"])
    assert (await application.refresh(computer["refresh_token"])).status_code == 200


@pytest.mark.attack("A refresh token from a forgotten device", "RFC 9700 4.14.2")
async def test_an_unused_sign_in_ends_after_thirty_days(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """A forgotten device is signed out by itself."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    clock.wait(30 * DAY)
    assert (await application.refresh(tokens["refresh_token"])).status_code == 400


async def test_every_sign_in_ends_after_ninety_days(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """However busy: consent is asked again in the end."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    for _ in range(3):
        clock.wait(29 * DAY)
        tokens = (await application.refresh(tokens["refresh_token"])).json()
    clock.wait(3 * DAY)
    assert (await application.refresh(tokens["refresh_token"])).status_code == 400


@pytest.mark.attack("Asking for more at a refresh than was agreed to", "RFC 6749 6")
async def test_a_refresh_can_ask_for_less_but_not_for_more(
    application: Application, browser: Browser
) -> None:
    """What the resident agreed to is the most an app ever gets, and a wrong try costs nothing."""
    application.scope = "openid offline_access reports"
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    refused = await application.refresh(tokens["refresh_token"], scope="openid health")
    assert refused.json()["error"] == "invalid_scope"
    less = (await application.refresh(tokens["refresh_token"], scope="openid")).json()
    assert less["scope"] == "openid"
    whole = (await application.refresh(less["refresh_token"])).json()
    assert whole["scope"] == application.scope


@pytest.mark.attack("Using another client's refresh token", "RFC 9700 4.14.1")
async def test_another_application_cannot_use_a_refresh_token(
    application: Application, browser: Browser
) -> None:
    """A token is its client's."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    token = tokens["refresh_token"]
    refused = await application.refresh(token, client_id="other-app")
    assert refused.json()["error"] == "invalid_grant"
    assert (await application.post("revoke", token=token, client_id="other-app")).is_success
    assert (await application.refresh(token)).status_code == 200


async def test_revoking_what_is_unknown_is_no_error(application: Application) -> None:
    """Signing out twice must not frighten anybody (RFC 7009)."""
    assert (await application.post("revoke", token="made-up")).status_code == 200


async def test_a_new_signing_key_does_not_sign_anybody_out(
    application: Application, browser: Browser, settings: Settings
) -> None:
    """Keys rotate; tokens of the old one live on until they run out."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    rotate(settings.data_folder / "keys")
    keys = SigningKeys.load_or_make(settings.data_folder / "keys")
    assert len(keys.jwks()["keys"]) == 2
    assert keys.verify(tokens["id_token"], "JWT", "ihanoi-app", ISSUER) is not None
    newest = jwt.get_unverified_header(keys.sign({"sub": "x"}, "JWT"))["kid"]
    assert newest == keys.keys[1].kid != jwt.get_unverified_header(tokens["id_token"])["kid"]


@pytest.mark.parametrize("client", [Client("x", "X", ())], ids=["no addresses"])
def test_a_client_without_addresses_gets_nowhere(client: Client, database_url: str) -> None:
    """Nothing is allowed that was not registered."""
    assert not client.may_return_to("")
    assert not client.may_sign_out_to("https://city.test/")
