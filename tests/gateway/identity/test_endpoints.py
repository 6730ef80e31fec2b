"""Discovery, userinfo, sign-out, the pages' protection and the refusals of every endpoint."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path
from string import Formatter

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.database import Database
from gateway.identity import create_app
from gateway.identity.clients import SCOPES
from gateway.identity.keys import SigningKeys
from gateway.identity.markup import element
from gateway.identity.pages import STYLE
from gateway.identity.words import WORDS
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


async def test_an_unknown_page_says_where_to_go(browser: Browser) -> None:
    """A mistyped address is no dead end."""
    shown = await browser.go("/identity/nowhere?ui_locales=en")
    assert shown.status_code == 404
    assert "Go back to the app" in shown.text


async def test_our_own_failure_is_told_in_words(
    settings: Settings, database_url: str, tmp_path: Path
) -> None:
    """Where the database is gone a resident reads a sentence, and an app an error it knows."""
    broken = create_app(settings, Database(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}"))
    transport = httpx.ASGITransport(broken, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        shown = await client.get("/sign-in?attempt=a")
        form = {"client_id": "ihanoi-app", "grant_type": "refresh_token", "refresh_token": "a"}
        told = await client.post("/token", data=form)
    assert (shown.status_code, told.status_code) == (500, 500)
    assert "Có lỗi ở phía chúng tôi" in shown.text
    assert told.json()["error"] == "server_error"


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


@pytest.mark.attack("Showing the sign-in page in a frame", "RFC 9700 4.16")
async def test_pages_run_no_script_and_ask_no_other_host(
    application: Application, browser: Browser
) -> None:
    """The page with the passcode is plain HTML under a strict policy, in no frame or cache."""
    sign_in = await application.begin(browser)
    consent = await browser.sign_in("nguyen-minh-anh")
    error = await browser.client.get("/identity/nowhere")
    for shown in (sign_in, consent, error):
        assert "<script" not in shown.text
        assert not re.search(r'(src|href)="(?!/identity/)', shown.text)
        policy = shown.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert shown.headers["cache-control"] == "no-store"
        assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"http" not in STYLE
    assert b"@import" not in STYLE


@pytest.mark.attack("A form that leads the passcode to another host", "RFC 9700 4.12")
@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://city.test/callback", "https://city.test"),
        ("http://127.0.0.1:5000/callback", "http://127.0.0.1:5000"),
        ("ihanoi://callback", "ihanoi:"),
    ],
)
async def test_the_form_may_lead_back_to_the_application_only(
    application: Application, browser: Browser, redirect_uri: str, source: str
) -> None:
    """Chromium blocks a form's redirect to an address that the policy does not name."""
    shown = await application.begin(browser, redirect_uri=redirect_uri)
    policy = shown.headers["content-security-policy"]
    assert policy.endswith(f"form-action 'self' {source}")


async def test_the_style_sheet_is_kept_by_the_browser(browser: Browser) -> None:
    """It is asked for once: its address changes with it."""
    answered = await browser.client.get("/identity/style.css")
    assert "immutable" in answered.headers["cache-control"]
    assert "prefers-color-scheme: dark" in answered.text


@pytest.mark.attack("Markup in what the client sends", "RFC 6749 10.14")
async def test_what_a_client_sends_is_never_taken_for_html(
    application: Application, browser: Browser
) -> None:
    """A crafted link must not write into the page."""
    shown = await application.begin(browser, state='"><b>', login_hint='"><b>', ui_locales='"><b>')
    assert "<b>" not in shown.text
    shown = await browser.go('/identity/sign-in?attempt="><b>')
    assert "<b>" not in shown.text


def test_no_text_becomes_markup(database_url: str) -> None:
    """A name with an angle bracket stays a name, in the text and in an attribute."""
    made = element("p", "<b>", element("i", "&"), title='"><b>', hidden=False, id=True)
    expected = '<p title="&quot;&gt;&lt;b&gt;" id>&lt;b&gt;<i>&amp;</i></p>'
    assert made == expected


@pytest.mark.parametrize(
    ("ui_locales", "lang", "words"),
    [
        (None, "vi", "Đăng nhập"),
        ("en-GB vi", "en", "Sign in"),
        ("fr vi-VN", "vi", "Đăng nhập"),
        ("xx", "vi", "Đăng nhập"),
    ],
    ids=str,
)
async def test_the_pages_speak_the_resident_s_language(
    application: Application, browser: Browser, ui_locales: str | None, lang: str, words: str
) -> None:
    """Vietnamese unless the app says English, and the whole way through."""
    await application.begin(browser, ui_locales=ui_locales)
    assert browser.page.of("html", lang=lang)
    assert browser.page.of("h1")
    assert words in browser.page.text
    await browser.sign_in("nguyen-minh-anh")
    assert browser.page.of("html", lang=lang)


async def test_the_language_can_be_changed_on_the_page(
    application: Application, browser: Browser
) -> None:
    """A visitor who cannot read the first page finds the way."""
    await application.begin(browser)
    (link,) = browser.page.of("a", lang="en")
    await browser.go(link["href"] or "")
    assert "Who do you want to be?" in browser.page.text
    await browser.sign_in("nguyen-minh-anh", "000000")
    assert "That passcode is not right" in browser.page.text


async def test_every_field_has_a_label_and_a_page_one_heading(
    application: Application, browser: Browser
) -> None:
    """Whoever listens to the page has to know what to type where."""
    await application.begin(browser)
    await browser.sign_in("nguyen-minh-anh", "000000")
    page = browser.page
    ids = {found.get("id") for _, found in page.tags}
    labels = {found.get("for") for found in page.of("label")}
    for entry in page.of("input"):
        if entry["type"] != "hidden":
            assert entry.get("id") in labels or entry.get("aria-labelledby") in ids
            assert set((entry.get("aria-describedby") or "").split()) <= ids
    assert len(page.of("h1")) == 1
    (passcode,) = page.of("input", id="passcode")
    assert (passcode["autocomplete"], passcode["inputmode"]) == ("off", "numeric")
    assert passcode["aria-invalid"] == "true"


def test_both_languages_say_the_same_things(database_url: str) -> None:
    """No key and no place to fill is missing in either language; every scope has its words."""
    places = {
        locale: {key: {p for _, p, _, _ in Formatter().parse(text) if p} for key, text in w.items()}
        for locale, w in WORDS.items()
    }
    assert places["vi"] == places["en"]
    assert {f"scope_{scope}" for scope in SCOPES} <= set(places["vi"])


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
