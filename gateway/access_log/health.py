"""From health records: looks by right, and openings of shared links."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from gateway.access_log.access import Access, Source
from gateway.health_records.accesses import OWN_RECORD
from gateway.health_records.tables import accesses, patients
from gateway.health_sharing.opening import SHARE
from gateway.health_sharing.tables import openings, shares
from gateway.registers.names import name_of
from gateway.settings import Settings

_ACTORS = {"patient": "self", "parent": "parent", "consent": "carer", "facility": "facility"}


def _looks(subject: str, own: bool) -> Select[Any]:
    """Openings of links stand in their own log, with those that failed."""
    basis = accesses.c.basis
    whose = basis == OWN_RECORD if own else basis.not_in((OWN_RECORD, SHARE))
    joined = accesses.join(patients, patients.c.patient_id == accesses.c.patient_id)
    newest = accesses.c.at.desc(), accesses.c.access_id.desc()
    return (
        select(accesses)
        .select_from(joined)
        .where(patients.c.subject == subject, whose)
        .order_by(*newest)
    )


def _looked(row: Row[Any], settings: Settings) -> Access:
    return Access(
        at=row.at,
        service="health",
        act="looked",
        actor=_ACTORS.get(row.basis, "anyone"),
        name="" if row.basis == OWN_RECORD else row.name or name_of(settings, row.subject),
        thing=(row.part or row.interaction).split("/")[0],
        purpose=row.purpose,
        client=row.client_id,
    )


def _openings(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    joined = openings.join(shares, shares.c.share_id == openings.c.share_id)
    newest = openings.c.at.desc(), openings.c.opening_id.desc()
    return select(openings).select_from(joined).where(shares.c.subject == subject).order_by(*newest)


def _opened(row: Row[Any], settings: Settings) -> Access:
    return Access(
        at=row.at,
        service="health",
        act="opened_share" if row.outcome == "opened" else "wrong_passcode",
        actor="link",
        name=row.recipient,
        thing="share",
        purpose="TREAT",
        reference=row.share_id,
    )


SOURCES = (
    Source(
        "health",
        "health",
        ("health_accesses",),
        accesses.c.at,
        _looks,
        _looked,
        lambda row: row.access_id,
    ),
    Source(
        "share",
        "health",
        ("health_share_openings",),
        openings.c.at,
        _openings,
        _opened,
        lambda row: row.opening_id,
    ),
)
