"""The checking page as HTML: no script, every value escaped."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from gateway.certificates.page_words import (
    ADVICE,
    CHECKS,
    DETAILS,
    PAGE,
    PROBLEMS,
    REASONS,
    VERDICTS,
    Language,
    say,
)
from gateway.certificates.verification import Outcome, Verdict, Verification
from gateway.working_time import HANOI

_ICONS = {
    "valid": '<path d="M24 2l6 5 8-1 2 8 7 4-3 7 3 7-7 4-2 8-8-1-6 5-6-5-8 1-2-8-7-4 3-7-3-7 7-4 '
    '2-8 8 1z"/><path class="ink" d="M16 25l6 6 11-12"/>',
    "altered": '<path d="M24 2l19 7v13c0 12-8 20-19 24C13 42 5 34 5 22V9z"/>'
    '<path class="ink" d="M18 17l12 12M30 17L18 29"/>',
    "revoked": '<circle cx="24" cy="24" r="22"/><path class="ink" d="M11 11l26 26"/>',
    "unknown": '<circle cx="24" cy="24" r="22"/>'
    '<path class="ink" d="M18 19c0-8 12-8 12 0 0 5-6 5-6 10"/>'
    '<circle class="dot" cx="24" cy="35" r="2.4"/>',
    "passed": '<circle cx="24" cy="24" r="22"/><path class="ink" d="M14 25l7 7 14-15"/>',
    "failed": '<circle cx="24" cy="24" r="22"/><path class="ink" d="M16 16l16 16M32 16L16 32"/>',
    "not_checked": '<circle cx="24" cy="24" r="22"/><path class="ink" d="M14 24h20"/>',
}
_ICONS["superseded"], _ICONS["unchecked"] = _ICONS["revoked"], _ICONS["unknown"]
FIELDS = ("number", "file_code", "full_name", "birthdate", "gender", "identity_number")


def form_page(base: str, language: Language, problem: str = "", limit: int = 0) -> str:
    """The page that asks for a file or a code; `problem` is a key of the words' PROBLEMS."""
    alert = ""
    if problem:
        sentence = say(PROBLEMS, problem, language, limit=str(limit // 1_000_000))
        alert = f'<p class="problem" role="alert">{escape(sentence)}</p>'
    word = _words(language)
    return _page(
        base,
        language,
        f"""<div class="body"><h1>{word("heading")}</h1><p>{word("intro")}</p>{alert}
<form class="card" method="post" action="{base}/?lang={language}" enctype="multipart/form-data">
<label for="file">{word("file")}</label>
<input id="file" name="file" type="file" accept="application/pdf,.pdf" required>
<button class="main">{word("check_file")}</button></form>
<form class="card" method="get" action="{base}/">
<input type="hidden" name="lang" value="{language}">
<label for="code">{word("code")}</label>
<input id="code" name="code" required maxlength="20" autocomplete="off" autocapitalize="characters"
 spellcheck="false" aria-describedby="hint"><p id="hint">{word("code_hint")}</p>
<button>{word("check_code")}</button></form>
<form class="card" method="post" action="{base}/?lang={language}" enctype="multipart/form-data">
<h2>{word("fields")}</h2><p class="quiet">{word("fields_hint")}</p>{_inputs(word)}
<button>{word("check_fields")}</button></form></div>""",
    )


def _inputs(word: Callable[[str], str]) -> str:
    """The number and the five fields; they are sent in the body, never in the address."""
    return "".join(
        f'<label for="{name}">{word(name)}</label><input id="{name}" '
        f'name="{"name" if name == "full_name" else name}" required maxlength="100" '
        'autocomplete="off" spellcheck="false">'
        for name in FIELDS
    )


def verdict_page(base: str, language: Language, found: Verification) -> str:
    """The page with the verdict, the three checks, the details, what to do, and the time."""
    word = _words(language)
    local = found.checked_datetime.astimezone(HANOI)
    time = escape(say(PAGE, "checked", language, time=f"{local:%H:%M:%S, %d/%m/%Y}"))
    another = f'<a class="button main" href="{base}/?lang={language}">{word("another")}</a>'
    return _page(
        base,
        language,
        f"""{_verdict(found, language)}<div class="body">{_checks(found, language)}
{_details(found, language)}<h2>{word("what_to_do")}</h2><p>{_advice(found, language)}</p>
<p class="quiet">{time}</p>{another}</div>""",
    )


def page(base: str, language: Language, body: str) -> str:
    """A whole page around `body`, which is HTML already."""
    return _page(base, language, body)


def icon(name: str) -> str:
    """The sign of a verdict or an outcome."""
    return _icon(name)


def _verdict(found: Verification, language: Language) -> str:
    by_code = found.content is Outcome.NOT_CHECKED
    asked_by_word = found.reason in {"unknown_code", "unknown_number"}
    unknown_file = found.verdict is Verdict.UNKNOWN and not asked_by_word
    title = say(VERDICTS, "unknown_file" if unknown_file else found.verdict.value, language)
    code_only = by_code and found.verdict is Verdict.VALID
    reason = say(
        REASONS, "genuine_code" if code_only else found.reason, language, date=_ended(found)
    )
    return f"""<section class="verdict {found.verdict}" role="alert">{_icon(found.verdict)}
<h1>{escape(title)}</h1><p>{escape(reason)}</p>{_detail(found, language)}</section>"""


def _detail(found: Verification, language: Language) -> str:
    return f"<p>{escape(say(DETAILS, found.detail, language))}</p>" if found.detail else ""


def _checks(found: Verification, language: Language) -> str:
    outcomes = {"signature": found.signature, "content": found.content, "status": found.status}
    names = ["signature", "content", "status"]
    if found.verdict is Verdict.ALTERED:
        names = ["content", "signature", "status"]
    lines = "".join(_check(found, name, outcomes[name], language) for name in names)
    return f'<ul class="card checks" aria-label="{_words(language)("checks")}">{lines}</ul>'


def _check(found: Verification, name: str, outcome: Outcome, language: Language) -> str:
    out_of_force = name == "status" and outcome is Outcome.FAILED
    key = found.verdict.value if out_of_force else outcome.value
    sentence = escape(say(CHECKS[name], key, language, date=_ended(found)))
    signed = name == "signature" and outcome is Outcome.PASSED
    signer = f"<small>{escape(found.signer)}</small>" if signed else ""
    return f'<li class="{outcome}">{_icon(outcome)}<span>{sentence}{signer}</span></li>'


def _details(found: Verification, language: Language) -> str:
    about = found.certificate
    if about is None:
        return ""
    word = _words(language)
    rows = (
        (word("number"), about.number),
        (word("name"), about.name),
        (word("issued"), f"{about.issued_date:%d/%m/%Y}"),
    )
    drawn = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f'<dl class="card" aria-label="{word("details")}">{drawn}</dl>'


def _advice(found: Verification, language: Language) -> str:
    code_only = found.verdict is Verdict.VALID and found.content is Outcome.NOT_CHECKED
    return escape(say(ADVICE, "valid_code" if code_only else found.verdict.value, language))


def _ended(found: Verification) -> str:
    ended = found.certificate.ended_date if found.certificate else None
    return f"{ended:%d/%m/%Y}" if ended else "?"


def _icon(name: str) -> str:
    return f'<svg viewBox="0 0 48 48" aria-hidden="true">{_ICONS[name]}</svg>'


def _words(language: Language) -> Callable[[str], str]:
    return lambda key: escape(say(PAGE, key, language))


def _page(base: str, language: Language, body: str) -> str:
    word = _words(language)
    other = "en" if language == "vi" else "vi"
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{word("title")} · iHaNoi</title>
<link rel="stylesheet" href="{base}/style.css"></head><body>
<header><strong>{word("title")}</strong>
<a href="{base}/?lang={other}" lang="{other}">{word("other_language")}</a></header>
<main>{body}</main><footer>{word("label")}. {word("sandbox")}</footer></body></html>"""
