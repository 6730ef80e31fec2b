"""Values that are nobody's and are found again wherever they get to, in whatever form."""

from __future__ import annotations

import base64
import json
import random
import unicodedata
from collections.abc import Callable
from urllib.parse import quote

FORMS: dict[str, Callable[[str], list[bytes]]] = {
    "raw": lambda text: [text.encode()],
    "base64": lambda text: [_inside_base64(text.encode(), shift) for shift in range(3)],
    "hex": lambda text: [text.encode().hex().encode(), text.encode().hex().upper().encode()],
    "URL": lambda text: [quote(text, safe="").encode(), quote(text, safe="").lower().encode()],
    "NFD": lambda text: [unicodedata.normalize("NFD", text).encode()],
    "JSON": lambda text: [json.dumps(text).strip('"').encode()],
}
"""The six encodings in which a canary is looked for."""

HEAD = 8
"""Bytes by which a form of a canary is looked up; none is shorter."""

_LETTERS = "bcdghklmnpqrstvx"
_VOWELS = "ăâêôơưạịụ"


class Canaries:
    """Makes canaries of every kind, each different, always the same for a seed."""

    def __init__(self, seed: int = 9) -> None:
        self._random = random.Random(seed)
        self.made: list[str] = []

    def words(self) -> str:
        """A word of ten letters with Vietnamese vowels."""
        pairs = (self._one(_LETTERS) + self._one(_VOWELS) for _pair in range(5))
        return self._kept("".join(pairs).capitalize())

    def digits(self, length: int = 12) -> str:
        """Figures."""
        return self._kept("".join(str(self._random.randrange(1, 10)) for _n in range(length)))

    def code(self) -> str:
        """An identifier."""
        return self._kept("".join(self._one("bcdfghjkmnpqrstvwxz23456789") for _n in range(14)))

    def found_in(self, data: bytes) -> list[tuple[str, str]]:
        """Which canaries the bytes hold, and in which form."""
        # Each form of each begins with eight bytes of its own: one walk looks for all of them.
        begins: dict[bytes, list[tuple[bytes, str, str]]] = {}
        for form, encode in FORMS.items():
            for canary in self.made:
                for piece in encode(canary):
                    begins.setdefault(piece[:HEAD], []).append((piece, canary, form))
        found: dict[tuple[str, str], None] = {}
        for place in range(len(data) - HEAD + 1):
            for piece, canary, form in begins.get(data[place : place + HEAD], ()):
                if data.startswith(piece, place):
                    found[canary, form] = None
        return list(found)

    def _one(self, letters: str) -> str:
        return self._random.choice(letters)

    def _kept(self, canary: str) -> str:
        self.made.append(canary)
        return canary


def _inside_base64(raw: bytes, shift: int) -> bytes:
    """The part of a base64 text that is the same whatever stands around the bytes."""
    text = base64.b64encode(b"\0" * shift + raw)
    start = (shift * 8 + 5) // 6
    end = len(text) - (4 if (shift + len(raw)) % 3 else 0)
    return text[start:end]
