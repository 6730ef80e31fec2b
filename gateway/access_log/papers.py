"""From certificates, cards, support and the rights: who opened, checked, looked up, answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, or_, select

from gateway.access_log.access import Access, Source, moment
from gateway.certificates.reads import RESIDENT
from gateway.certificates.tables import applications, certificates, reads
from gateway.consents.tables import consent_decisions
from gateway.inspection.tables import card_staff_acts
from gateway.privacy.tables import requests
from gateway.registers.names import name_of
from gateway.service_requests.agencies import agencies
from gateway.service_requests.officers import officers
from gateway.settings import Settings
from gateway.support.limits import PERSONA
from gateway.support.staff import names
from gateway.support.tables import openings


def _reads(subject: str, own: bool) -> Select[Any]:
    joined = reads.join(certificates, certificates.c.number == reads.c.number).join(
        applications, applications.c.application_id == certificates.c.application_id
    )
    about = or_(applications.c.subject == subject, applications.c.person == subject)
    whose = reads.c.actor == RESIDENT if own else reads.c.actor != RESIDENT
    newest = reads.c.at.desc(), reads.c.read_id.desc()
    found = select(reads, applications.c.application_id).select_from(joined)
    return found.where(about, whose).order_by(*newest)


def _read(row: Row[Any], settings: Settings) -> Access:
    checked = row.kind in ("check", "presentation")
    return Access(
        at=moment(row.at),
        service="certificates",
        act="checked" if checked else "opened",
        actor="self" if row.actor == RESIDENT else "anyone",
        name=row.name or "",
        thing="claims" if row.kind == "presentation" else "certificate",
        purpose="checking" if checked else "",
        reference=row.application_id,
    )


def _card_acts(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    columns = card_staff_acts.c
    mine = select(card_staff_acts).where(columns.subject == subject)
    return mine.order_by(columns.at.desc(), columns.act_id)


def _card_act(row: Row[Any], settings: Settings) -> Access:
    officer = officers(settings).get(row.actor)
    blocked = row.act == "blocked"
    return Access(
        at=moment(row.at),
        service="cards",
        act="blocked_card" if blocked else "looked_up_card",
        actor="hotline" if blocked else "inspector",
        name=officer.name if officer else names(settings).get(row.actor, ""),
        office=agencies(settings).name_of(officer.agency_code) if officer else "",
        thing="card",
        purpose=row.reason,
    )


def _bundles(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    mine = select(openings).where(openings.c.subject == subject)
    return mine.order_by(openings.c.at.desc(), openings.c.entry_id.desc())


_BUNDLE_ACTS = {"opened": ("opened_bundle", "bundle"), PERSONA: ("opened_app", "persona")}


def _bundle(row: Row[Any], settings: Settings) -> Access:
    act, thing = _BUNDLE_ACTS.get(row.act, ("handled", "bundle"))
    return Access(
        at=row.at,
        service="support",
        act=act,
        actor="support",
        name=row.actor_name,
        thing=thing,
        purpose=row.purpose,
        reference=row.case_id,
    )


def _decisions(subject: str, own: bool) -> Select[Any]:
    columns = consent_decisions.c
    whose = columns.decided_by == subject if own else columns.decided_by != subject
    mine = select(consent_decisions).where(columns.subject == subject, whose)
    return mine.order_by(columns.received.desc(), columns.decision_no.desc())


def _decision(row: Row[Any], settings: Settings) -> Access:
    own = row.decided_by == row.subject
    return Access(
        at=row.received,
        service="privacy",
        act=row.decision,
        actor="self" if own else "parent",
        name="" if own else name_of(settings, row.decided_by),
        thing=row.purpose,
    )


def _answers(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    columns = requests.c
    mine = select(requests).where(columns.subject == subject, columns.answered.is_not(None))
    return mine.order_by(columns.answered.desc(), columns.request_id)


def _answer(row: Row[Any], settings: Settings) -> Access:
    officer = officers(settings).get(row.answered_by or "")
    return Access(
        at=row.answered,
        service="privacy",
        act="handled",
        actor="officer",
        name=officer.name if officer else "",
        office=agencies(settings).name_of(officer.agency_code) if officer else "",
        thing="request",
        purpose="handling",
    )


SOURCES = (
    Source(
        "certificate",
        "certificates",
        ("certificate_reads",),
        reads.c.at,
        _reads,
        _read,
        lambda row: row.read_id,
    ),
    Source(
        "card",
        "cards",
        ("card_staff_acts",),
        card_staff_acts.c.at,
        _card_acts,
        _card_act,
        lambda row: row.act_id,
    ),
    Source(
        "support",
        "support",
        ("support_openings",),
        openings.c.at,
        _bundles,
        _bundle,
        lambda row: row.entry_id,
    ),
    Source(
        "consent",
        "privacy",
        ("consent_decisions",),
        consent_decisions.c.received,
        _decisions,
        _decision,
        lambda row: row.decision_no,
    ),
    Source(
        "request",
        "privacy",
        ("privacy_requests",),
        requests.c.answered,
        _answers,
        _answer,
        lambda row: row.request_id,
    ),
)
