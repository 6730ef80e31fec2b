"""The recorded requests as staff read them: what was asked, how it ended, how long it took, whether it was tried again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from app.replay.answers import LIVE
from services.diagnostics import Bundle
from services.diagnostics.har import GIVEN_UP

SECONDARY = (LIVE, "/openid-configuration", "/jwks", "/services.json")
"""Ends of paths that the app asks for by itself, all the time."""
RENEWED = 401
"""The status after which the app renews its sign-in and asks again."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `at` and `seconds` in seconds; `status` is 0 without an answer.

    `error` names what happened instead; `problem` is the problem document (RFC 9457); `again` is
    the number of the next try of the same; `stand_ins` are the names of the stand-ins in it.
    """

    number: int
    at: float
    moment: datetime
    method: str
    path: str
    status: int
    seconds: float
    step: int
    error: str = ""
    problem: Mapping[str, Any] = field(default_factory=dict)
    again: int | None = None
    stand_ins: tuple[str, ...] = ()
    is_picture: bool = False

    @property
    def failed(self) -> bool:
        """Whether it ended without an answer that was waited for, or with one that refuses."""
        return self.error != GIVEN_UP and (self.status == 0 or self.status >= 400)

    @property
    def secondary(self) -> bool:
        """Whether it is of no interest at first: asked all the time, a picture, or a renewed sign-in."""
        if self.failed:
            return self.status == RENEWED and self.again is not None
        return self.is_picture or self.path.partition("?")[0].endswith(SECONDARY)

    @property
    def reference(self) -> str:
        """The gateway's reference, to be looked up in its log."""
        return str(self.problem.get("reference") or "")


def exchanges_of(bundle: Bundle) -> list[Exchange]:
    """Every request of the bundle, oldest first."""
    asked = sorted(bundle.requests, key=lambda entry: float(entry.get("_at") or 0.0))
    found = [_exchange(n, entry, bundle) for n, entry in enumerate(asked)]
    return [_with_next_try(one, found[one.number + 1 :]) for one in found]


def _exchange(number: int, entry: Mapping[str, Any], bundle: Bundle) -> Exchange:
    response, request = entry["response"], entry["request"]
    at, status = float(entry.get("_at") or 0.0), int(response["status"])
    address = urlsplit(request["url"])
    error = entry.get("_error") or ""
    content = response.get("content") or {}
    text = str(content.get("text") or "")
    sent = str((request.get("postData") or {}).get("text") or "")
    return Exchange(
        number,
        at,
        bundle.manifest.started + timedelta(seconds=at),
        str(request["method"]),
        address.path + (f"?{address.query}" if address.query else ""),
        status,
        max(0.0, float(entry.get("time") or 0.0)) / 1000,
        int(entry.get("_step") or 0),
        str(error),
        _problem(text) if status >= 400 else {},
        stand_ins=_named(sent + text, bundle.stand_ins),
        is_picture=str(content.get("mimeType") or "").startswith("image/"),
    )


def _with_next_try(one: Exchange, later: list[Exchange]) -> Exchange:
    if not one.failed:
        return one
    address = (one.method, one.path)
    again = next((other.number for other in later if (other.method, other.path) == address), None)
    return replace(one, again=again)


def _problem(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(text: str, stand_ins: Mapping[str, str]) -> tuple[str, ...]:
    found = [name for value, name in stand_ins.items() if value and f'"{value}"' in text]
    return tuple(dict.fromkeys(found))
