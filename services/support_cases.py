"""What support and the resident see of one bundle: where it stands, the thread, who opened it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.errors import GatewayUnavailable
from services.personas import Faults
from services.reading import count, mapping, mappings, moment, one_object, words

PURPOSES = ("resident_asked", "find_fault", "check_fix", "quality")
"""Why staff may open a bundle."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread; `author` is resident or support, `name` the staff's; `waiting` while it is not sent."""

    message_id: str
    author: str
    name: str
    text: str = field(repr=False)
    at: datetime | None
    waiting: bool = False

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Message:
        """Read one element of `messages`."""
        return cls(
            words(item, "message_id"),
            words(item, "author"),
            words(item, "name"),
            words(item, "text"),
            moment(item, "datetime"),
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """One act of the staff: `act` is opened, downloaded, answered or handed_over."""

    act: str
    name: str
    purpose: str
    at: datetime | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Opening:
        """Read one element of `openings`."""
        return cls(
            words(item, "act"),
            words(item, "name"),
            words(item, "purpose"),
            moment(item, "datetime"),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One bundle. `state` is open or closed; `bundle` kept, deleted or expired; `awaits` support, resident or nobody.

    `manifest` is what the file says of itself, as `services.diagnostics.Manifest` writes it. `opening_id`
    and `opening_ends` are the staff's, while they have it open.
    """

    code: str
    state: str
    bundle: str
    size: int
    error_reference: str
    created: datetime | None
    expires: datetime | None
    answer_by: datetime | None
    handed_over: datetime | None
    awaits: str
    manifest: Mapping[str, Any]
    messages: tuple[Message, ...] = ()
    openings: tuple[Opening, ...] = ()
    opening_id: str = ""
    opening_ends: datetime | None = None

    @classmethod
    def from_json(cls, answer: Any) -> Case:
        """Read a case; GatewayUnavailable if it is none."""
        item = one_object(answer)
        if not words(item, "code"):
            raise GatewayUnavailable("broken_answer")
        return cls(
            code=words(item, "code"),
            state=words(item, "state"),
            bundle=words(item, "bundle"),
            size=count(item, "size") or 0,
            error_reference=words(item, "error_reference"),
            created=moment(item, "created"),
            expires=moment(item, "expires"),
            answer_by=moment(item, "answer_by"),
            handed_over=moment(item, "handed_over"),
            awaits=words(item, "awaits"),
            manifest=mapping(item.get("manifest")),
            messages=tuple(map(Message.from_json, mappings(item.get("messages")))),
            openings=tuple(map(Opening.from_json, mappings(item.get("openings")))),
            opening_id=words(item, "opening_id"),
            opening_ends=moment(item, "opening_ends"),
        )

    def with_waiting(self, messages: tuple[Message, ...]) -> Case:
        """Return the case with messages that have not left the device at the end of its thread."""
        return replace(self, messages=(*self.messages, *messages))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the staff's log: who did what with which bundle, and why; of a persona as which `resident`, and
    with which faults.
    """

    entry_id: int
    act: str
    code: str
    name: str
    purpose: str
    at: datetime | None
    resident: str = ""
    faults: Faults = field(default_factory=Faults)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> LogEntry:
        """Read one element of `entries`."""
        return cls(
            count(item, "entry_id") or 0,
            words(item, "act"),
            words(item, "code"),
            words(item, "name"),
            words(item, "purpose"),
            moment(item, "datetime"),
            words(item, "resident"),
            Faults.from_json(mapping(item.get("faults"))),
        )


@dataclass(frozen=True, slots=True)
class Log:
    """A page of the log, newest first; `before` asks for the next one, None after the last."""

    entries: tuple[LogEntry, ...]
    before: int | None

    @classmethod
    def from_json(cls, answer: Any) -> Log:
        """Read GET log."""
        item = one_object(answer)
        return cls(
            tuple(map(LogEntry.from_json, mappings(item.get("entries")))),
            count(item, "before") or None,
        )
