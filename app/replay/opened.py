"""A bundle that somebody may watch, and where it came from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from services.diagnostics import Bundle

MakeTest = Callable[[], Awaitable[str]]
"""Writes a failing test of what is watched, and returns its path."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`code` is the support code, or the file's name; `case` the address of its thread, if it has one."""

    code: str
    bundle: Bundle = field(repr=False)
    case: str = ""
    make_test: MakeTest | None = None
