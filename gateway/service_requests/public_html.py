"""A report's public page as HTML: no script, one style, every value escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from gateway.service_requests.public_words import ACTS, PAGE, STATES, Language, Words, say

STYLE = (Path(__file__).parent / "public_page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_TONES = {
    "done": "done",
    "needs_resident": "asked",
    "rejected": "neutral",
    "transferred": "neutral",
    "merged": "neutral",
}
_ICONS = {
    "done": '<circle cx="12" cy="12" r="10"/><path class="ink" d="M7 12.5l3.5 3.5L17 9"/>',
    "asked": '<circle cx="12" cy="12" r="10"/>'
    '<path class="ink" d="M9 10c0-4 6-4 6 0 0 2.5-3 2.5-3 5"/><path class="ink" d="M12 17.5v1"/>',
    "neutral": '<circle cx="12" cy="12" r="10"/><path class="ink" d="M7 12h10"/>',
    "open": '<circle cx="12" cy="12" r="10"/><path class="ink" d="M12 6.5V12l4 2.5"/>',
    "late": '<path d="M12 2l10.5 19h-21z"/><path class="ink" d="M12 9v5M12 16.5v1.5"/>',
}

Report = dict[str, Any]


def report_page(report: Report, updates: list[Report], language: Language, *, sandbox: bool) -> str:
    """The page of a report as everybody may see it; `report` and `updates` are the wire's."""
    more = report["extended_attributes"]
    state = say(STATES, more["status_code"], language)
    title = report["service_name"]
    summary = f"{state} · {report['agency_responsible']} · {more['ward']['name']}"
    return _page(
        language,
        f"{title} · {report['service_request_id']}",
        summary,
        f"""{_chips(more, state, language)}<h1>{escape(title)}</h1>
<p class="words">{escape(report["description"])}</p>{_photos(more["media"], language)}
{_facts(report, language)}<h2>{_say("timeline", language)}</h2>
<ol class="card steps">{"".join(_steps(updates, language))}</ol>{_merged(more, language)}
<p class="quiet">{_say("unnamed", language)}</p>""",
        sandbox=sandbox,
    )


def missing_page(language: Language, *, sandbox: bool) -> str:
    """What is shown for a report that is not there or not for everybody: nobody can tell which."""
    title = say(PAGE, "missing", language)
    words = say(PAGE, "missing_words", language)
    body = f"<h1>{escape(title)}</h1><p>{escape(words)}</p>"
    return _page(language, title, words, body, sandbox=sandbox)


def _chips(more: Report, state: str, language: Language) -> str:
    late = more["overdue"]
    chips = [_chip(_TONES.get(more["status_code"], "open"), state)]
    if late is not None and not more["paused_since"]:
        key = "late" if late["working_days"] else "late_today"
        chips.append(_chip("late", say(PAGE, key, language, days=str(late["working_days"]))))
    return f'<p class="chips">{"".join(chips)}</p>'


def _chip(tone: str, word: str) -> str:
    icon = f'<svg viewBox="0 0 24 24" aria-hidden="true">{_ICONS[tone]}</svg>'
    return f'<span class="chip {tone}">{icon}{escape(word)}</span>'


def _photos(photos: list[Report], language: Language) -> str:
    drawn = [_photo(photo, language) for photo in photos if photo["kind"] == "photo"]
    if not drawn:
        return ""
    return f'<div class="photos" aria-label="{_say("photos", language)}">{"".join(drawn)}</div>'


def _photo(photo: Report, language: Language) -> str:
    stage = say(PAGE, "after" if photo["stage"] == "after" else "before", language)
    words = escape(photo["description"] or stage)
    address = f"../../media/{photo['media_id']}/public.jpg"
    return (
        f'<figure><img src="{address}" alt="{words}" loading="lazy">'
        f"<figcaption>{escape(stage)}</figcaption></figure>"
    )


def _facts(report: Report, language: Language) -> str:
    more = report["extended_attributes"]
    rows = [
        ("place", _place(report)),
        ("agency", report["agency_responsible"]),
        ("sent", f"{datetime.fromisoformat(report['requested_datetime']):%d/%m/%Y}"),
    ]
    if report["status"] == "open":
        rows.append(("deadline", _deadline(report, language)))
    reason = more["reason"]["text"] if more["reason"] else (more["overdue"] or {}).get("reason")
    if reason:
        rows.append(("reason", reason))
    rows.append(("number", report["service_request_id"]))
    drawn = "".join(
        f"<div><dt>{_say(name, language)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in rows
    )
    return f'<dl class="card">{drawn}</dl>'


def _place(report: Report) -> str:
    ward = report["extended_attributes"]["ward"]["name"]
    address = report["address"] or ""
    return address if ward in address or not ward else ", ".join(filter(None, (address, ward)))


def _deadline(report: Report, language: Language) -> str:
    if report["extended_attributes"]["paused_since"]:
        return say(PAGE, "paused", language)
    due = datetime.fromisoformat(report["expected_datetime"])
    return say(PAGE, "before_time", language, time=f"{due:%H:%M, %d/%m/%Y}")


def _steps(updates: list[Report], language: Language) -> Iterable[str]:
    for update in updates:
        title = _title(update, language)
        if not title:
            continue
        moment = datetime.fromisoformat(update["datetime"])
        about = " · ".join(filter(None, (f"{moment:%H:%M, %d/%m/%Y}", update["agency"])))
        said = update["description"]
        words = f"<p>{escape(said)}</p>" if said and said.rstrip(".") != title else ""
        yield f"<li><strong>{escape(title)}</strong>{words}<small>{escape(about)}</small></li>"


def _title(update: Report, language: Language) -> str:
    act = update["act"]
    if act == "note" and update["status_code"] == "waiting" and update["description"]:
        return str(update["description"]).rstrip(".")
    if act in ACTS:
        place = update["handed_to"]["name"] if update["handed_to"] else ""
        return say(ACTS, act, language, place=place)
    if act:
        return ""
    code = update["status_code"]
    return say(STATES, code, language) if code in STATES else ""


def _merged(more: Report, language: Language) -> str:
    if not more["merged_into"]:
        return ""
    words = _say("merged", language)
    return f'<p><a href="{escape(more["merged_into"])}?lang={language}">{words}</a></p>'


def _say(key: str, language: Language, words: Words = PAGE) -> str:
    return escape(say(words, key, language))


def _page(language: Language, title: str, summary: str, body: str, *, sandbox: bool) -> str:
    other = "en" if language == "vi" else "vi"
    note = f" {_say('sandbox', language)}" if sandbox else ""
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{escape(title)} · iHaNoi</title>
<meta name="description" content="{escape(summary)}">
<meta property="og:title" content="{escape(title)}">
<meta property="og:description" content="{escape(summary)}">
<meta property="og:type" content="website">
<style>{STYLE}</style></head><body>
<header><strong>{_say("title", language)}</strong>
<a href="?lang={other}" lang="{other}">{_say("other_language", language)}</a></header>
<main>{body}</main><footer>{_say("open_build", language)}.{note}</footer></body></html>"""
