"""Which report a caller may see or act on; whatever is not theirs does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, true

from gateway.problems import not_found
from gateway.service_requests import report_answers as wire
from gateway.service_requests.agencies import agencies
from gateway.service_requests.handling_tables import follows
from gateway.service_requests.officers import Officer
from gateway.service_requests.publicity import is_hidden, is_public
from gateway.service_requests.records import MOST, is_id
from gateway.service_requests.states import BETWEEN_TWO
from gateway.service_requests.tables import media, service_request_updates, service_requests
from gateway.service_requests.viewing import Viewer, media_entry, shown
from gateway.settings import Settings
from gateway.working_time import HANOI


def own(connection: Connection, subject: str, found: str, *, lock: bool = False) -> Row[Any]:
    """The resident's own report. Raises a 404 `Problem`, also when it is another's."""
    return _one(connection, found, service_requests.c.subject == subject, lock=lock)


def of_desk(
    connection: Connection, officer: Officer, settings: Settings, found: str, *, lock: bool = False
) -> Row[Any]:
    """A report of the officer's agency. Raises a 404 `Problem`, also when it is another's."""
    return _one(connection, found, desk_sees(officer, settings), lock=lock)


def desk_sees(officer: Officer, settings: Settings) -> ColumnElement[bool]:
    """What narrows reports to those of an officer's agency; the city's desks see all."""
    agency = agencies(settings).find(officer.agency_code, settings.clock())
    if agency is not None and agency.sees_all:
        return true()
    return service_requests.c.agency_code == officer.agency_code


def visible(connection: Connection, subject: str, found: str) -> Row[Any]:
    """A report that is the resident's own, followed by them, or public. Raises a 404 `Problem`."""
    columns = service_requests.c
    followed = select(follows.c.service_request_id).where(follows.c.subject == subject)
    mine = (columns.subject == subject) | columns.service_request_id.in_(followed)
    return _one(connection, found, mine | is_public())


def followed_by(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """The reports this resident follows, the newest follow first, at most `MOST`."""
    wanted = (
        select(service_requests)
        .join(follows, follows.c.service_request_id == service_requests.c.service_request_id)
        .where(follows.c.subject == subject)
        .order_by(follows.c.created.desc(), service_requests.c.service_request_id.desc())
        .limit(MOST)
    )
    return connection.execute(wanted).all()


def show_one(connection: Connection, row: Row[Any], viewer: Viewer) -> dict[str, Any]:
    """One report as JSON for a viewer who may see it."""
    [found] = shown(connection, [row], viewer)
    return found


def timeline(connection: Connection, row: Row[Any], viewer: Viewer) -> list[dict[str, Any]]:
    """The report's updates with their photos, oldest first, without what is not for everybody."""
    updates = service_request_updates.c
    found, whole = row.service_request_id, viewer.sees_all_of(row)
    hidden = is_hidden(row) and not whole
    entries = connection.execute(
        select(service_request_updates)
        .where(updates.service_request_id == found)
        .order_by(updates.datetime, updates.update_id)
    ).all()
    proof: dict[str, list[wire.Media]] = {}
    wanted = select(media).where(media.c.service_request_id == found).order_by(media.c.position)
    for item in connection.execute(wanted):
        if item.update_id and (whole or (item.cleared and item.kind == "photo" and not hidden)):
            shown_item = media_entry(item, viewer.settings.api_url, private=whole)
            proof.setdefault(item.update_id, []).append(shown_item)
    return [
        _entry(entry, viewer, whole, hidden, proof).model_dump(mode="json") for entry in entries
    ]


def _entry(
    row: Row[Any], viewer: Viewer, whole: bool, hidden: bool, proof: dict[str, list[wire.Media]]
) -> wire.UpdateEntry:
    is_private = hidden or (row.act in BETWEEN_TWO and not whole)
    handed_to = None
    if row.act == "transfer":
        name = agencies(viewer.settings).name_of(row.agency_code)
        handed_to = wire.CodeAndName(code=row.agency_code, name=name)
    return wire.UpdateEntry(
        update_id=row.update_id,
        status_code=row.status_code,
        act=row.act,
        datetime=row.datetime.astimezone(HANOI),
        description="" if is_private else row.description,
        agency=row.agency,
        actor=row.actor,
        actor_role=row.actor_role,
        reason_code=row.reason_code,
        handed_to=handed_to,
        media=proof.get(row.update_id, []),
    )


def _one(
    connection: Connection, found: str, narrowed: ColumnElement[bool], *, lock: bool = False
) -> Row[Any]:
    """With `lock` nobody else changes the row until this transaction ends; a row that belongs to
    it can still be added.
    """
    if not is_id(found):
        raise not_found()
    columns = service_requests.c
    wanted = select(service_requests).where(columns.service_request_id == found, narrowed)
    if lock:
        wanted = wanted.with_for_update(key_share=True)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise not_found()
    return row
