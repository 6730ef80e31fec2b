"""One thing in the outbox: what it is, how far it is, when it is tried again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any, Literal

from services.chance import uniform
from services.errors import (
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)

KEY_REUSED = "idempotency_key_reused"
REFUSALS = (Rejected, NotPermitted, NotFound)
"""The gateway said no and stored nothing: only the resident can change that."""
UNKNOWN = (Offline, GatewayUnavailable)
"""It may have arrived or not."""

FIRST_PAUSE, LONGEST_PAUSE = 4.0, 600.0
"""Seconds after a try without an answer: the first, doubled up to the longest."""
SIGN_IN_PAUSE = 20.0
"""Seconds between two looks whether somebody has signed in again."""
BUSY_PAUSE = 600.0
"""Seconds after a second refusal by a gateway that answers others: it is there and overloaded."""


CaptionedPhoto = tuple[bytes, str]
"""A photo's bytes, and what it shows in words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One photo that is sent before its item: `media_id` is the gateway's once it is there.

    `key` names the photo's bytes in the vault; `generation` counts the times it had to be sent
    anew; `caption` says in words what it shows.
    """

    key: str
    size: int
    media_id: str = ""
    generation: int = 0
    caption: str = field(default="", repr=False)

    @property
    def idempotency_key(self) -> str:
        """The key of every try to send these bytes."""
        return f"{self.key}.{self.generation}" if self.generation else self.key


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing to send: `payload` is JSON; `last_error` is the code of the last failure.

    `state` is waiting (sent by itself when that is possible), sending, failed (refused: the
    resident edits or deletes it) or sent (for a moment). `revision` counts the versions that were
    refused; `may_have_arrived` says that this one was tried and its answer never came. `about` is
    the report an act belongs to: its id, or the id of a report that waits here itself.
    """

    id: str
    kind: str
    payload: Any = field(repr=False)
    created: datetime
    attempts: int = 0
    last_error: str | None = None
    state: Literal["waiting", "sending", "failed", "sent"] = "waiting"
    revision: int = 0
    may_have_arrived: bool = False
    about: str = ""
    parts: tuple[Part, ...] = ()
    next_try: datetime | None = None

    @property
    def idempotency_key(self) -> str:
        """The key of every try: a refused version that was changed is another thing."""
        return f"{self.id}.{self.revision}" if self.revision else self.id

    @property
    def line(self) -> str:
        """What shares this value goes in order."""
        return self.about or self.id

    @property
    def size(self) -> int:
        """Bytes to send, photos included."""
        return sum(part.size for part in self.parts) + self._words

    @property
    def percent(self) -> int:
        """How much of it is at the gateway."""
        if self.state == "sent":
            return 100
        there = sum(part.size for part in self.parts if part.media_id)
        return 100 * there // self.size

    @property
    def _words(self) -> int:
        return len(json.dumps(self.payload, ensure_ascii=False).encode())

    def to_row(self) -> dict[str, Any]:
        """Write it for the vault."""
        due = self.next_try.isoformat() if self.next_try else None
        return asdict(self) | {"created": self.created.isoformat(), "next_try": due}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> OutboxItem:
        """Read what `to_row` wrote, here or in another version of the app."""
        known = {one.name for one in fields(cls)}
        due = row.get("next_try")
        values = {name: value for name, value in row.items() if name in known}
        return cls(
            **values
            | {
                "created": datetime.fromisoformat(row["created"]),
                "next_try": datetime.fromisoformat(due) if due else None,
                "parts": tuple(Part(**part) for part in row.get("parts", ())),
            }
        )


def parts_of(item_id: str, photos: Iterable[CaptionedPhoto]) -> dict[Part, bytes]:
    """Return the parts of an item: the same bytes and words again are the same part."""
    found = {}
    for photo, caption in photos:
        name = sha256(photo + caption.encode()).hexdigest()[:24]
        found[Part(f"{item_id}.{name}", len(photo), caption=caption)] = photo
    return found


def renewed(kept: OutboxItem, payload: Any, about: str, parts: Sequence[Part]) -> OutboxItem:
    """Return a kept item with what the resident now wants sent; photos that are there stay there."""
    there = {part.key: part for part in kept.parts}
    parts = tuple(there.get(part.key, part) for part in parts)
    same = (kept.payload, kept.parts) == (payload, parts)
    if kept.may_have_arrived and (kept.state == "failed" or not same):
        raise Rejected("may_have_arrived")
    return replace(
        kept,
        payload=payload,
        about=about,
        parts=parts,
        state="waiting",
        last_error=None,
        next_try=None,
        revision=kept.revision + (kept.state == "failed"),
    )


def tried(item: OutboxItem, error: ServiceError, now: datetime) -> OutboxItem:
    """Return the item after a failed try.

    A refusal proves that nothing arrived, but for one: the key is known for other contents.
    """
    after = replace(item, attempts=item.attempts + 1, last_error=error.code)
    if isinstance(error, REFUSALS):
        return replace(after, state="failed", may_have_arrived=error.code == KEY_REUSED)
    return replace(after, next_try=now + timedelta(seconds=pause_after(after.attempts, error)))


def pause_after(attempts: int, error: ServiceError) -> float:
    """Return the seconds until the next try by itself, spread by chance."""
    if isinstance(error, SignInRequired):
        return SIGN_IN_PAUSE
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 10))
    if isinstance(error, GatewayUnavailable) and attempts > 1:
        pause = BUSY_PAUSE
    asked = getattr(error, "retry_after", None) or 0.0
    return max(uniform(0.5, 1.0) * pause, asked)


def without_media(item: OutboxItem) -> OutboxItem:
    """Return the item with all photos to send anew: the gateway no longer has them."""
    parts = tuple(replace(one, media_id="", generation=one.generation + 1) for one in item.parts)
    return replace(item, parts=parts, revision=item.revision + 1, may_have_arrived=False)


def lacks_media(error: ServiceError) -> bool:
    """Whether a refusal says that photos sent before are no longer there."""
    fields_named = getattr(error, "field_errors", ())
    return any(one.field.startswith("media_ids") for one in fields_named)


def holds_up(earlier: OutboxItem, later: OutboxItem) -> bool:
    """Whether an earlier item that was not sent keeps a later one waiting.

    A refused act keeps nothing waiting; a refused report has no id yet to act on.
    """
    same = earlier.line == later.line
    return same and (earlier.state != "failed" or earlier.id == later.about)


def is_free(item: OutboxItem, unsent: Mapping[str, OutboxItem]) -> bool:
    """Whether an item may go: it was not refused, and nothing before it keeps it waiting."""
    earlier = takewhile(lambda other: other.id != item.id, unsent.values())
    return item.state != "failed" and not any(holds_up(other, item) for other in earlier)
