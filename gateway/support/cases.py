"""Residents' own bundles: keeping one, its thread, deleting the file, closing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.problems import Problem, not_found
from gateway.settings import SupportRules
from gateway.support.codes import new_code
from gateway.support.limits import hold_back_bundles, hold_back_messages
from gateway.support.tables import cases, messages, openings
from gateway.working_time import after_working_days

RESIDENT, SUPPORT = "resident", "support"
TRIES = 20


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a resident sends: the file's size and what it says of itself, the reference of the error they met,
    and what they write to it, which may be nothing.
    """

    size: int
    manifest: dict[str, Any] = field(repr=False)
    error_reference: str
    words: str = field(repr=False)


def begin(
    db: Connection, subject: str, case_id: str, new: NewCase, rules: SupportRules, now: datetime
) -> str:
    """Keep a new case and return its code. Raises a 429 `Problem` after too many."""
    hold_back_bundles(db, subject, rules, now)
    code = _free_code(db)
    db.execute(
        insert(cases).values(
            case_id=case_id,
            subject=subject,
            code=code,
            state="open",
            bundle="kept",
            size=new.size,
            manifest=json.dumps(new.manifest, ensure_ascii=False),
            error_reference=new.error_reference,
            created=now,
            expires=now + timedelta(days=rules.kept_days),
            answer_by=after_working_days(now, rules.answer_days).due,
            updated=now,
        )
    )
    if new.words:
        add_message(db, case_id, RESIDENT, "", new.words, now)
    return code


def _free_code(db: Connection) -> str:
    for _ in range(TRIES):
        code = new_code()
        if db.execute(select(cases.c.case_id).where(cases.c.code == code)).first() is None:
            return code
    raise Problem(503, "no-free-code", "No code is free now")


def own(db: Connection, subject: str, code: str) -> Row[Any]:
    """One of the resident's own cases. Raises a 404 `Problem`."""
    mine = select(cases).where(cases.c.subject == subject, cases.c.code == code)
    found = db.execute(mine).one_or_none()
    if found is None:
        raise not_found()
    return found


def list_mine(db: Connection, subject: str) -> Sequence[Row[Any]]:
    """The resident's own cases, newest first."""
    mine = select(cases).where(cases.c.subject == subject)
    return db.execute(mine.order_by(cases.c.created.desc(), cases.c.case_id)).all()


def last_authors(db: Connection, case_ids: Sequence[str]) -> dict[str, str]:
    """Who wrote last, by case."""
    of_these = messages.c.case_id.in_(case_ids)
    written = select(messages.c.case_id, messages.c.author).where(of_these)
    return {
        row.case_id: row.author
        for row in db.execute(written.order_by(messages.c.at, messages.c.message_id))
    }


def thread(db: Connection, case_id: str) -> Sequence[Row[Any]]:
    """The messages of a case, oldest first."""
    of_it = select(messages).where(messages.c.case_id == case_id)
    return db.execute(of_it.order_by(messages.c.at, messages.c.message_id)).all()


def acts_on(db: Connection, subject: str, case_id: str) -> Sequence[Row[Any]]:
    """What the staff did with one of the resident's bundles, newest first."""
    mine = openings.c.subject == subject, openings.c.case_id == case_id
    return db.execute(select(openings).where(*mine).order_by(openings.c.entry_id.desc())).all()


def write(
    db: Connection, subject: str, code: str, text: str, rules: SupportRules, now: datetime
) -> None:
    """Add the resident's words to their thread.

    Raises a 404 `Problem`, a 409 when it is closed, a 429 after too many.
    """
    case = own(db, subject, code)
    still_open(case)
    hold_back_messages(db, subject, rules, now)
    add_message(db, case.case_id, RESIDENT, "", text, now)


def close(db: Connection, subject: str, code: str, now: datetime) -> None:
    """Close one's own thread; twice is once. Raises a 404 `Problem`."""
    case = own(db, subject, code)
    if case.state == "open":
        here = update(cases).where(cases.c.case_id == case.case_id)
        db.execute(here.values(state="closed", updated=now))


def delete_bundle(db: Connection, subject: str, code: str, now: datetime) -> str:
    """Mark one's own file as deleted, and return the case whose file has to go. Raises a 404
    `Problem`.
    """
    case = own(db, subject, code)
    if case.bundle == "kept":
        gone = {"bundle": "deleted", "manifest": "", "size": 0, "error_reference": ""}
        db.execute(update(cases).where(cases.c.case_id == case.case_id).values(updated=now, **gone))
    return str(case.case_id)


def expire_all(db: Connection, subject: str, now: datetime) -> None:
    """End a resident's bundles at once: nobody opens them from now on, and the sweep deletes the files."""
    kept = cases.c.subject == subject, cases.c.bundle == "kept", cases.c.expires > now
    db.execute(update(cases).where(*kept).values(expires=now))


def still_open(case: Row[Any]) -> None:
    """Raise a 409 `Problem` for a closed case."""
    if case.state != "open":
        raise Problem(409, "support-closed", "This thread is closed")


def add_message(
    db: Connection, case_id: str, author: str, name: str, text: str, now: datetime
) -> None:
    """Put a message into a thread."""
    row = {"author": author, "name": name, "text": text, "at": now}
    db.execute(insert(messages).values(message_id=secrets.token_hex(16), case_id=case_id, **row))
    db.execute(update(cases).where(cases.c.case_id == case_id).values(updated=now))
