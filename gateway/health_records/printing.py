"""Health documents as PDF, drawn with typst: a visit's letter, and chosen parts of a summary."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typst

_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "certificates" / "fonts"

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One headed part: rows of a name and what is said of it, or a note."""

    title: str
    rows: Rows = field(default=(), repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a health document says, before it is drawn."""

    title: str
    subtitle: str
    author: str
    identity: Rows = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    footer: str = ""
    mark: str = ""
    signed: str = ""


def draw(letter: Letter, made_at: int) -> bytes:
    """The document as one tagged PDF; `made_at` in seconds since 1970."""
    document = typst.compile(
        str(_HERE / "letter.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(asdict(letter), ensure_ascii=False)},
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        timestamp=made_at,
    )
    if not isinstance(document, bytes):
        raise TypeError("typst answered with several files for one document")
    return document
