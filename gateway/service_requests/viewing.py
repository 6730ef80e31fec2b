"""A report as one caller sees it: their own, one they follow, one of their agency, or the public
one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from gateway.service_requests import report_answers as wire
from gateway.service_requests.handling_tables import follows
from gateway.service_requests.officers import Officer, key_of
from gateway.service_requests.publicity import is_hidden, public_address, public_point
from gateway.service_requests.reasons import reasons
from gateway.service_requests.services import services
from gateway.service_requests.states import acts_of
from gateway.service_requests.tables import CLOSED_CODES, media, service_requests
from gateway.service_requests.wards import wards
from gateway.settings import Settings
from gateway.working_time import HANOI, working_days_between

_FOR_OFFICERS = {"assigned", "hoax", "reporter", "log", "presence"}


@dataclass(frozen=True)
class Viewer:
    """Who looks: a resident by subject, an officer as one, nobody known as neither."""

    settings: Settings
    subject: str | None = field(default=None, repr=False)
    officer: Officer | None = field(default=None, repr=False)

    @cached_property
    def now(self) -> datetime:
        """The moment of looking, the same for a whole answer."""
        return self.settings.clock()

    def owns(self, row: Row[Any]) -> bool:
        """Whether it is this resident's own report."""
        return self.subject is not None and row.subject == self.subject

    def sees_all_of(self, row: Row[Any]) -> bool:
        """Whether what the public does not see is shown: to its resident and to officers."""
        return self.officer is not None or self.owns(row)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in other tables beside a list of reports, by service_request_id."""

    media: Mapping[str, list[Row[Any]]]
    followers: Mapping[str, tuple[int, bool]]
    parts: Mapping[str, list[str]]


def shown(connection: Connection, rows: Sequence[Row[Any]], viewer: Viewer) -> list[dict[str, Any]]:
    """The reports as JSON for that viewer, who may see them: in three statements, however many."""
    ids = [row.service_request_id for row in rows]
    if not ids:
        return []
    beside = Beside(
        _media_of(connection, ids),
        _followers_of(connection, ids, viewer.subject or ""),
        _parts_of(connection, ids),
    )
    left_out = None if viewer.officer else {"extended_attributes": _FOR_OFFICERS}
    return [
        _service_request(row, viewer, beside).model_dump(mode="json", exclude=left_out)
        for row in rows
    ]


def _media_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    order = (media.c.service_request_id, media.c.position, media.c.created)
    wanted = select(media).where(media.c.service_request_id.in_(ids)).order_by(*order)
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.service_request_id, []).append(row)
    return found


def _followers_of(
    connection: Connection, ids: Sequence[str], subject: str
) -> dict[str, tuple[int, bool]]:
    """How many follow each, and whether `subject` is one of them."""
    is_me: ColumnElement[int] = case((follows.c.subject == subject, 1), else_=0)
    counted = (
        select(follows.c.service_request_id, func.count(), func.max(is_me))
        .where(follows.c.service_request_id.in_(ids))
        .group_by(follows.c.service_request_id)
    )
    return {found: (count, bool(mine)) for found, count, mine in connection.execute(counted)}


def _parts_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    columns = service_requests.c
    wanted = (
        select(columns.split_from, columns.service_request_id)
        .where(columns.split_from.in_(ids))
        .order_by(columns.service_request_id)
    )
    found: dict[str, list[str]] = {}
    for whole, part in connection.execute(wanted):
        found.setdefault(whole, []).append(part)
    return found


def _service_request(row: Row[Any], viewer: Viewer, beside: Beside) -> wire.ServiceRequest:
    whole = viewer.sees_all_of(row)
    hidden = is_hidden(row) and not whole
    photos = [
        media_entry(photo, viewer.settings.api_url, private=whole)
        for photo in beside.media.get(row.service_request_id, [])
        if whole or (photo.cleared and photo.kind == "photo" and not hidden)
    ]
    lat, long = (row.lat, row.long) if whole else public_point(row)
    pictures = [photo for photo in photos if photo.kind == "photo"]
    return wire.ServiceRequest(
        service_request_id=row.service_request_id,
        status="closed" if row.status_code in CLOSED_CODES else "open",
        status_notes=row.status_notes if whole or not (hidden or row.question) else "",
        service_name=service_name(row.service_code),
        service_code=row.service_code,
        description="" if hidden else row.description,
        agency_responsible=row.agency_responsible,
        service_notice=row.service_notice,
        requested_datetime=row.requested_datetime.astimezone(HANOI),
        updated_datetime=row.updated_datetime.astimezone(HANOI),
        expected_datetime=row.expected_datetime.astimezone(HANOI),
        address="" if hidden else row.address if whole else public_address(row),
        address_id=row.ward_code,
        zipcode=None,
        lat=None if hidden else lat,
        long=None if hidden else long,
        media_url=pictures[0].url if pictures else None,
        extended_attributes=_extension(row, viewer, beside, photos),
    )


def _extension(
    row: Row[Any], viewer: Viewer, beside: Beside, photos: list[wire.Media]
) -> wire.Extension:
    settings, found = viewer.settings, row.service_request_id
    ward = wards().get(row.ward_code)
    followers, following = beside.followers.get(found, (0, False))
    whole = viewer.sees_all_of(row)
    acts, until = acts_now(row, viewer)
    return wire.Extension(
        status_code=row.status_code,
        urgency=row.urgency,
        hide_name=row.hide_name,
        ward=wire.CodeAndName(code=row.ward_code, name=ward.name if ward else ""),
        media=photos,
        working_days=row.working_days,
        updates_url=f"{settings.api_url}/{'desk' if viewer.officer else 'reports'}/{found}/updates",
        revision=row.revision,
        extension_url=f"{settings.api_url}/reports/{found}",
        public_url=f"{settings.api_url}/reports/public/{found}",
        attributes=row.attributes if whole else {},
        mine=viewer.owns(row),
        following=following,
        followers=followers,
        acts=acts,
        act_until={act: moment.astimezone(HANOI) for act, moment in until.items()},
        question=(row.question or None) if whole else None,
        paused_since=row.paused_since.astimezone(HANOI) if row.paused_since else None,
        overdue=overdue_of(row, viewer.now),
        escalation=row.escalation,
        reason=reason_of(row.reason_code, settings),
        rating=_rating(row) if whole else None,
        merged_into=row.merged_into,
        split_from=row.split_from,
        split_into=beside.parts.get(found, []),
        agency=wire.CodeAndName(code=row.agency_code, name=row.agency_responsible),
        assigned=_assigned(row) if viewer.officer else None,
        hoax=row.hoax if viewer.officer else None,
    )


def acts_now(row: Row[Any], viewer: Viewer) -> tuple[list[str], dict[str, datetime]]:
    """What this caller may do with the report at this moment, and until when, where it ends."""
    if viewer.officer is not None:
        return list(acts_of(row.status_code, "officer")), {}
    if viewer.subject is None:
        return [], {}
    if not viewer.owns(row):
        return ["follow"], {}
    ends = act_ends(row, viewer.settings)
    allowed = [
        act
        for act in acts_of(row.status_code, "resident")
        if act not in ends or viewer.now <= ends[act]
    ]
    return list(allowed), {act: ends[act] for act in allowed if act in ends}


def act_ends(row: Row[Any], settings: Settings) -> dict[str, datetime]:
    """When the resident's time for an act runs out, for the acts that have such a time."""
    handling = settings.handling
    ends = {"correct": row.requested_datetime + timedelta(minutes=handling.correct_minutes)}
    if row.closed_datetime is not None:
        ends["reopen"] = row.closed_datetime + timedelta(days=handling.reopen_days)
    return ends


def overdue_of(row: Row[Any], now: datetime) -> wire.Overdue | None:
    """How late an open report is; the time it waits for its resident does not count."""
    until = row.paused_since or now
    if row.status_code in CLOSED_CODES or until <= row.expected_datetime:
        return None
    due, day = row.expected_datetime.astimezone(HANOI).date(), until.astimezone(HANOI).date()
    return wire.Overdue(working_days=working_days_between(due, day), reason=row.overdue_reason)


def reason_of(code: str, settings: Settings) -> wire.GivenReason | None:
    """The coded reason in words; a code that has left the register stands for itself."""
    if not code:
        return None
    found = reasons(settings).find(code)
    text, objection = (found.text, found.objection) if found else (code, "")
    return wire.GivenReason(code=code, text=text, objection=objection)


def media_entry(row: Row[Any], api: str, *, private: bool) -> wire.Media:
    """A photo or document with its addresses: its own, or those of its public copy."""
    if private:
        url = f"{api}/media/{row.media_id}.{'pdf' if row.kind == 'document' else 'jpg'}"
        small = f"{url}?size=thumbnail" if row.kind == "photo" else url
    else:
        url = small = f"{api}/media/{row.media_id}/public.jpg"
    return wire.Media(
        media_id=row.media_id,
        url=url,
        thumbnail_url=small,
        description=row.description,
        stage=row.stage,
        kind=row.kind,
        cleared=row.cleared,
        boxes=row.boxes if private else [],
    )


def service_name(code: str) -> str:
    """The present name of the service; a report outlives the list."""
    found = services().get(code)
    return found.service_name if found else code


def _rating(row: Row[Any]) -> wire.Rating | None:
    if row.rating is None:
        return None
    return wire.Rating(value=row.rating, comment=row.rating_comment)


def _assigned(row: Row[Any]) -> wire.Colleague | None:
    if row.assigned_subject is None:
        return None
    return wire.Colleague(subject_key=key_of(row.assigned_subject), name=row.assigned_name)
