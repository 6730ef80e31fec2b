"""An adult lets a carer read their record: invited by a code, accepted, withdrawn in one step.

The code is made on the patient's device; here lies its SHA-256, until it was used. It opens only for
somebody whose name in the population register is the one the patient wrote, and a code that
opens nothing answers the same for every reason: nobody can find out who is registered.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from gateway.health_people.population import same_name
from gateway.health_people.relations import birthday, day_of
from gateway.health_people.tables import code_failures, consents
from gateway.health_records.store import find_patient
from gateway.problems import Problem, not_found
from gateway.registers.population import Resident

CODE_HOURS = 24
"""How long an invitation's code can be used."""
TRIES, TRIES_WITHIN = 5, timedelta(hours=1)
"""How many codes that open nothing one resident may enter, and within which time."""
OPEN_MOST = 20
"""How many invitations and consents one resident may have at a time."""
CARER_AGE, PATIENT_AGE = 18, 16
"""Ages in years: who may be a carer, and from when somebody decides over their own record."""

_TEXT = Path(__file__).with_name("consent_text.json")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the patient decided: for whom, which sections (none: all), the last day (None: open)."""

    name: str = field(repr=False)
    code_hash: str = field(repr=False)
    sections: tuple[str, ...]
    until: datetime | None
    text_version: str


@cache
def consent_text() -> dict[str, str]:
    """The text a patient agrees to: `version`, and its words in `vi` and `en`."""
    found: dict[str, str] = json.loads(_TEXT.read_text(encoding="utf-8"))
    return found


def hash_of(code: str) -> str:
    """SHA-256 of a code as typed: spaces, hyphens and case do not count."""
    bare = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()


def invite(connection: Connection, patient: Resident, wanted: Invitation, now: datetime) -> str:
    """Keep an invitation and return its id.

    Raises a 404 `Problem` without a record, 403 for a child, 409 for an old text or too many.
    """
    if day_of(now) < birthday(patient.birthdate, PATIENT_AGE):
        raise Problem(403, "parents-decide", "The parents of a child decide")
    if wanted.text_version != consent_text()["version"]:
        raise Problem(409, "consent-text-changed", "The text of the consent has changed")
    patient_id = find_patient(connection, patient.subject)
    if patient_id is None:
        raise not_found()
    if len(given_by(connection, patient.subject, now)) >= OPEN_MOST:
        raise Problem(409, "too-many-consents", "There are too many invitations and consents")
    consent_id = secrets.token_hex(16)
    connection.execute(
        insert(consents).values(
            consent_id=consent_id,
            patient_id=patient_id,
            subject=patient.subject,
            name=wanted.name,
            code_hash=wanted.code_hash,
            code_until=now + timedelta(hours=CODE_HOURS),
            sections=json.dumps(sorted(set(wanted.sections))),
            until=wanted.until,
            text_version=wanted.text_version,
            state="invited",
            created=now,
        )
    )
    return consent_id


def opened(connection: Connection, carer: Resident, code: str, now: datetime) -> Row[Any] | None:
    """The invitation that a code opens for this carer, or None; a failure is counted.

    Raises a 429 `Problem` after too many codes that opened nothing.
    """
    recent = select(func.count()).where(
        code_failures.c.subject == carer.subject, code_failures.c.at > now - TRIES_WITHIN
    )
    if (connection.scalar(recent) or 0) >= TRIES:
        wait = {"Retry-After": str(int(TRIES_WITHIN.total_seconds()))}
        raise Problem(429, "too-many-codes", "Too many codes were tried", headers=wait)
    row = connection.execute(
        select(consents).where(
            consents.c.code_hash == hash_of(code),
            consents.c.state == "invited",
            consents.c.code_until > now,
            or_(consents.c.until.is_(None), consents.c.until > now),
            consents.c.subject != carer.subject,
        )
    ).one_or_none()
    grown = day_of(now) >= birthday(carer.birthdate, CARER_AGE)
    if row is not None and grown and same_name(row.name, carer.name):
        return row
    connection.execute(delete(code_failures).where(code_failures.c.at < now - TRIES_WITHIN))
    failure = {"failure_id": secrets.token_hex(16), "subject": carer.subject, "at": now}
    connection.execute(insert(code_failures).values(failure))
    return None


def decide(
    connection: Connection, carer: Resident, row: Row[Any], *, accepts: bool, now: datetime
) -> bool:
    """Accept or refuse an opened invitation; False when it was taken back in that moment."""
    values: dict[str, Any] = {"decided": now, "code_hash": None, "carer": carer.subject}
    values |= {"state": "active", "name": carer.name} if accepts else {"state": "refused"}
    waiting = update(consents).where(
        consents.c.consent_id == row.consent_id, consents.c.state == "invited"
    )
    return connection.execute(waiting.values(values)).rowcount == 1


def end(connection: Connection, subject: str, consent_id: str, now: datetime) -> str:
    """Withdraw (the patient), give up (the carer) or take an invitation back: at once and for good.
    Returns whose record it was about.

    Doing it twice is doing it once. Raises a 404 `Problem` for none and for another's.
    """
    mine = or_(consents.c.subject == subject, consents.c.carer == subject)
    row = connection.execute(
        select(consents).where(consents.c.consent_id == consent_id, mine)
    ).one_or_none()
    if row is None:
        raise not_found()
    running = update(consents).where(
        consents.c.consent_id == consent_id, consents.c.state.in_(("invited", "active"))
    )
    by = "patient" if row.subject == subject else "carer"
    connection.execute(running.values(state="ended", ended=now, ended_by=by, code_hash=None))
    return str(row.patient_id)


def given_by(connection: Connection, subject: str, now: datetime) -> Sequence[Row[Any]]:
    """The resident's invitations and consents that can still be used, the newest first."""
    mine = select(consents).where(
        consents.c.subject == subject,
        consents.c.state.in_(("invited", "active")),
        or_(consents.c.state == "active", consents.c.code_until > now),
        or_(consents.c.until.is_(None), consents.c.until > now),
    )
    return connection.execute(mine.order_by(consents.c.created.desc())).all()


def given_to(connection: Connection, subject: str, now: datetime) -> Sequence[Row[Any]]:
    """The consents in force that let this resident read another's record."""
    theirs = select(consents).where(
        consents.c.carer == subject,
        consents.c.state == "active",
        or_(consents.c.until.is_(None), consents.c.until > now),
    )
    return connection.execute(theirs.order_by(consents.c.decided)).all()


def past_of(
    connection: Connection, subject: str, now: datetime, most: int = 20
) -> Sequence[Row[Any]]:
    """What the resident let others read before, or offered and was refused, the newest first."""
    open_now = {row.consent_id for row in given_by(connection, subject, now)}
    mine = select(consents).where(
        consents.c.subject == subject, consents.c.consent_id.not_in(open_now)
    )
    return connection.execute(mine.order_by(consents.c.created.desc()).limit(most)).all()


def last_day(until: datetime | None) -> date | None:
    """The last day on which a consent with that end can be used."""
    return None if until is None else day_of(until - timedelta(microseconds=1))
