"""Granting the coming hours to an enrolled device: one anchor for each card and slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.cards.enrolments import is_blocked
from gateway.cards.issuer import Entitlement, IssuerKey, grant, header
from gateway.cards.tables import enrolments, grants
from gateway.problems import Problem, not_found

_SLOTS_KEPT = 2


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """The anchors (slot → 32 hex digits) a device sends; `now_slot` is the gateway's hour."""

    subject: str = field(repr=False)
    card_id: str
    anchors: Mapping[int, str] = field(repr=False)
    holds: Entitlement
    key: IssuerKey
    now_slot: int


def grant_slots(connection: Connection, wanted: GrantRequest) -> list[Row[Any]]:
    """The grants of the wanted slots, ascending; new ones are signed, earlier ones given again.

    Raises a 404 `Problem` for a card that is not this resident's, a 409 for one that moved to
    another device or is blocked, and for another anchor than a slot already has.
    """
    _demand_current(connection, wanted)
    _forget_past(connection, wanted)
    known = {row.slot: row for row in _known(connection, wanted)}
    taken = [slot for slot, row in known.items() if row.anchor != wanted.anchors[slot]]
    if taken:
        title = "Another anchor was granted for this slot"
        raise Problem(409, "anchor-taken", title, slots=sorted(taken))
    new = [_signed(wanted, slot) for slot in wanted.anchors if slot not in known]
    if new:
        connection.execute(insert(grants), new)
    return _known(connection, wanted)


def _demand_current(connection: Connection, wanted: GrantRequest) -> None:
    mine = connection.execute(
        select(enrolments).where(
            enrolments.c.card_id == wanted.card_id, enrolments.c.subject == wanted.subject
        )
    ).one_or_none()
    if mine is None:
        raise not_found()
    if mine.ended_at is not None:
        raise Problem(409, "card-moved", "The card moved to another device")
    if is_blocked(connection, wanted.subject):
        raise Problem(409, "card-blocked", "The card is blocked")


def _known(connection: Connection, wanted: GrantRequest) -> list[Row[Any]]:
    statement = select(grants).where(
        grants.c.card_id == wanted.card_id, grants.c.slot.in_(wanted.anchors)
    )
    return list(connection.execute(statement.order_by(grants.c.slot)))


def _signed(wanted: GrantRequest, slot: int) -> dict[str, Any]:
    anchor = wanted.anchors[slot]
    signed = header(wanted.key, bytes.fromhex(wanted.card_id), slot, wanted.holds)
    return {
        "card_id": wanted.card_id,
        "slot": slot,
        "subject": wanted.subject,
        "anchor": anchor,
        "header": signed.hex(),
        "grant": grant(wanted.key, signed, bytes.fromhex(anchor)).hex(),
    }


def _forget_past(connection: Connection, wanted: GrantRequest) -> None:
    """Slots that no gate takes any more would only tell when the resident had the card."""
    connection.execute(
        delete(grants).where(
            grants.c.subject == wanted.subject,
            grants.c.slot < wanted.now_slot - _SLOTS_KEPT,
        )
    )
