"""Putting a card on a device, and taking it off again: work done in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, or_, select, update

from gateway.cards.tables import blocks, enrolments, grants
from gateway.problems import Problem

_SLOT_SECONDS = 3600
_GRACE_SECONDS = 30  # A gate still takes the last step of a slot for one step of the next.


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device sends to have the card put on it; `at` is UTC seconds."""

    subject: str = field(repr=False)
    device_name: str = field(repr=False)
    platform: str
    idempotency_key: str = field(repr=False)
    body_hash: str
    at: int


def current_device(connection: Connection, subject: str) -> Row[Any] | None:
    """The enrolment of the device that holds this resident's card now, or None."""
    mine = enrolments.c.subject == subject
    return connection.execute(
        select(enrolments).where(mine, enrolments.c.ended_at.is_(None))
    ).one_or_none()


def enrol(connection: Connection, wanted: Enrolment) -> Row[Any]:
    """Put the card on a new device and end the old one; the same key and body give the same answer.

    Raises a 422 `Problem` when the key came with another body before.
    """
    before = _same_key(connection, wanted)
    if before is not None:
        if before.body_hash != wanted.body_hash:
            title = "This idempotency key was used with another body"
            raise Problem(422, "idempotency-key-reused", title)
        return before
    _end_current(connection, wanted)
    return connection.execute(
        insert(enrolments)
        .values(
            card_id=secrets.token_hex(8),
            subject=wanted.subject,
            device_name=wanted.device_name,
            platform=wanted.platform,
            enrolled_at=wanted.at,
            idempotency_key=wanted.idempotency_key,
            body_hash=wanted.body_hash,
        )
        .returning(*enrolments.c)
    ).one()


def block(connection: Connection, subject: str, at: int) -> None:
    """Block this resident's card; once blocked it stays as it is."""
    if not is_blocked(connection, subject):
        connection.execute(insert(blocks).values(subject=subject, blocked_at=at))


def unblock(connection: Connection, subject: str) -> None:
    """Let this resident's card work again."""
    connection.execute(delete(blocks).where(blocks.c.subject == subject))


def is_blocked(connection: Connection, subject: str) -> bool:
    """Whether this resident had the card blocked."""
    found = select(blocks.c.subject).where(blocks.c.subject == subject)
    return connection.execute(found).one_or_none() is not None


def denied_card_ids(connection: Connection, at: int) -> list[str]:
    """The ids gates must refuse, ascending."""
    return list(connection.scalars(denied(at).order_by(enrolments.c.card_id)))


def denied(at: int) -> Select[str]:
    """The query for moved or blocked cards whose last granted slot has not passed."""
    live = exists().where(
        grants.c.card_id == enrolments.c.card_id,
        grants.c.slot >= (at - _GRACE_SECONDS) // _SLOT_SECONDS,
    )
    blocked = enrolments.c.subject.in_(select(blocks.c.subject))
    refused = or_(enrolments.c.ended_at.is_not(None), blocked)
    return select(enrolments.c.card_id).where(refused, live)


def _same_key(connection: Connection, wanted: Enrolment) -> Row[Any] | None:
    return connection.execute(
        select(enrolments).where(
            enrolments.c.subject == wanted.subject,
            enrolments.c.idempotency_key == wanted.idempotency_key,
        )
    ).one_or_none()


def _end_current(connection: Connection, wanted: Enrolment) -> None:
    connection.execute(
        update(enrolments)
        .where(enrolments.c.subject == wanted.subject, enrolments.c.ended_at.is_(None))
        .values(ended_at=wanted.at)
    )
