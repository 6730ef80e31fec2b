"""What stands for a personal value: the same for the same value within a bundle, of its shape.

Drawn from SHAKE256 (FIPS 202) under a secret that is never written down: a plain hash of an
identity number could be found by trying them all.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from services.diagnostics import shapes

KEPT = 20_000
"""Stand-ins remembered at once; a forgotten one is drawn again, and comes out the same."""

FILLER = "việc này xảy ra ở gần nhà văn hóa phường mong được xem lại sớm "
"""What a replay types where a resident wrote words."""

_FORMS = (
    ("id_number", re.compile(r"\d{12}")),
    ("phone", re.compile(r"(\+84|0)[\d .]{8,12}")),
    ("plate", re.compile(r"\d{2}[A-Za-z]{1,2}\d?[- .]?\d{3}\.?\d{1,2}")),
    ("digits", re.compile(r"\d+")),
    ("number", re.compile(r"\d+[.,]\d+")),
    ("date", re.compile(r"\d{1,2}/\d{1,2}/\d{4}")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
)


class StandIns:
    """The stand-ins of one recording, or of one bundle: those have names.

    `names` maps each to its kind and number, such as `name 1`; None where nobody asks for them.
    """

    def __init__(self, secret: bytes | None = None, *, named: bool = False) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self.app_says: Callable[[str], bool] = lambda _text: False
        """Whether a text is one of the app's own messages: such words are nobody's."""
        self._drawn: dict[tuple[str, Any], Any] = {}
        self.counts: dict[str, int] = {}
        """How many different stand-ins of each kind there are, where they have names."""
        self.names: dict[str, str] | None = {} if named else None
        some, more = self._stream("days", "")[:2]
        self._days = {"date": 2 + some % 8, "birthdate": 10 + more % 90}

    def of(self, kind: str, value: Any) -> Any:
        """Return the stand-in of a value; null, truth values and empty texts stay what they are."""
        if value is None or isinstance(value, bool) or value == "":
            return value
        key = (kind, value)
        found = self._drawn.get(key)
        if found is None:
            if len(self._drawn) >= KEPT:
                self._drawn.clear()
            found = self._drawn[key] = self._draw(kind, value)
        return found

    def _draw(self, kind: str, value: Any) -> Any:
        if isinstance(value, int | float):
            draw = shapes.degrees if kind == "degrees" else shapes.number
            return draw(value, self._stream(kind, repr(value)))
        if kind == "words" and self.app_says(str(value)):
            return value
        if kind in self._days:
            return shapes.moved(str(value), self._days[kind])
        drawn = self._other(shapes.SHAPES.get(kind, shapes.words), kind, str(value))
        if self.names is not None and drawn not in self.names and any(map(str.isalnum, drawn)):
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.names[drawn] = f"{kind} {self.counts[kind]}"
        return drawn

    def _other(self, shape: Callable[[str, bytes], str], kind: str, text: str) -> str:
        for again in range(8):
            drawn = shape(text, self._stream(kind, text, again))
            if drawn != text:
                return drawn
        return drawn

    def _stream(self, kind: str, text: str, again: int = 0) -> bytes:
        message = f"{kind}\0{again}\0{text}".encode("utf-8", "surrogatepass")
        return shapes.stream(self._secret + message, len(text))


def form_of(text: str) -> str:
    """Return the form of a typed text: what a replay needs to pass the same checks, and no more."""
    plain = text.strip()
    return next((form for form, pattern in _FORMS if pattern.fullmatch(plain)), "words")


def typed(form: str, length: int) -> str:
    """Return a text of that form and length, always the same: what a replay types."""
    stream = shapes.stream(f"{form} {length}".encode(), max(length, 12))
    match form:
        case "id_number" | "phone" | "plate" | "email":
            example = {
                "id_number": "001190000000",
                "phone": "0900000000",
                "plate": "30K-000.00" if length > 9 else "30K00000" if length < 9 else "30K-00000",
                "email": "a" * length,
            }[form]
            drawn = shapes.SHAPES[form](example, stream)
        case "digits":
            drawn = str(1 + stream[0] % 9) * length
        case "number":
            drawn = ("7,4" + "0" * length)[:length]
        case "date":
            drawn = "12/10/1990" if length > 9 else "2/10/1990" if length == 9 else "2/1/1990"
        case _:
            drawn = (FILLER * (length // len(FILLER) + 1))[:length]
    return drawn[:length].rstrip().ljust(length, "a") if form == "words" else drawn
