"""Codes of bundles, to be read over the phone: HT-4K7P-29."""

from __future__ import annotations

import re
import secrets

SIGNS = "23456789ACEHKMPRTUXY"
"""What can be told apart by ear and by eye: of B and 8, S and 5, Z and 2, G and 6, M and N, T and D, U
and V one each; neither 0 and O nor 1, I and L.
"""
DIGITS = "23456789"
PATTERN = re.compile(f"HT-[{SIGNS}]{{4}}-[{DIGITS}]{{2}}")


def new_code() -> str:
    """A code by chance, one of ten million."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(4))
    return f"HT-{signs}-{secrets.choice(DIGITS)}{secrets.choice(DIGITS)}"


def read_code(typed: str) -> str | None:
    """The code somebody typed, whatever its case, blanks and dashes; None for what is none."""
    bare = re.sub(r"[\s.\-–—]", "", typed).upper()
    bare = bare if len(bare) == len("HT4K7P29") else f"HT{bare}"
    code = f"{bare[:2]}-{bare[2:6]}-{bare[6:]}"
    return code if PATTERN.fullmatch(code) else None
