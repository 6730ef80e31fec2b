"""Six digits that only their owner knows: a PIN, or a certificate's passcode."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

LENGTH = 6

Flaw = Literal["", "length", "easy", "different"]
"""What is wrong with digits just chosen; empty when nothing is."""


def flaw_of(digits: str, repeated: str) -> Flaw:
    """Say what to mend: six digits, not all equal nor running, and twice the same."""
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        return "length"
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    if steps in ({0}, {1}, {-1}):
        return "easy"
    return "" if digits == repeated else "different"
