"""The sandbox provider's pages: no script, no foreign host, two languages, labels for everybody."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import httpx
import pytest

from gateway.database import Database
from gateway.identity import create_app
from gateway.identity.clients import SCOPES
from gateway.identity.markup import element
from gateway.identity.pages import STYLE
from gateway.identity.words import WORDS
from gateway.settings import Settings

from .people import PUBLIC_URL, Application, Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
