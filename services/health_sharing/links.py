"""A SMART Health Link as text: `shlink:/` and its payload (HL7 SMART Health Cards and Links, STU 1)."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from services.errors import Rejected
from services.health_sharing.jwe import KEY_BYTES, decode, encode

VERSION = 1
LABEL_LENGTH = 80
_LINK = re.compile(r"shlink:/([A-Za-z0-9_-]+=*)\s*$")


@dataclass(frozen=True, slots=True)
class HealthLink:
    """A link's payload. `flags`: P asks for a passcode, U is one file by GET, L lives long.

    `ends_at` is a hint; without it the link says nothing of its end.
    """

    url: str = field(repr=False)
    key: bytes = field(repr=False)
    flags: str = ""
    label: str = ""
    ends_at: datetime | None = None
    version: int = VERSION

    @property
    def asks_passcode(self) -> bool:
        """Whether it opens with a passcode only."""
        return "P" in self.flags

    @property
    def host(self) -> str:
        """Where it is kept."""
        return urlsplit(self.url).hostname or ""

    def text(self, viewer: str = "") -> str:
        """The link, behind the address of a viewer page where one is given."""
        payload: dict[str, Any] = {"url": self.url, "key": encode(self.key)}
        if self.ends_at is not None:
            payload["exp"] = int(self.ends_at.timestamp())
        if self.flags:
            payload["flag"] = "".join(sorted(self.flags))
        if self.label:
            payload["label"] = self.label[:LABEL_LENGTH]
        minified = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        shlink = f"shlink:/{encode(minified.encode())}"
        return f"{viewer}#{shlink}" if viewer else shlink


def is_link(text: str) -> bool:
    """Whether a text looks like a health link, with a viewer's address before it or not."""
    return _LINK.search(unquote(text)) is not None


def parse_link(text: str) -> HealthLink:
    """Read a link. Raises Rejected: `link_unreadable`, or `link_too_new` for a later version."""
    found = _LINK.search(unquote(text))
    try:
        payload = json.loads(decode(found[1])) if found else None
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict) or not isinstance(payload.get("url"), str):
        raise Rejected("link_unreadable")
    if payload.get("v", VERSION) != VERSION:
        raise Rejected("link_too_new")
    return HealthLink(
        url=payload["url"],
        key=_key(payload.get("key")),
        flags=str(payload.get("flag") or ""),
        label=str(payload.get("label") or "")[:LABEL_LENGTH],
        ends_at=_moment(payload.get("exp")),
    )


def _key(value: object) -> bytes:
    try:
        key = decode(value) if isinstance(value, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Rejected("link_unreadable")
    return key


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
