"""What goes over the wire about support, as strict models and as answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from sqlalchemy import Row

from gateway.service_requests.draft import plain_text
from gateway.working_time import HANOI

LONGEST_MESSAGE = 2000
PURPOSES = ("resident_asked", "find_fault", "check_fix", "quality")
Purpose = Literal["resident_asked", "find_fault", "check_fix", "quality"]
"""Why staff open a bundle: the resident called or wrote, to find what went wrong, to check that it is
fixed, to look over the staff's own work.
"""

Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_MESSAGE, strip_whitespace=True),
    AfterValidator(plain_text),
]


class MessageBody(BaseModel):
    """What somebody writes into a thread."""

    model_config = ConfigDict(strict=True, extra="forbid")

    text: Words


class NothingBody(BaseModel):
    """An act that needs no words."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OpeningBody(BaseModel):
    """Which bundle one of the staff opens, and why."""

    model_config = ConfigDict(strict=True, extra="forbid")

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    purpose: Purpose


class Message(BaseModel):
    """One message of a thread; `name` is the staff's, empty for the resident."""

    message_id: str
    author: Literal["resident", "support"]
    name: str
    text: str
    datetime: datetime


class Opening(BaseModel):
    """One act of the staff on a bundle, as its resident sees it."""

    act: Literal["opened", "downloaded", "answered", "handed_over"]
    name: str
    purpose: str
    datetime: datetime


class Case(BaseModel):
    """One bundle and where it stands. `manifest` is what the bundle says of itself."""

    code: str
    state: Literal["open", "closed"]
    bundle: Literal["kept", "deleted", "expired"]
    size: int
    error_reference: str
    created: datetime
    expires: datetime
    answer_by: datetime
    updated: datetime
    handed_over: datetime | None
    awaits: Literal["support", "resident", "nobody"]
    manifest: dict[str, Any]


class WholeCase(Case):
    """With its thread and the log of who opened it."""

    messages: list[Message]
    openings: list[Opening]


class Cases(BaseModel):
    """The newest first."""

    cases: list[Case]


class OpenedCase(WholeCase):
    """A case as one of the staff has it open, until `opening_ends`."""

    opening_id: str
    opening_ends: datetime


class LogEntry(BaseModel):
    """One line of the supervisor's log. Who the resident is stays out of it, but for a persona, whose resident is
    nobody real; `faults` are those it began with.
    """

    entry_id: int
    act: str
    code: str
    name: str
    purpose: str
    datetime: datetime
    resident: str = ""
    faults: dict[str, Any] = {}


class Log(BaseModel):
    """The newest first; `before` asks for the next page, 0 where there is none."""

    entries: list[LogEntry]
    before: int


def local(moment: datetime) -> datetime:
    """A moment in the city's time."""
    return moment.astimezone(HANOI)


def case_fields(row: Row[Any], last_author: str | None, now: datetime) -> dict[str, Any]:
    """The fields of `Case`; a file whose time is over counts as gone before it is swept away."""
    gone = row.bundle == "kept" and row.expires <= now
    awaits = {"resident": "support", "support": "resident"}.get(last_author or "resident")
    return {
        "code": row.code,
        "state": row.state,
        "bundle": "expired" if gone else row.bundle,
        "size": row.size,
        "error_reference": row.error_reference,
        "created": local(row.created),
        "expires": local(row.expires),
        "answer_by": local(row.answer_by),
        "updated": local(row.updated),
        "handed_over": local(row.handed_over) if row.handed_over else None,
        "awaits": "nobody" if row.state == "closed" else awaits,
        "manifest": {} if gone else json.loads(row.manifest or "{}"),
    }


def message(row: Row[Any]) -> Message:
    """A message's row."""
    return Message(
        message_id=row.message_id,
        author=row.author,
        name=row.name,
        text=row.text,
        datetime=local(row.at),
    )


def opening(row: Row[Any]) -> Opening:
    """A log line's row, as the resident sees it."""
    return Opening(act=row.act, name=row.actor_name, purpose=row.purpose, datetime=local(row.at))


def log_entry(row: Row[Any], sandbox: Mapping[str, str]) -> LogEntry:
    """A log line's row, as a supervisor sees it; `sandbox` names its residents by subject."""
    is_persona = row.act == "persona"
    return LogEntry(
        entry_id=row.entry_id,
        act=row.act,
        code=row.code,
        name=row.actor_name,
        purpose=row.purpose,
        datetime=local(row.at),
        resident=sandbox.get(row.subject, "") if is_persona else "",
        faults=json.loads(row.faults or "{}"),
    )
