"""Writing and reading the log of staff: work done in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gateway.inspection.tables import card_staff_acts

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Act:
    """What was done (looked_up, blocked) to whose card, by whom, why, and when (UTC seconds)."""

    subject: str = field(repr=False)
    actor: str = field(repr=False)
    act: str
    reason: str
    at: int


def log(connection: Connection, done: Act) -> None:
    """Write an act down."""
    connection.execute(
        insert(card_staff_acts).values(
            act_id=secrets.token_hex(16),
            subject=done.subject,
            actor=done.actor,
            act=done.act,
            reason=done.reason,
            at=done.at,
        )
    )


def acts_on(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """What staff did to that resident's card, the newest first."""
    mine = select(card_staff_acts).where(card_staff_acts.c.subject == subject)
    return connection.execute(mine.order_by(card_staff_acts.c.at.desc()).limit(SHOWN)).all()
