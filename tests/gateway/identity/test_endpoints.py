"""Discovery, userinfo, sign-out, the pages' protection and the refusals of every endpoint."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.database import Database
from gateway.identity import create_app
from gateway.identity.keys import SigningKeys
from gateway.issuer_keys import IssuerKeys
from gateway.problems import Problem
from gateway.proofs import Proofs
from gateway.security import Authenticator
from gateway.settings import Settings, utc_now
from gateway.shown_tokens import ShownToken

from .people import ISSUER, PUBLIC_URL, Application, Browser, Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_discovery_is_all_a_client_needs(application: Application) -> None:
    """The app knows an issuer and nothing else; every address it finds there answers."""
    found = (await application.get(".well-known/openid-configuration")).json()
    assert found["issuer"] == ISSUER
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    for name, address in found.items():
        if name.endswith(("_endpoint", "jwks_uri")):
            answered = await application.get(address.removeprefix(f"{ISSUER}/"))
            assert answered.status_code != 404, name


async def test_only_public_halves_are_published(application: Application) -> None:
    """The private half would let anybody be everybody."""
    (key,) = (await application.get("jwks.json")).json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_the_signing_key_is_kept_and_only_its_owner_reads_it(
    tmp_path: Path, database_url: str
) -> None:
    """A restart must not sign everybody out, and another account must not read the key."""
    first = SigningKeys.load_or_make(tmp_path / "keys")
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert SigningKeys.load_or_make(tmp_path / "keys").jwks() == first.jwks()


def test_a_broken_signing_key_is_named(tmp_path: Path, database_url: str) -> None:
    """Whoever operates the city must know which file to restore."""
    (tmp_path / "identity-0001.pem").write_text("not a key")
    with pytest.raises(ValueError, match=r"identity-0001\.pem is not a signing key"):
        SigningKeys.load_or_make(tmp_path)


def test_the_sandbox_does_not_run_in_a_real_city(settings: Settings, database: Database) -> None:
    """A printed passcode must never open anything real."""
    real = Settings(data_folder=settings.data_folder, sandbox=False)
    with pytest.raises(ValueError, match="sandbox"):
        create_app(real, database)


@pytest.mark.parametrize(
    "authorization",
    [None, "Bearer", "Bearer made-up", "Basic eDp5", "Bearer a.b.c"],
    ids=str,
)
async def test_userinfo_refuses_a_stranger(browser: Browser, authorization: str | None) -> None:
    """Names are told to the bearer of a valid token only."""
    headers = {} if authorization is None else {"Authorization": authorization}
    refused = await browser.client.get("/identity/userinfo", headers=headers)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.attack("An ID token shown as an access token", "RFC 9068 5")
async def test_an_id_token_is_no_access_token(application: Application, browser: Browser) -> None:
    """What is made for the app to read opens nothing."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    assert (await application.userinfo(tokens["id_token"])).status_code == 401


@pytest.mark.attack("Another token of the same key shown as an access token (typ)", "RFC 8725 3.11")
async def test_a_token_of_another_type_is_no_access_token(
    application: Application, settings: Settings, clock: Clock
) -> None:
    """Only what says at+jwt opens anything, whatever else our key may come to sign (RFC 9068)."""
    keys = SigningKeys.load_or_make(settings.data_folder / "keys")
    claims = {"iss": ISSUER, "sub": "sandbox-nguyen-minh-anh", "aud": "ihanoi-gateway", "sid": "x"}
    token = keys.sign({**claims, "exp": int(clock().timestamp()) + 60}, "JWT")
    assert keys.verify(token, "at+jwt", "ihanoi-gateway", ISSUER) is None
    assert (await application.userinfo(token)).status_code == 401


@pytest.mark.attack("A token signed by another provider", "RFC 9700 4.4")
async def test_another_provider_s_key_signs_nothing_here(
    application: Application, browser: Browser, tmp_path: Path, clock: Clock
) -> None:
    """A well-made token with a stranger's signature is worth nothing."""
    stranger = SigningKeys.load_or_make(tmp_path / "stranger")
    now = int(clock().timestamp())
    claims = {"iss": ISSUER, "sub": "sandbox-nguyen-minh-anh", "aud": "ihanoi-gateway"}
    forged = stranger.sign({**claims, "exp": now + 60, "scope": "openid", "sid": "x"}, "at+jwt")
    assert (await application.userinfo(forged)).status_code == 401


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        pytest.param(
            {"grant_type": "password"},
            "unsupported_grant_type",
            400,
            marks=pytest.mark.attack("Asking for tokens with a password", "RFC 9700 2.4"),
        ),
        pytest.param(
            {"grant_type": "client_credentials"},
            "unsupported_grant_type",
            400,
            marks=pytest.mark.attack(
                "A client that acts as if it were a resident", "RFC 9700 4.15"
            ),
        ),
        ({}, "invalid_request", 400),
        ({"grant_type": "authorization_code"}, "invalid_request", 400),
        ({"grant_type": "refresh_token"}, "invalid_request", 400),
        ({"grant_type": "refresh_token", "refresh_token": "made-up"}, "invalid_grant", 400),
        pytest.param(
            {"grant_type": "refresh_token", "client_id": "unknown"},
            "invalid_client",
            401,
            marks=pytest.mark.attack("An unknown client at the token endpoint", "RFC 6749 5.2"),
        ),
        pytest.param(
            {"grant_type": "refresh_token", "client_secret": "x"},
            "invalid_client",
            401,
            marks=pytest.mark.attack("A made-up secret of a client that has none", "RFC 6749 2.3"),
        ),
    ],
    ids=str,
)
async def test_the_token_endpoint_refuses_in_the_words_of_rfc_6749(
    application: Application, form: dict[str, str], error: str, status: int
) -> None:
    """An app written against the standard must understand every refusal."""
    refused = await application.post("token", **form)
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert refused.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("endpoint", ["token", "revoke"])
@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"{}", "application/json"),
        (b"a=%ff", "application/x-www-form-urlencoded"),
        ("ệ=1".encode(), "application/x-www-form-urlencoded"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(100)), "application/x-www-form-urlencoded"),
    ],
    ids=["json", "not utf-8", "not ascii", "twice", "too long", "too many"],
)
async def test_a_malformed_form_is_refused(
    browser: Browser, endpoint: str, content: bytes, media_type: str
) -> None:
    """Whatever arrives, the answer is a documented one."""
    refused = await browser.client.post(
        f"/identity/{endpoint}", content=content, headers={"Content-Type": media_type}
    )
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


@pytest.mark.attack("Asking the token endpoint by an address that logs keep", "RFC 9700 4.3.2")
async def test_a_token_is_not_asked_for_in_an_address(browser: Browser) -> None:
    """Addresses end up in logs."""
    refused = await browser.client.get("/identity/token?grant_type=refresh_token")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert refused.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "address",
    [
        "https://city.test",
        "https://city.test/",
        "ihanoi://signed-out",
        "http://127.0.0.1:5/signed-out",
    ],
)
async def test_signing_out_ends_the_family_and_goes_back(
    application: Application, browser: Browser, address: str
) -> None:
    """After signing out nothing of the sign-in works, and the resident is in the app again."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    told = await browser.client.get(
        "/identity/end-session",
        params={
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": address,
            "state": "s",
        },
    )
    assert told.headers["location"] == f"{address}?state=s"
    assert (await application.refresh(tokens["refresh_token"])).status_code == 400
    assert (await application.userinfo(tokens["access_token"])).status_code == 401


async def test_signing_out_works_with_an_id_token_that_ran_out(
    application: Application, browser: Browser, clock: Clock
) -> None:
    """Residents sign out long after five minutes."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    clock.wait(86400)
    shown = await browser.go("/identity/end-session", id_token_hint=tokens["id_token"])
    assert shown.status_code == 200
    assert "Bạn đã đăng xuất" in shown.text
    assert (await application.refresh(tokens["refresh_token"])).status_code == 400


@pytest.mark.attack(
    "Signing a resident out from elsewhere, or leading them to another site", "RFC 9700 4.11.2"
)
@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "https://evil.test/"},
        {"post_logout_redirect_uri": "https://city.test/callback"},
        {"id_token_hint": "made-up"},
        {"id_token_hint": ""},
        {"client_id": "other-app"},
    ],
    ids=str,
)
async def test_a_wrong_sign_out_goes_nowhere_and_ends_nothing(
    application: Application, browser: Browser, changes: dict[str, str]
) -> None:
    """Neither a link to a stranger's site nor a made-up token signs a resident out."""
    tokens = await application.tokens(browser, "nguyen-minh-anh")
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": PUBLIC_URL}
    shown = await browser.go("/identity/end-session", **{**asked, **changes})
    assert shown.status_code == 400
    assert (await application.refresh(tokens["refresh_token"])).status_code == 200


@pytest.mark.attack("Tokens in a shared cache", "RFC 6749 5.1")
async def test_token_answers_are_never_stored_on_the_way(
    application: Application, browser: Browser
) -> None:
    """A cache must not hand one resident's tokens to another."""
    answered = await application.redeem(await application.code(browser, "nguyen-minh-anh"))
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["pragma"] == "no-cache"


async def test_the_gateway_lets_in_who_signed_in_here(
    settings: Settings, database: Database
) -> None:
    """The two meet in nothing but the public standard: discovery, keys, RFC 9068."""
    provider = create_app(replace(settings, clock=utc_now), database)
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/identity", provider)]))
    tokens = await Application(transport).tokens(Browser(transport), "hoang-duc-quan")
    keys = IssuerKeys(ISSUER, transport)
    gateway = Authenticator(
        keys, ISSUER, settings.audience, settings.token_algorithms, Proofs(utc_now)
    )
    caller = await gateway.authenticate(ShownToken(tokens["access_token"]))
    assert caller.subject == "sandbox-hoang-duc-quan"
    assert (caller.acr, sorted(caller.roles)) == ("loa2", ["officer"])
    assert caller.scopes == set(Application(transport).scope.split())
    with pytest.raises(Problem):
        await gateway.authenticate(ShownToken(tokens["id_token"]))
