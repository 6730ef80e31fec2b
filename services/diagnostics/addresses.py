"""The app's own addresses as they may be recorded: the screen stays, whose it is does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from services.diagnostics.stand_ins import StandIns

KEPT = frozenset({"section"})
"""Parameters whose values are words of the app and not somebody's identifiers."""
IDENTIFIERS = frozenset({"draft"})
"""Query parameters that hold an identifier; of others only a known word is kept."""


class Addresses:
    """Knows the templates (`/reports/id/:service_request_id`) of every screen."""

    def __init__(self, templates: Iterable[str] = ()) -> None:
        known = [one.strip("/").split("/") for one in templates]
        self._known = sorted(known, key=lambda parts: sum(part[:1] == ":" for part in parts))
        words = {word for parts in known for word in parts if word[:1] != ":"}
        self._words = frozenset(words | {"review", "1", "true"})

    def reduced(self, address: str, stand_ins: StandIns) -> str:
        """Return the address with stand-ins for identifiers; `/•` for one that leads nowhere."""
        split = urlsplit(address)
        segments = [one for one in split.path.split("/") if one]
        if not segments:
            return "/"
        template = next((one for one in self._known if _fits(one, segments)), None)
        if template is None:
            return "/•"
        pairs = zip(template, segments, strict=True)
        path = "".join(f"/{_segment(part, segment, stand_ins)}" for part, segment in pairs)
        query = [
            (name, kept)
            for name, value in parse_qsl(split.query)
            if re.fullmatch("[a-z_]{1,30}", name)
            and (kept := self._value(name, value, stand_ins)) is not None
        ]
        return path + ("?" + urlencode(query) if query else "")

    def _value(self, name: str, value: str, stand_ins: StandIns) -> str | None:
        if name in IDENTIFIERS:
            return str(stand_ins.of("reference", value))
        return value if value in self._words else None


def _fits(template: list[str], segments: list[str]) -> bool:
    return len(template) == len(segments) and all(
        part[:1] == ":" or part == segment for part, segment in zip(template, segments, strict=True)
    )


def _segment(part: str, segment: str, stand_ins: StandIns) -> str:
    if part[:1] != ":" or part[1:] in KEPT:
        return segment
    return quote(str(stand_ins.of("reference", unquote(segment))), safe="")
