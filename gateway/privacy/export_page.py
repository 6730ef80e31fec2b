"""The readable page of an export: one HTML file that needs no network and loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from gateway.privacy.words import AREAS, COLUMNS, PAGE, TITLES, Language, word
from gateway.working_time import HANOI

SHOWN = 100
"""Rows of a table that the page shows; its file has all."""

Row = Mapping[str, Any]
Files = Mapping[str, str]

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 "Be Vietnam Pro",system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem}
h1{font-size:1.75rem}h2{margin-top:2.5rem;border-bottom:2px solid #00694f}h3{margin:1.5rem 0 .25rem}
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.125rem 1rem;margin:.5rem 0;
padding:.75rem;border:1px solid #8a958f;border-radius:.75rem}
dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
img{max-width:12rem;border-radius:.5rem}nav a{margin-right:1rem}
@media(max-width:32rem){dl{grid-template-columns:1fr}}
"""


def head(language: Language, made: datetime, sandbox: bool) -> Iterator[str]:
    """The page up to its first part."""
    say = PAGE
    title = escape(word(say, "title", language))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:"
    yield f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    yield f"<p>iHaNoi · {escape(word(say, 'open_build', language))}</p><h1>{title}</h1>"
    moment = f"{made.astimezone(HANOI):%d/%m/%Y %H:%M}"
    yield f"<p>{escape(word(say, 'made', language).format(moment=moment))}"
    yield f" {escape(word(say, 'sandbox', language))}</p>" if sandbox else "</p>"
    yield f"<p>{escape(word(say, 'about', language))}</p><nav>"
    for area in AREAS:
        yield f'<a href="#{area}">{escape(word(AREAS, area, language))}</a>'
    yield "</nav>"


def person(language: Language, known: Mapping[str, str]) -> Iterator[str]:
    """What the population register says; the keys are words already."""
    if known:
        yield f"<h2>{escape(word(PAGE, 'person', language))}</h2><dl>"
        for name, value in known.items():
            yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        yield "</dl>"


def area_heading(area: str, language: Language) -> str:
    """Where the tables of an area begin."""
    return f'<h2 id="{area}">{escape(word(AREAS, area, language))}</h2>'


def table(
    name: str, path: str, rows: Iterable[tuple[Row, Files]], more: int, language: Language
) -> Iterator[str]:
    """One table: its first rows, and where all of them are. `rows` come with their files' paths."""
    yield f"<h3>{escape(word(TITLES, name, language))}</h3>"
    shown = False
    for row, files in rows:
        shown = True
        yield from _row(row, files, language)
    if not shown:
        yield f"<p>{escape(word(PAGE, 'nothing', language))}</p>"
        return
    if more > 0:
        yield f"<p>{escape(word(PAGE, 'more', language).format(number=more))}</p>"
    yield f'<p><a href="{escape(path)}">{escape(word(PAGE, "whole", language))}</a></p>'


def tail(language: Language) -> str:
    """The end of the page."""
    about, title = word(PAGE, "device_about", language), word(PAGE, "device", language)
    return f"<h2>{escape(title)}</h2><p>{escape(about)}</p></body></html>"


def _row(row: Row, files: Files, language: Language) -> Iterator[str]:
    yield "<dl>"
    for name, value in row.items():
        if name in COLUMNS and value not in (None, "", [], {}):
            label, text = word(COLUMNS, name, language), _text(name, value, language)
            yield f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
    for name, path in files.items():
        href = escape(path)
        inside = f'<img src="{href}" alt="">' if path.endswith(".jpg") else escape(name)
        yield f'<dt></dt><dd><a href="{href}">{inside}</a></dd>'
    yield "</dl>"


def _text(name: str, value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return word(PAGE, "yes" if value else "no", language)
    if isinstance(value, datetime):
        return f"{value.astimezone(HANOI):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float) and (seconds := _seconds(name, value)):
        return f"{datetime.fromtimestamp(seconds, HANOI):%d/%m/%Y %H:%M}"
    return str(value)


def _seconds(name: str, value: float) -> float:
    """Unix seconds of a number that is a moment by its column's name, else nothing."""
    named = name.endswith("_at") or name in {"at", "until", "moment", "auth_time", "wait_until"}
    seconds = value * 3600 if name == "slot" else value if named else 0
    return seconds if 1_000_000_000 < seconds < 4_000_000_000 else 0
