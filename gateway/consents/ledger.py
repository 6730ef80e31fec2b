"""Writing decisions down, and asking whether one holds. Features call `demand` before they process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from gateway.consents.purposes import Purpose, purposes
from gateway.consents.representing import key_of
from gateway.consents.tables import consent_decisions
from gateway.problems import Problem
from gateway.settings import Settings

AGREED, REFUSED, WITHDRAWN = "agreed", "refused", "withdrawn"
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it came in. `decided` is the device's time, never later than `received`."""

    subject: str = field(repr=False)
    decided_by: str = field(repr=False)
    purpose: str
    decision: str
    text_version: str
    text_digest: str
    language: str
    way: str
    device: str
    client_id: str
    decided: datetime
    received: datetime
    request_id: str


def write(connection: Connection, made: Decision) -> bool:
    """Add a decision; whether it is the newest of its purpose, so that it counts from now on."""
    columns = consent_decisions.c
    later = select(func.count()).where(
        columns.subject == made.subject,
        columns.purpose == made.purpose,
        columns.decided > made.decided,
    )
    is_newest = not connection.scalar(later)
    values = {name: getattr(made, name) for name in Decision.__slots__}
    connection.execute(insert(consent_decisions).values(values))
    return is_newest


def newest_of(connection: Connection, subject: str) -> dict[str, Row[Any]]:
    """The decision that counts for each purpose somebody has decided about."""
    columns = consent_decisions.c
    mine = select(consent_decisions).where(columns.subject == subject)
    rows = connection.execute(mine.order_by(columns.decided, columns.decision_no))
    return {row.purpose: row for row in rows}


def history_of(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """Every decision about that resident's data, the newest first, at most `SHOWN`."""
    columns = consent_decisions.c
    mine = select(consent_decisions).where(columns.subject == subject)
    newest_first = (columns.decided.desc(), columns.decision_no.desc())
    return connection.execute(mine.order_by(*newest_first).limit(SHOWN)).all()


def state_of(purpose: Purpose, row: Row[Any] | None) -> str:
    """undecided, agreed, refused, withdrawn, or outdated: agreed to a text that has changed since."""
    if row is None:
        return "undecided"
    if row.decision == AGREED and not purpose.still_holds(row.text_version):
        return "outdated"
    return str(row.decision)


def is_given(connection: Connection, subject: str, code: str, settings: Settings) -> bool:
    """Whether that resident's data may be used for the purpose now.

    Raises KeyError for a purpose the register does not have: what nobody is asked about cannot be
    agreed to.
    """
    purpose, columns = purposes(settings)[code], consent_decisions.c
    mine = select(consent_decisions).where(columns.subject == subject, columns.purpose == code)
    newest = mine.order_by(columns.decided.desc(), columns.decision_no.desc()).limit(1)
    return state_of(purpose, connection.execute(newest).one_or_none()) == AGREED


def demand(
    connection: Connection, subject: str, code: str, settings: Settings, *, parent: str = ""
) -> None:
    """Raise a 403 `Problem` that names the purpose, unless its consent is given; with `parent`, who
    asks about a child, also the child's key.
    """
    if not is_given(connection, subject, code, settings):
        title = "This needs a consent that is not given"
        child = key_of(parent, subject) if parent not in ("", subject) else ""
        raise Problem(403, "consent-required", title, purpose=code, child=child)
