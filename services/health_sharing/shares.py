"""What a resident shares: the choice, the file made of it on the device, and a link as listed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.chance import new_id
from services.health_records import HealthSummary
from services.health_records.summary import read_summary
from services.health_sharing.jwe import KEY_BYTES, encrypt
from services.reading import moment_of

FHIR_JSON = "application/fhir+json"
DURATIONS = (15, 60, 1440, None)
"""Minutes; None until it is stopped."""


@dataclass(frozen=True, slots=True)
class ShareChoice:
    """What the resident chose: LOINC codes of sections, the period's first day, how long."""

    sections: tuple[str, ...]
    since: date | None = None
    minutes: int | None = 60
    with_passcode: bool = True


@dataclass(frozen=True, slots=True)
class PreparedShare:
    """A choice with its content, key, address and passcode, before anything is sent.

    Sending it twice makes one link: it has its idempotency key.
    """

    choice: ShareChoice
    content: bytes = field(repr=False)
    key: bytes = field(repr=False)
    token: str = field(repr=False)
    passcode: str | None = field(repr=False)
    file: str = field(repr=False)
    idempotency_key: str

    @property
    def summary(self) -> HealthSummary:
        """The content as a doctor will read it."""
        return read_summary(json.loads(self.content))


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody opened a link, or tried: the name they typed, which nobody checked."""

    at: datetime
    recipient: str
    outcome: str


@dataclass(frozen=True, slots=True)
class HealthShare:
    """A link as its owner sees it: `status` is running, stopped, expired or locked."""

    share_id: str
    status: str
    sections: tuple[str, ...]
    since: date | None
    has_passcode: bool
    created_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    openings: tuple[Opening, ...]

    @property
    def running(self) -> bool:
        """Whether it can be opened."""
        return self.status == "running"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> HealthShare:
        """Read what the gateway says of one."""
        since = item.get("since")
        return cls(
            share_id=str(item["share_id"]),
            status=str(item["status"]),
            sections=tuple(item["sections"]),
            since=date.fromisoformat(since) if since else None,
            has_passcode=bool(item["has_passcode"]),
            created_at=datetime.fromisoformat(item["created_datetime"]),
            ends_at=moment_of(item.get("ends_datetime")),
            ended_at=moment_of(item.get("ended_datetime")),
            openings=tuple(
                Opening(datetime.fromisoformat(one["at"]), one["recipient"], one["outcome"])
                for one in item["openings"]
            ),
        )


@dataclass(frozen=True, slots=True)
class SharedLink:
    """What the owner's device shows: the link for the QR code, and the passcode."""

    link: str = field(repr=False)
    passcode: str | None = field(repr=False)


def prepare(choice: ShareChoice, content: bytes) -> PreparedShare:
    """Encrypt the content under a fresh key; address, key and passcode are random."""
    key = secrets.token_bytes(KEY_BYTES)
    return PreparedShare(
        choice=choice,
        content=content,
        key=key,
        token=secrets.token_urlsafe(32),
        passcode=f"{secrets.randbelow(10**6):06}" if choice.with_passcode else None,
        file=encrypt(content, key, FHIR_JSON),
        idempotency_key=new_id(),
    )
