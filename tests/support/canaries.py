"""Made-up personal values that must turn up nowhere but in their owner's answers, and a search for them.

A canary has the shape of what it stands for, and is unique; `found` knows it raw, in base64, hex,
percent-encoding, and decomposed (NFD).
"""

from __future__ import annotations

import base64
import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

KINDS = ("identity_number", "phone", "name", "plate", "coordinate", "token")
_SYLLABLES = ("Ngọc", "Thuỷ", "Đỗ", "Vĩnh", "Ước", "Hằng", "Kiều", "Trĩ", "Sưởng", "Lệ")


def canary(kind: str, number: int) -> str:
    """The canary of that kind with that number (0 to 99,999)."""
    match kind:
        case "identity_number":
            return f"0011{88_000_000 + number * 7:08d}"
        case "phone":
            return f"097{3_100_000 + number * 3:07d}"
        case "name":
            digits = (int(digit) for digit in f"{number:05d}")
            return "Canary " + " ".join(_SYLLABLES[digit] for digit in digits)
        case "plate":
            return f"30K-9{number:05d}"
        case "coordinate":
            return f"21.0{number:05d}317"
        case _:
            return f"canary-{number:05d}-{number * 2_654_435_761 % 2**32:08x}"


def every_kind() -> Iterator[tuple[str, str]]:
    """Fresh canaries without end, each kind in turn, as (kind, canary)."""
    for number in itertools.count():
        for kind in KINDS:
            yield kind, canary(kind, number)


def found(canaries: Iterable[str], text: str) -> list[str]:
    """Those that stand in the text, in any of the six encodings."""
    folded = text.casefold()
    return [each for each in canaries if any(needle in folded for needle in _needles(each))]


def _needles(value: str) -> set[str]:
    forms = {value, unicodedata.normalize("NFD", value), unicodedata.normalize("NFC", value)}
    needles = {form.casefold() for form in forms}
    for form in forms:
        raw = form.encode()
        needles |= {raw.hex(), quote(form).casefold(), quote_plus(form).casefold()}
        needles.add(form.encode("unicode_escape").decode("ascii").casefold())
        needles |= {_base64(raw, offset).casefold() for offset in range(3)}
    return needles


def _base64(raw: bytes, offset: int) -> str:
    """What base64 of any text shows of `raw` when so many bytes stand before it."""
    encoded = base64.b64encode(b"\0" * offset + raw + b"\0\0").decode()
    start = -(-offset * 8 // 6)
    return encoded[start : (offset + len(raw)) * 8 // 6]
