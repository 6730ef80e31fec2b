"""The statements about sessions; each of a resident's own is limited to their subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.privacy.lines import ERASED
from gateway.privacy.tables import erasures
from gateway.security import Caller
from gateway.sessions.labels import Label
from gateway.sessions.tables import session_id_of, sessions


@dataclass(frozen=True, slots=True)
class Seen:
    """A request of a sign-in: whose, which, when it began and what it came from."""

    session_id: str
    subject: str = field(repr=False)
    signed_in: datetime | None
    label: Label

    @classmethod
    def of(cls, caller: Caller, sid: str, label: Label) -> Seen:
        """What a caller's token tells."""
        began = caller.auth_time
        signed_in = None if began is None else datetime.fromtimestamp(began, UTC)
        return cls(session_id_of(caller.subject, sid), caller.subject, signed_in, label)


def note(connection: Connection, seen: Seen, now: datetime) -> bool:
    """Write down that a sign-in was used; whether it still stands."""
    mine = sessions.c.session_id == seen.session_id
    found = connection.execute(select(sessions.c.ended).where(mine)).one_or_none()
    if found is not None and found.ended is not None:
        return False
    if found is not None:
        connection.execute(update(sessions).where(mine).values(last_seen=now))
        return True
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {
        "session_id": seen.session_id,
        "subject": seen.subject,
        "kind": seen.label.kind,
        "platform": seen.label.platform,
        "signed_in": seen.signed_in,
        "first_seen": now,
        "last_seen": now,
    }
    connection.execute(dialect.insert(sessions).values(row).on_conflict_do_nothing())
    return True


def list_mine(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """The resident's sign-ins that stand, the one used last first."""
    mine = sessions.c.subject == subject, sessions.c.ended.is_(None)
    order = sessions.c.last_seen.desc(), sessions.c.session_id
    return connection.execute(select(sessions).where(*mine).order_by(*order)).all()


def end(connection: Connection, subject: str, session_id: str, now: datetime) -> bool:
    """End one of the resident's own; whether there is such a one. Ended before, it stays so."""
    mine = sessions.c.session_id == session_id, sessions.c.subject == subject
    if connection.execute(select(sessions.c.session_id).where(*mine)).one_or_none() is None:
        return False
    standing = update(sessions).where(*mine, sessions.c.ended.is_(None))
    connection.execute(standing.values(ended=now))
    return True


def end_unseen(connection: Connection, subject: str, session_id: str, now: datetime) -> None:
    """End a sign-in whether or not it was seen: what never called must not begin to."""
    if end(connection, subject, session_id, now):
        return
    row = {"session_id": session_id, "subject": subject, "kind": "program", "platform": ""}
    times = {"first_seen": now, "last_seen": now, "ended": now}
    connection.execute(insert(sessions).values(**row, **times))


def end_others(
    connection: Connection, subject: str, session_id: str, now: datetime
) -> frozenset[str]:
    """End all of the resident's but that one (all, where it is empty); which ones ended."""
    others = (
        sessions.c.subject == subject,
        sessions.c.session_id != session_id,
        sessions.c.ended.is_(None),
    )
    ended = update(sessions).where(*others).values(ended=now).returning(sessions.c.session_id)
    return frozenset(connection.scalars(ended))


def erased_among(connection: Connection, session_ids: Sequence[str]) -> frozenset[str]:
    """Which of these sign-ins belonged to an account that was erased since, or is being erased."""
    under_way = select(erasures.c.subject).where(erasures.c.subject.is_not(None))
    gone = or_(sessions.c.subject.startswith(ERASED), sessions.c.subject.in_(under_way))
    asked = select(sessions.c.session_id).where(sessions.c.session_id.in_(session_ids), gone)
    return frozenset(connection.scalars(asked))


def ended_since(connection: Connection, since: datetime) -> frozenset[str]:
    """Every sign-in that was ended from that moment on, of all residents."""
    late = select(sessions.c.session_id).where(sessions.c.ended >= since)
    return frozenset(connection.scalars(late))
