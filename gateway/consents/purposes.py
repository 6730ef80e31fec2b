"""What residents are asked to agree to, with the text in force, from `purposes.json`.

A city's own file stands at `registers/purposes.json` in the data folder. A text that was ever shown
stays in the file: a decision names its version.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gateway.settings import Settings

_NAME = "purposes.json"
_OURS = Path(__file__).with_name(_NAME)
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language: what is agreed to, what a refusal means, what a withdrawal stops."""

    title: str
    words: str
    refusing: str
    stopping: str

    @property
    def digest(self) -> str:
        """SHA-256 of the whole text."""
        whole = "\n".join((self.title, self.words, self.refusing, self.stopping))
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Text:
    """One version. With `asks_again` whoever agreed to an earlier one is asked anew."""

    version: str
    asks_again: bool
    vi: Words
    en: Words

    def in_language(self, language: str) -> Words:
        """The text as it was shown."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data is used for. `sensitive` says which kind of Decree 356/2025 it is, if any;
    `represented_until` is the age in years until which a parent decides for a child (0: not at all).
    """

    purpose: str
    service: str
    sensitive: str
    represented_until: int
    texts: tuple[Text, ...]

    @property
    def text(self) -> Text:
        """The text in force."""
        return self.texts[-1]

    def version(self, version: str) -> Text | None:
        """The text of that version, or None."""
        return next((text for text in self.texts if text.version == version), None)

    def still_holds(self, version: str) -> bool:
        """Whether an agreement to that version is one to the text in force."""
        later = False
        for text in reversed(self.texts):
            if text.version == version:
                return not later
            later = later or text.asks_again
        return False


def purposes(settings: Settings) -> dict[str, Purpose]:
    """The purposes of this installation by code, read anew when their file changes."""
    own = settings.data_folder / "registers" / _NAME
    file = own if own.exists() else _OURS
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> dict[str, Purpose]:
    found = json.loads(file.read_text(encoding="utf-8"))["purposes"]
    return {item["purpose"]: _purpose(item) for item in found}


def _purpose(item: dict[str, Any]) -> Purpose:
    texts = tuple(
        Text(one["version"], one["asks_again"], Words(**one["vi"]), Words(**one["en"]))
        for one in item["texts"]
    )
    return Purpose(**{**item, "texts": texts})
