"""A screen's words as messages of the catalogue: what was said, without what it was said about."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

UNKNOWN = "•"
"""Stands for a text, or a part of one, that is no message."""
LEAST = 4
"""Letters of its own that a message with placeholders needs to be told from anything at all."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ANYTHING = "(?:.*?)"
_FILLED = dict.fromkeys(
    ("n", "total", "time", "money", "km", "percent", "minutes", "hours", "year"),
    r"(?:[+-]?[\d…].*?)",
) | {"date": r"(?:.*?\d.*?)"}
"""What stands in placeholders of these names: figures. Else a street's name would make a message."""
_BETWEEN = re.compile(r"\s+·\s+|\n+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
MOST_SENTENCES = 6
"""Sentences that one message may have."""
_LETTER = re.compile(r"[^\W\d_]")


def digest(route: str, words: Sequence[str]) -> str:
    """SHA-256 of a screen's address and messages, as hexadecimal digits."""
    return sha256("\n".join((route, *words)).encode()).hexdigest()


class Messages:
    """Every message of one catalogue, found again by what it says."""

    def __init__(self, said: Iterable[tuple[str, str]]) -> None:
        self._whole: dict[str, str] = {}
        self._open: dict[str, list[tuple[int, str, re.Pattern[str], str]]] = {}
        for message, text in said:
            self._take(message, text)
        for found in self._open.values():
            # The message with the most words of its own is meant.
            found.sort(key=lambda one: -one[0])

    def says(self, text: str) -> bool:
        """Whether a text is a whole message, with nothing of anybody in it."""
        return text in self._whole

    def find(self, text: str) -> list[str]:
        """Return the message ids that a text is made of, UNKNOWN for what is none."""
        text = text.strip()
        if not text:
            return []
        if message := self._find(text):
            return [message]
        found: list[str] = []
        for part in _BETWEEN.split(text):
            found += self._sentences(_SENTENCE.split(part.strip()))
        return found

    def _sentences(self, parts: list[str]) -> list[str]:
        """The messages that a run of sentences is made of: the longest first."""
        found, begin = [], 0
        while begin < len(parts):
            ends = range(min(len(parts), begin + MOST_SENTENCES), begin, -1)
            tried = ((end, self._find(" ".join(parts[begin:end]))) for end in ends)
            end, message = next((one for one in tried if one[1]), (begin + 1, None))
            found.append(message or UNKNOWN)
            begin = end
        return found

    def _find(self, text: str) -> str | None:
        whole = self._whole.get(text)
        if whole is not None:
            return whole
        for start in (text[:1], ""):
            for _own, piece, pattern, message in self._open.get(start, ()):
                # Most texts do not even hold the longest piece: that costs next to nothing.
                if piece in text and pattern.fullmatch(text):
                    return message
        return None

    def _take(self, message: str, text: str) -> None:
        # Every second one is the name of a placeholder.
        parts = _PLACEHOLDER.split(text)
        pieces, names = parts[::2], parts[1::2]
        if not names:
            self._whole.setdefault(text.strip(), message)
        elif sum(len(_LETTER.findall(piece)) for piece in pieces) >= LEAST:
            filled = [_FILLED.get(name, _ANYTHING) for name in names]
            told = [
                part
                for pair in zip(map(re.escape, pieces), [*filled, ""], strict=True)
                for part in pair
            ]
            self._open.setdefault(pieces[0][:1], []).append(
                (
                    len("".join(pieces)),
                    max(pieces, key=len),
                    re.compile("".join(told), re.DOTALL),
                    message,
                )
            )


@lru_cache(maxsize=4)
def messages_in(folder: Path, language: str) -> Messages:
    """Return the messages of a language; the English ones say what their ids say."""
    found = gettext.translation("ihanoi", folder, ["vi"], fallback=True)
    catalogue: dict[object, str] = getattr(found, "_catalog", {})
    said: list[tuple[str, str]] = []
    for key, text in catalogue.items():
        message = key[0] if isinstance(key, tuple) else str(key)
        if message:
            said.append((message, text if language == "vi" else message))
    return Messages(said)
