"""From a User-Agent (RFC 9110, section 10.1.5) to the two words a resident knows a device by."""

from __future__ import annotations

import re
from typing import NamedTuple

KINDS = ("browser", "phone", "computer", "program", "persona")
PLATFORMS = ("android", "ios", "windows", "macos", "linux")

_OURS = re.compile(r"iHaNoi/[\w.]{1,20} \((browser|phone|computer); (\w{1,16})\)")
_MARKS = {
    "android": ("android",),
    "ios": ("iphone", "ipad", "ipod"),
    "windows": ("windows",),
    "macos": ("macintosh", "mac os"),
    "linux": ("linux", "x11"),
}
"""How browsers of each platform name it; Android's name Linux too, so the order counts."""


class Label(NamedTuple):
    """What kind of device it is, one of `KINDS`, and its platform, one of `PLATFORMS` or empty."""

    kind: str
    platform: str


AS_PERSONA = Label("persona", "")
"""Somebody else acts as the resident, whatever device they do it from."""


def label_of(user_agent: str | None) -> Label:
    """Read the label; everything else that the header tells is dropped here."""
    ours = _OURS.match(user_agent or "")
    if ours:
        kind, platform = ours.groups()
        return Label(kind, platform if platform in PLATFORMS else "")
    lower = (user_agent or "").lower()
    kind = "browser" if lower.startswith("mozilla/") else "program"
    named = (name for name, marks in _MARKS.items() if any(mark in lower for mark in marks))
    return Label(kind, next(named, ""))
