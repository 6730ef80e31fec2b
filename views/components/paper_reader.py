"""What "Kiểm tra giấy" can check: one reader for each kind of paper, found by what was shown."""

from collections.abc import Callable
from dataclasses import dataclass, field

import flet as ft


@dataclass(frozen=True, slots=True)
class Paper:
    """What somebody showed: the text of a code, scanned or typed, or a file's bytes and name."""

    text: str = field(default="", repr=False)
    data: bytes = field(default=b"", repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PaperReader:
    """One kind of paper.

    `reads` says whether a paper is of its kind, by its look alone; `screen` draws the whole answer,
    from the wait for it on, and is given what leads back to the entry. `endings` are those of its
    files (`pdf`).
    """

    reads: Callable[[Paper], bool]
    screen: Callable[[Paper, Callable[[], None]], ft.Control]
    endings: tuple[str, ...] = ()
