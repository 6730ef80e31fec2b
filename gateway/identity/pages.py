"""The pages of the provider: plain HTML and one style sheet, no script, nothing from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.responses import HTMLResponse

from gateway.identity.attempts import Attempt
from gateway.identity.markup import Markup, element, join
from gateway.identity.refusals import NO_STORE
from gateway.identity.words import SENSITIVE_SCOPES, WORDS
from gateway.registers.population import Resident

STYLE = Path(__file__).with_name("style.css").read_bytes()
STYLE_VERSION = hashlib.sha256(STYLE).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page: where the provider is mounted, the language,
    and the page in the other one.
    """

    path: str
    locale: str
    other_language_address: str = field(default="", repr=False)

    def word(self, key: str, **places: str | int) -> str:
        """The words of that key in the language of the page."""
        return WORDS[self.locale][key].format(**places)


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What the sign-in page shows besides the list:
    who is chosen, and what was wrong (already in words).
    """

    client_name: str
    passcode: str
    ages: Sequence[tuple[Resident, int]] = field(repr=False)
    chosen: str = field(default="", repr=False)
    list_error: str = ""
    passcode_error: str = ""


def sign_in_page(
    frame: Frame, attempt: Attempt, form: SignInForm, status: int = 200
) -> HTMLResponse:
    """The list of residents and the passcode."""
    people = [_person(frame, r, age, r.key == form.chosen) for r, age in form.ages]
    content = join(
        element("h1", frame.word("sign_in")),
        element("p", frame.word("sign_in_for", client=form.client_name), class_="lead"),
        _sandbox_note(frame),
        _form(
            frame,
            attempt,
            "sign-in",
            element(
                "fieldset",
                element("legend", frame.word("who")),
                _alert(form.list_error, "list-error"),
                element("div", *people, class_="people"),
            ),
            _passcode_field(frame, form),
            _buttons(frame, ("sign_in", "sign-in", "filled"), ("cancel", "cancel", "text")),
        ),
    )
    return _page(frame, frame.word("sign_in"), content, status, attempt.request.redirect_uri)


def consent_page(
    frame: Frame, attempt: Attempt, scopes: Sequence[str], client_name: str, name: str
) -> HTMLResponse:
    """What the application asks for, in plain words, and the two answers."""
    title = frame.word("consent", client=client_name)
    content = join(
        element("h1", title),
        element("p", frame.word("signed_in_as", name=name), class_="lead"),
        _sandbox_note(frame),
        element("h2", frame.word("asks_for", client=client_name)),
        element("ul", *[_scope(frame, s) for s in scopes], class_="scopes"),
        element("p", frame.word("may_stop"), class_="supporting"),
        _form(
            frame,
            attempt,
            "consent",
            _buttons(frame, ("agree", "agree", "filled"), ("refuse", "refuse", "outlined")),
        ),
    )
    return _page(frame, title, content, 200, attempt.request.redirect_uri)


def message_page(frame: Frame, key: str, status: int) -> HTMLResponse:
    """What happened and what to do, for `signed_out` and for every `error_…` of the words."""
    role = {"role": "alert"} if key.startswith("error_") else {}
    told = element(
        "div", element("h1", frame.word(key)), element("p", frame.word(f"{key}_do")), **role
    )
    return _page(frame, frame.word(key), join(told, _sandbox_note(frame)), status)


def _page(
    frame: Frame, title: str, content: Markup, status: int, returns_to: str = ""
) -> HTMLResponse:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · {frame.word('brand')}"),
        element("link", rel="stylesheet", href=f"{frame.path}/style.css?v={STYLE_VERSION}"),
    )
    body = element("body", _header(frame), element("main", content))
    page = element("html", head, body, lang=frame.locale)
    return HTMLResponse(f"<!doctype html>{page}", status, _headers(returns_to))


def _headers(returns_to: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{_form_target(returns_to)}"
    )
    return {
        **NO_STORE,
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def _form_target(returns_to: str) -> str:
    """Chromium holds a form's redirects to form-action too,
    so the application's address has to be named.
    """
    parts = urlsplit(returns_to)
    if parts.scheme in {"http", "https"}:
        return f" {parts.scheme}://{parts.netloc}"
    return f" {parts.scheme}:" if parts.scheme else ""


def _header(frame: Frame) -> Markup:
    other = "en" if frame.locale == "vi" else "vi"
    switch = element(
        "a",
        frame.word("other_language"),
        href=frame.other_language_address,
        lang=other,
        hreflang=other,
    )
    return element(
        "header",
        element("p", frame.word("brand"), class_="brand"),
        switch if frame.other_language_address else "",
        element("p", frame.word("open_build"), class_="label"),
    )


def _sandbox_note(frame: Frame) -> Markup:
    first = element("strong", frame.word("sandbox_first"))
    return element(
        "p",
        first,
        f" {frame.word('sandbox_rest')} {frame.word('stands_in')}",
        class_="note",
    )


def _alert(error: str, id_: str) -> Markup:
    if not error:
        return Markup()
    return element("p", error, class_="error", role="alert", id=id_)


def _form(frame: Frame, attempt: Attempt, action: str, *children: str) -> Markup:
    query = urlencode({"attempt": attempt.attempt_id, "ui_locales": frame.locale})
    token = element("input", type="hidden", name="form_token", value=attempt.form_token)
    address = f"{frame.path}/{action}?{query}"
    return element("form", token, *children, method="post", action=address)


def _person(frame: Frame, resident: Resident, age: int, chosen: bool) -> Markup:
    """One card of the list. Its name alone is the label; the rest describes it."""
    name_id, about_id = f"name-{resident.key}", f"about-{resident.key}"
    level = frame.word("level", level=resident.acr.removeprefix("loa"))
    button = element(
        "input",
        type="radio",
        name="resident",
        value=resident.key,
        required=True,
        checked=chosen,
        aria_labelledby=name_id,
        aria_describedby=about_id,
    )
    about = element(
        "span",
        element("span", resident.description[frame.locale]),
        element("span", f"{frame.word('age', age=age)} · {level}"),
        id=about_id,
        class_="about",
    )
    name = element("span", resident.name, id=name_id, class_="name", lang="vi")
    return element("label", button, element("span", name, about), class_="person")


def _passcode_field(frame: Frame, form: SignInForm) -> Markup:
    """The field with what was wrong right above it, and the focus on it, as it may be far down."""
    wrong = bool(form.passcode_error)
    entry = element(
        "input",
        id="passcode",
        name="passcode",
        type="text",
        inputmode="numeric",
        autocomplete="off",
        maxlength="32",
        required=True,
        autofocus=wrong,
        aria_invalid="true" if wrong else False,
        aria_describedby="passcode-help passcode-error" if wrong else "passcode-help",
    )
    shared = frame.word("passcode_help", passcode=form.passcode)
    return element(
        "div",
        element("label", frame.word("passcode"), for_="passcode"),
        _alert(form.passcode_error, "passcode-error"),
        entry,
        element("p", shared, id="passcode-help", class_="supporting"),
        class_="field",
    )


def _buttons(frame: Frame, *buttons: tuple[str, str, str]) -> Markup:
    """Buttons as (word, value, look);
    the ones that say no do not ask for the fields to be filled.
    """
    made = [
        element(
            "button",
            frame.word(word),
            name="answer",
            value=value,
            class_=look,
            formnovalidate=look != "filled",
        )
        for word, value, look in buttons
    ]
    return element("div", *made, class_="buttons")


def _scope(frame: Frame, scope: str) -> Markup:
    mark = element("span", frame.word("sensitive"), class_="sensitive")
    return element(
        "li",
        element("span", frame.word(f"scope_{scope}")),
        mark if scope in SENSITIVE_SCOPES else "",
    )
