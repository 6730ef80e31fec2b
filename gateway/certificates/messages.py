"""Questions and answers between a resident and the agency about one application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.certificates import notices
from gateway.certificates.application_tables import messages
from gateway.certificates.tables import IN_PROCESS, applications
from gateway.problems import Problem

RESIDENT, AUTHORITY = "resident", "authority"
QUESTION, ANSWER = "question", "answer"
ANSWER_NEEDED = "answer_needed"


def of(db: Connection, application_id: str) -> list[Row[Any]]:
    """What was asked and answered, oldest first."""
    theirs = select(messages).where(messages.c.application_id == application_id)
    return list(db.execute(theirs.order_by(messages.c.message_id)))


def write(db: Connection, application: Row[Any], text: str, at: datetime) -> None:
    """The resident's answer when the agency waits for one, else a question to it.

    Raises a 409 `Problem` when an application has its result.
    """
    _still_open(application)
    answers = application.note == ANSWER_NEEDED
    kind = ANSWER if answers else QUESTION
    _add(db, application.application_id, RESIDENT, kind, text, at)
    if answers:
        _note(db, application.application_id, "needs_look")


def write_as_authority(
    db: Connection, application: Row[Any], kind: str, text: str, at: datetime
) -> None:
    """The agency's answer, or its question, for whose answer the application then waits.

    Raises a 409 `Problem` for a question when an application has its result, or is not looked at.
    """
    if kind == QUESTION:
        _still_open(application)
        if application.note not in {"needs_look", ANSWER_NEEDED}:
            raise Problem(409, "not-undecided", "Nothing is undecided about this application")
        _note(db, application.application_id, ANSWER_NEEDED)
    _add(db, application.application_id, AUTHORITY, kind, text, at)
    told = notices.QUESTION if kind == QUESTION else notices.ANSWER
    notices.tell(db, application.application_id, told, at)


def awaits_agency(db: Connection, application_id: str) -> bool:
    """Whether the newest message is the resident's."""
    found = of(db, application_id)
    return bool(found) and found[-1].author == RESIDENT


def _still_open(application: Row[Any]) -> None:
    if application.status not in IN_PROCESS:
        raise Problem(409, "application-closed", "This application has its result")


def _note(db: Connection, application_id: str, code: str) -> None:
    this = applications.c.application_id == application_id, applications.c.status == "checking"
    db.execute(update(applications).where(*this).values(note=code))


def _add(
    db: Connection, application_id: str, author: str, kind: str, text: str, at: datetime
) -> None:
    row = {"author": author, "kind": kind, "text": text, "at": at.timestamp()}
    db.execute(insert(messages).values(application_id=application_id, **row))
