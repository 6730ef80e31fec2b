"""Two acts that touch two reports: a repeated one merged into another, and one split in two."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.media_store import MediaStore
from gateway.problems import FieldError, Problem, invalid
from gateway.service_requests import desk_bodies as bodies
from gateway.service_requests import records
from gateway.service_requests.agencies import agencies
from gateway.service_requests.desk_acts import Desk
from gateway.service_requests.handling_tables import follows
from gateway.service_requests.notices import tell
from gateway.service_requests.officers import Officer
from gateway.service_requests.publicity import public_cell
from gateway.service_requests.reading import of_desk
from gateway.service_requests.services import deadline_of, graver, notice_of, services
from gateway.service_requests.tables import CLOSED_CODES, media
from gateway.settings import Settings


def merge(desk: Desk, row: Row[Any], body: bodies.Merge) -> None:
    """Close a repeated report in favour of an open one; its resident and its followers follow
    that one.
    """
    scene = desk.scene
    target = _target(desk, row, body.into)
    into = target.service_request_id
    words = f"Phản ánh này trùng với {into}. Bạn theo dõi kết quả ở đó."
    desk.move(row, "merge", words, detail=into, values={"merged_into": into})
    _bring_along(desk, row, target)
    entry = records.Update(
        target.status_code,
        scene.now,
        f"Đã gộp thêm {row.service_request_id}, phản ánh cùng việc này.",
        desk.actor.agency,
        desk.actor.name,
        act="merge",
        actor_subject=desk.officer.subject,
        actor_role="officer",
        agency_code=target.agency_code,
    )
    kept = {"status_notes": target.status_notes}
    records.add_update(scene.connection, into, entry, **kept)


def _target(desk: Desk, row: Row[Any], into: str) -> Row[Any]:
    unknown = invalid([FieldError(field="into", code="unknown")])
    if into == row.service_request_id:
        raise unknown
    try:
        target = of_desk(desk.scene.connection, desk.officer, desk.scene.settings, into, lock=True)
    except Problem:
        raise unknown from None
    if target.status_code in CLOSED_CODES:
        raise invalid([FieldError(field="into", code="closed")])
    return target


def _bring_along(desk: Desk, row: Row[Any], target: Row[Any]) -> None:
    """Whoever follows the merged report, and the resident who sent it, follow the other one."""
    connection = desk.scene.connection
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    now = literal(desk.scene.now, follows.c.created.type)
    followers = select(follows.c.subject).where(
        follows.c.service_request_id == row.service_request_id,
        follows.c.subject != target.subject,
    )
    subjects = set(connection.scalars(followers))
    if row.submitter == "resident" and row.subject != target.subject:
        subjects.add(row.subject)
    for subject in sorted(subjects):
        connection.execute(
            dialect.insert(follows)
            .values(subject=subject, service_request_id=target.service_request_id, created=now)
            .on_conflict_do_nothing()
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """A photo that the second part shows too: its row, and the id of its own copy."""

    row: Row[Any]
    media_id: str


def copies(
    connection: Connection, officer: Officer, settings: Settings, service_request_id: str
) -> list[Copy]:
    """New ids for the photos of the second part. Raises a 404 `Problem`."""
    of_desk(connection, officer, settings, service_request_id)
    wanted = select(media).where(
        media.c.service_request_id == service_request_id, media.c.kind == "photo"
    )
    return [Copy(row, secrets.token_hex(16)) for row in connection.execute(wanted)]


def copy_files(store: MediaStore, copied: Sequence[Copy]) -> None:
    """Keep every photo a second time. Blocks."""
    for item in copied:
        store.copy(item.row.media_id, item.media_id)


def drop_files(store: MediaStore, copied: Sequence[Copy]) -> None:
    """Forget copies that no report shows. Blocks."""
    for item in copied:
        store.delete(item.media_id)


def split(desk: Desk, row: Row[Any], body: bodies.Split, copied: Sequence[Copy] = ()) -> str:
    """Make two reports of one: the first part keeps the number, the second is routed anew. Both
    stay with the resident and with whoever follows. Returns the second part's id.
    """
    scene = desk.scene
    first = _first_part(desk, row, body)
    second = _second_part(desk, row, body)
    made = records.add(scene.connection, row.subject, second, [])
    _copy_follows(desk, row, made)
    for item in copied:
        _copy_media(desk, item, made)
    words = f"Phản ánh có hai việc nên được tách: việc thứ hai là {made}. Nội dung bạn gửi: “{row.description}”"
    desk.move(row, "split", words, detail=made, values=first)
    tell(scene.connection, made, "split", f"Tách từ {row.service_request_id}.", scene.now)
    return made


def _first_part(desk: Desk, row: Row[Any], body: bodies.Split) -> dict[str, Any]:
    code = body.service_codes[0]
    return {
        "description": body.descriptions[0],
        "service_code": code,
        "cell": public_cell(code, row.lat, row.long),
    }


def _second_part(desk: Desk, row: Row[Any], body: bodies.Split) -> dict[str, Any]:
    settings, now = desk.scene.settings, desk.scene.now
    code = body.service_codes[1]
    agency = agencies(settings).route(code, row.ward_code, now)
    urgency = graver(services()[code].urgency, row.urgency)
    deadline = deadline_of(urgency, now, settings.deadlines)
    same = ("address", "ward_code", "lat", "long", "hide_name", "submitter")
    return {
        **{name: getattr(row, name) for name in same},
        "service_code": code,
        "description": body.descriptions[1],
        "urgency": urgency,
        "agency_code": agency.code,
        "agency_responsible": agency.name,
        "service_notice": notice_of(agency.name, urgency, settings.deadlines),
        "requested_datetime": now,
        "expected_datetime": deadline.due,
        "working_days": [day.isoformat() for day in deadline.working_days],
        "split_from": row.service_request_id,
    }


def _copy_follows(desk: Desk, row: Row[Any], made: str) -> None:
    now = literal(desk.scene.now, follows.c.created.type)
    wanted = select(follows.c.subject, literal(made), now).where(
        follows.c.service_request_id == row.service_request_id
    )
    names = ["subject", "service_request_id", "created"]
    desk.scene.connection.execute(insert(follows).from_select(names, wanted))


def _copy_media(desk: Desk, item: Copy, made: str) -> None:
    kept = ("subject", "position", "stage", "description", "kind")
    desk.scene.connection.execute(
        insert(media).values(
            **{name: getattr(item.row, name) for name in kept},
            content_type=item.row.content_type,
            media_id=item.media_id,
            service_request_id=made,
            created=desk.scene.now,
        )
    )
