"""From the desk: who opened a report with its resident's name, and who handled it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from gateway.access_log.access import Access, Source
from gateway.access_log.tables import staff_looks
from gateway.service_requests.agencies import agencies
from gateway.service_requests.handling_tables import desk_log
from gateway.service_requests.tables import service_requests
from gateway.settings import Settings


def _acts(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    joined = desk_log.join(
        service_requests,
        service_requests.c.service_request_id == desk_log.c.service_request_id,
    )
    mine = service_requests.c.subject == subject, service_requests.c.submitter == "resident"
    newest = desk_log.c.moment.desc(), desk_log.c.entry_id.desc()
    return select(desk_log).select_from(joined).where(*mine).order_by(*newest)


def _handled(row: Row[Any], settings: Settings) -> Access:
    # Which act it was stands in the report's timeline, where residents are told of it.
    return Access(
        at=row.moment,
        service="reports",
        act="handled",
        actor="officer",
        name=row.actor_name,
        office=agencies(settings).name_of(row.agency_code),
        thing="report",
        purpose="handling",
        reference=row.service_request_id,
    )


def _looks(subject: str, own: bool) -> Select[Any] | None:
    if own:
        return None
    newest = staff_looks.c.at.desc(), staff_looks.c.look_no.desc()
    return select(staff_looks).where(staff_looks.c.subject == subject).order_by(*newest)


_THINGS = {"reports": "report", "certificates": "application"}


def _looked(row: Row[Any], settings: Settings) -> Access:
    return Access(
        at=row.at,
        service=row.service,
        act=row.act,
        actor="officer",
        name=row.actor_name,
        office=row.office,
        thing=_THINGS.get(row.service, ""),
        purpose="handling",
        reference=row.reference,
    )


SOURCES = (
    Source(
        "desk",
        "reports",
        ("desk_log",),
        desk_log.c.moment,
        _acts,
        _handled,
        lambda row: row.entry_id,
    ),
    Source(
        "look",
        "",
        ("staff_looks",),
        staff_looks.c.at,
        _looks,
        _looked,
        lambda row: row.look_no,
    ),
)
