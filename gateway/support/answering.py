"""The staff's side: opening a bundle by its code, for a purpose, and what can be done while it is open.
Everything is logged, and the resident is told.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.problems import Problem, not_found
from gateway.settings import SupportRules
from gateway.support import notices
from gateway.support.cases import SUPPORT, add_message, still_open
from gateway.support.codes import read_code
from gateway.support.limits import UNKNOWN_CODE, hold_back_codes
from gateway.support.staff import Staff
from gateway.support.tables import cases, openings

OPENED, DOWNLOADED, ANSWERED, HANDED_OVER = "opened", "downloaded", "answered", "handed_over"
MOST = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that one of the staff has open: until when, and for which purpose."""

    opening_id: str
    purpose: str
    ends: datetime
    case: Row[Any]


def open_case(
    db: Connection, staff: Staff, typed: str, purpose: str, rules: SupportRules, now: datetime
) -> str | None:
    """Open a bundle by its code: log it, tell its resident, and return the opening's id; None when no
    such bundle is kept, which is logged too. Raises a 429 `Problem` after too many of those.
    """
    hold_back_codes(db, staff.subject, rules, now)
    code = read_code(typed)
    found = db.execute(select(cases).where(cases.c.code == (code or ""))).one_or_none()
    if found is None:
        _log(db, staff, UNKNOWN_CODE, "", purpose, now, code=code or "")
        return None
    opening_id = secrets.token_hex(16)
    _log(db, staff, OPENED, opening_id, purpose, now, code=found.code, case=found)
    notices.tell(db, found.subject, found.code, notices.OPENED, "", now)
    return opening_id


def opened(
    db: Connection, staff: Staff, opening_id: str, rules: SupportRules, now: datetime
) -> Opened:
    """What this one of the staff has open under that id.

    Raises a 404 `Problem` for what is not theirs, a 410 when its time is over.
    """
    line = db.execute(
        select(openings).where(
            openings.c.opening_id == opening_id,
            openings.c.actor_subject == staff.subject,
            openings.c.act == OPENED,
        )
    ).one_or_none()
    if line is None:
        raise not_found()
    case = db.execute(select(cases).where(cases.c.case_id == line.case_id)).one_or_none()
    ends = line.at + timedelta(hours=rules.opening_hours)
    if ends <= now or case is None:
        raise Problem(410, "opening-ended", "This opening has ended")
    return Opened(opening_id, line.purpose, ends, case)


def download(db: Connection, staff: Staff, it: Opened, now: datetime) -> str:
    """Log that the file is taken for a replay, and return its case. Raises a 410 `Problem` when it is gone."""
    if it.case.bundle != "kept" or it.case.expires <= now:
        raise Problem(410, "bundle-gone", "This bundle was deleted")
    _log(db, staff, DOWNLOADED, it.opening_id, it.purpose, now, code=it.case.code, case=it.case)
    return str(it.case.case_id)


def answer(db: Connection, staff: Staff, it: Opened, text: str, now: datetime) -> None:
    """Write to the resident. Raises a 409 `Problem` when they closed the thread."""
    still_open(it.case)
    add_message(db, it.case.case_id, SUPPORT, staff.name, text, now)
    _log(db, staff, ANSWERED, it.opening_id, it.purpose, now, code=it.case.code, case=it.case)
    notices.tell(db, it.case.subject, it.case.code, notices.ANSWERED, "", now)


def hand_over(db: Connection, staff: Staff, it: Opened, now: datetime) -> None:
    """Hand the bundle to the engineers, and tell the resident; twice is once."""
    still_open(it.case)
    if it.case.handed_over is not None:
        return
    here = update(cases).where(cases.c.case_id == it.case.case_id)
    db.execute(here.values(handed_over=now, updated=now))
    _log(db, staff, HANDED_OVER, it.opening_id, it.purpose, now, code=it.case.code, case=it.case)
    notices.tell(db, it.case.subject, it.case.code, notices.HANDED_OVER, "", now)


def waiting(db: Connection, state: str) -> Sequence[Row[Any]]:
    """The cases of a state, the longest unanswered first, at most `MOST`. Whose they are is not for a list."""
    of_state = select(cases).where(cases.c.state == state)
    return db.execute(of_state.order_by(cases.c.answer_by, cases.c.case_id).limit(MOST)).all()


def log(db: Connection, before: int | None) -> Sequence[Row[Any]]:
    """The staff's log, newest first, at most `MOST` lines, those before one of it."""
    lines = select(openings).order_by(openings.c.entry_id.desc()).limit(MOST)
    return db.execute(lines if before is None else lines.where(openings.c.entry_id < before)).all()


def _log(
    db: Connection,
    staff: Staff,
    act: str,
    opening_id: str,
    purpose: str,
    now: datetime,
    *,
    code: str,
    case: Row[Any] | None = None,
) -> None:
    db.execute(
        insert(openings).values(
            opening_id=opening_id,
            act=act,
            case_id=case.case_id if case else "",
            subject=case.subject if case else "",
            code=code,
            actor_subject=staff.subject,
            actor_name=staff.name,
            purpose=purpose,
            at=now,
        )
    )
