"""The page behind a link: who are you, and then the chosen claims with their verdict."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from typing import Any

from gateway.certificates import page_html
from gateway.certificates.page_words import (
    ADVICE,
    CLAIMS,
    PAGE,
    REASONS,
    SHOWN,
    VALUES,
    VERDICTS,
    Language,
    say,
)
from gateway.certificates.presentations import Look
from gateway.certificates.verification import Verdict
from gateway.certificates.words import PURPOSES
from gateway.working_time import HANOI


def ask_name(base: str, language: Language, problem: str = "") -> str:
    """The page that asks who looks. Opening the link alone shows nothing and counts for nothing."""
    alert = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    words = {key: escape(say(SHOWN, key, language)) for key in SHOWN if key != "until"}
    body = f"""<div class="body"><h1>{words["heading"]}</h1><p>{words["intro"]}</p>{alert}
<form class="card" method="post" enctype="multipart/form-data">
<label for="name">{words["name"]}</label>
<input id="name" name="name" required maxlength="80" autocomplete="organization">
<button class="main">{words["look"]}</button></form></div>"""
    return page_html.page(base, language, body)


def nothing(base: str, language: Language) -> str:
    """The page of a link that has ended, was stopped, or never was."""
    title, sentence = (escape(say(SHOWN, key, language)) for key in ("nothing", "unknown_link"))
    body = f"""<section class="verdict unknown" role="alert">{page_html.icon("unknown")}
<h1>{title}</h1><p>{sentence}</p></section>"""
    return page_html.page(base, language, body)


def shown(base: str, language: Language, look: Look) -> str:
    """The verdict, the chosen claims, and until when they can be seen."""
    title = escape(say(VERDICTS, look.verdict.value, language))
    valid = look.verdict is Verdict.VALID
    reason = "" if not valid else escape(say(REASONS, "genuine_code", language))
    until = f"{datetime.fromtimestamp(look.expires_at, HANOI):%H:%M, %d/%m/%Y}"
    checked = f"{look.at.astimezone(HANOI):%H:%M:%S, %d/%m/%Y}"
    only = f"<p>{escape(say(SHOWN, 'only', language))}</p>" if valid else ""
    advice = escape(say(ADVICE, look.verdict.value, language))
    body = f"""<section class="verdict {look.verdict}" role="alert">{page_html.icon(look.verdict)}
<h1>{title}</h1><p>{reason}</p></section><div class="body">{_claims(look.claims, language)}{only}
<h2>{escape(say(PAGE, "what_to_do", language))}</h2><p>{advice}</p>
<p class="quiet">{escape(say(PAGE, "checked", language, time=checked))}<br>
{escape(say(SHOWN, "until", language, time=until))}</p></div>"""
    return page_html.page(base, language, body)


def _claims(claims: dict[str, Any], language: Language) -> str:
    if not claims:
        return ""
    rows = "".join(
        f"<div><dt>{escape(say(CLAIMS, name, language))}</dt>"
        f"<dd>{_value(name, claims[name], language)}</dd></div>"
        for name in CLAIMS
        if name in claims
    )
    return f'<dl class="card">{rows}</dl>'


def _value(name: str, value: Any, language: Language) -> str:
    if name == "entries":
        return "<br>".join(
            escape(f"{one['judgment']}, {one['offence']}, {one['main_penalty']}") for one in value
        )
    text = str(value)
    if text in VALUES and name in {"result", "gender"}:
        return escape(say(VALUES, text, language))
    if name == "purpose" and text in PURPOSES:
        return escape(PURPOSES[text][0 if language == "vi" else 1])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    return escape(text)
