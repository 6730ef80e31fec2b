"""Somebody says that a line of a record is wrong: kept, looked at by its facility, answered.

The record itself stays word for word as it came. A facility that agrees sends a new resource.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from gateway.health_people.tables import corrections, proofs
from gateway.health_people.whose import Place
from gateway.jobs import enqueue
from gateway.problems import FieldError, Problem, invalid, not_found

JOB = "health_correction"
RECEIVED, IN_REVIEW, CORRECTED, NOT_CORRECTED = (
    "received",
    "in_review",
    "corrected",
    "not_corrected",
)
OPEN_MOST = 50
"""How many requests may wait for one record at a time."""
PROOFS_MOST = 2
PROOFS_WAITING = 20
PROOFS_KEPT = timedelta(hours=48)
SANDBOX_FACILITY = "Cơ sở y tế mẫu (môi trường thử)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which line (`title` as it was shown), what is wrong with it, and the proofs sent ahead."""

    resource_type: str
    resource_id: str
    title: str = field(repr=False)
    description: str = field(repr=False)
    media_ids: tuple[str, ...]


def request(
    connection: Connection, place: Place, subject: str, wanted: Wanted, now: datetime
) -> str:
    """Keep a request and let its facility be asked; returns its id.

    Raises a 409 `Problem` for too many, a 422 for proofs that are not there.
    """
    waiting = select(func.count()).where(
        corrections.c.patient_id == place.patient_id,
        corrections.c.state.in_((RECEIVED, IN_REVIEW)),
    )
    if (connection.scalar(waiting) or 0) >= OPEN_MOST:
        raise Problem(409, "too-many-corrections", "Too many corrections are waiting")
    correction_id = secrets.token_hex(16)
    _attach(connection, subject, wanted.media_ids, correction_id)
    connection.execute(
        insert(corrections).values(
            correction_id=correction_id,
            patient_id=place.patient_id,
            subject=subject,
            resource_type=wanted.resource_type,
            resource_id=wanted.resource_id,
            title=wanted.title,
            description=wanted.description,
            photos=json.dumps(list(wanted.media_ids)),
            facility="",
            state=RECEIVED,
            reason="",
            created=now,
            updated=now,
        )
    )
    return correction_id


def ask_sandbox(connection: Connection, correction_id: str, now: datetime, seconds: float) -> None:
    """Let the sandbox's facility look at it after so many seconds."""
    enqueue(connection, JOB, correction_id, now.timestamp() + seconds)


def find(connection: Connection, place: Place, correction_id: str) -> Row[Any]:
    """One request of that record. Raises a 404 `Problem` for none and for another record's."""
    row = connection.execute(
        select(corrections).where(
            corrections.c.correction_id == correction_id,
            corrections.c.patient_id == place.patient_id,
        )
    ).one_or_none()
    if row is None:
        raise not_found()
    return row


def of_record(connection: Connection, place: Place, most: int = 200) -> Sequence[Row[Any]]:
    """The requests of that record, the newest first."""
    theirs = select(corrections).where(corrections.c.patient_id == place.patient_id)
    newest = (corrections.c.created.desc(), corrections.c.correction_id)
    return connection.execute(theirs.order_by(*newest).limit(most)).all()


def answer_as_sandbox(connection: Connection, correction_id: str, now: datetime) -> bool:
    """One step of the sandbox's facility: takes it up, then decides; True while there is more.

    It agrees to what a photo proves and asks for a photo otherwise: a stand-in, not a doctor.
    """
    row = connection.execute(
        select(corrections).where(corrections.c.correction_id == correction_id)
    ).one_or_none()
    if row is None or row.state not in (RECEIVED, IN_REVIEW):
        return False
    if row.state == RECEIVED:
        _move(connection, row, IN_REVIEW, "", now)
        return True
    if json.loads(row.photos):
        words = "Đã đối chiếu với giấy tờ bạn gửi. Bản ghi mới sẽ thay dòng này."
        _move(connection, row, CORRECTED, words, now)
    else:
        words = "Chưa có giấy tờ chứng minh. Gửi lại kèm ảnh giấy tờ của lần khám đó."
        _move(connection, row, NOT_CORRECTED, words, now)
    return False


def _move(connection: Connection, row: Row[Any], state: str, reason: str, now: datetime) -> None:
    connection.execute(
        update(corrections)
        .where(corrections.c.correction_id == row.correction_id, corrections.c.state == row.state)
        .values(state=state, reason=reason, facility=SANDBOX_FACILITY, updated=now)
    )


def keep_proof(
    connection: Connection, subject: str, proof_id: str, now: datetime
) -> tuple[str, ...]:
    """Note that a photo is kept; returns the ids of this resident's that nothing took in time, to
    be forgotten. Raises a 429 `Problem` when too many wait.
    """
    mine = (proofs.c.subject == subject, proofs.c.correction_id.is_(None))
    old = (*mine, proofs.c.created < now - PROOFS_KEPT)
    stale = tuple(connection.scalars(select(proofs.c.proof_id).where(*old)))
    connection.execute(delete(proofs).where(*old))
    if (connection.scalar(select(func.count()).where(*mine)) or 0) >= PROOFS_WAITING:
        wait = {"Retry-After": str(int(PROOFS_KEPT.total_seconds()))}
        raise Problem(429, "too-many-photos", "Too many photos are waiting", headers=wait)
    connection.execute(insert(proofs).values(proof_id=proof_id, subject=subject, created=now))
    return stale


def may_see(connection: Connection, subject: str, proof_id: str) -> bool:
    """Whether that photo is this resident's own."""
    wanted = (proofs.c.proof_id == proof_id, proofs.c.subject == subject)
    return connection.scalar(select(func.count()).where(*wanted)) == 1


def _attach(
    connection: Connection, subject: str, media_ids: tuple[str, ...], correction_id: str
) -> None:
    for position, proof_id in enumerate(media_ids):
        free = update(proofs).where(
            proofs.c.proof_id == proof_id,
            proofs.c.subject == subject,
            proofs.c.correction_id.is_(None),
        )
        if not connection.execute(free.values(correction_id=correction_id)).rowcount:
            raise invalid([FieldError(field=f"media_ids.{position}", code="unknown")])
