"""Where a record's bundles came from, as FHIR Provenance: which facility or import, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, func, or_, select

from gateway.health_records.questions import Pairs, count_of, invalid, patient_of, split
from gateway.health_records.right import Right
from gateway.health_records.searching import covered, moment_fits
from gateway.health_records.serving import instant
from gateway.health_records.tables import bundles, current, facilities

PARAMETERS = {
    "_id": "token",
    "_lastUpdated": "date",
    "patient": "reference",
    "recorded": "date",
    "target": "reference",
}
_ID = "bundle-"
_MOST_TARGETS = 1000

Resource = dict[str, Any]


def find(
    connection: Connection, rights: Mapping[str, Right], asked: Pairs, after: int | None
) -> tuple[list[Resource], int, int | None]:
    """A page of Provenance, newest first, how many there are, and the place to go on from."""
    mine = bundles.c.patient_id.in_(list(rights))
    where = and_(mine, *(_fits(k, v, rights) for k, v in asked))
    total = connection.scalar(select(func.count()).select_from(bundles).where(where)) or 0
    count = count_of(dict(asked).get("_count"))
    if after is not None:
        where = and_(where, bundles.c.bundle_id < after)
    found = _resources(connection, rights, where, count + 1)
    last = int(found[count - 1]["id"].removeprefix(_ID)) if len(found) > count > 0 else None
    return found[:count], total, last


def read(connection: Connection, rights: Mapping[str, Right], logical_id: str) -> Resource | None:
    """The Provenance of one bundle of one of these records, or None."""
    where = and_(bundles.c.patient_id.in_(list(rights)), _is(logical_id))
    return next(iter(_resources(connection, rights, where, 1)), None)


def owner_of(connection: Connection, logical_id: str) -> str | None:
    """Whose record the bundle belongs to."""
    return connection.scalar(select(bundles.c.patient_id).where(_is(logical_id)))


def _resources(
    connection: Connection, rights: Mapping[str, Right], where: ColumnElement[bool], limit: int
) -> list[Resource]:
    query = (
        select(bundles, facilities.c.name)
        .outerjoin(facilities, facilities.c.facility_id == bundles.c.facility_id)
        .where(where)
        .order_by(bundles.c.bundle_id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    targets = _targets(connection, rights, [row.bundle_id for row in rows])
    return [_resource(row, targets.get(row.bundle_id, [])) for row in rows]


def _targets(
    connection: Connection, rights: Mapping[str, Right], bundle_ids: Iterable[int]
) -> dict[int, list[str]]:
    query = (
        select(current.c.bundle_id, current.c.type, current.c.logical_id)
        .where(current.c.bundle_id.in_(list(bundle_ids)), covered(rights))
        .limit(_MOST_TARGETS)
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.bundle_id, []).append(f"{row.type}/{row.logical_id}")
    return found


def _fits(key: str, value: str, rights: Mapping[str, Right]) -> ColumnElement[bool]:
    name, _, modifier = key.partition(":")
    if modifier:
        raise invalid("Provenance's parameters have no modifiers here")
    if name == "_id":
        return or_(false(), *(_is(one) for one in split(value)))
    if name in {"recorded", "_lastUpdated"}:
        return or_(*(moment_fits(bundles.c.received_at, one) for one in split(value)))
    if name == "patient":
        return bundles.c.patient_id.in_([patient_of(one, "") for one in split(value)])
    if name == "target":
        ids = [one.rsplit("/", 1)[-1] for one in split(value)]
        these = select(current.c.bundle_id).where(current.c.logical_id.in_(ids), covered(rights))
        return bundles.c.bundle_id.in_(these)
    return bundles.c.bundle_id > 0


def _is(logical_id: str) -> ColumnElement[bool]:
    number = logical_id.removeprefix(_ID)
    usable = logical_id.startswith(_ID) and number.isdecimal() and len(number) < 10
    return bundles.c.bundle_id == int(number) if usable else false()


def _resource(row: Row[Any], targets: list[str]) -> Resource:
    at = instant(row.received_at)
    kinds = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    if row.facility_id:
        system = "urn:ihanoi:facility"
        who = {"identifier": {"system": system, "value": row.facility_id}, "display": row.name}
    else:
        who = {"display": row.source}
    return {
        "resourceType": "Provenance",
        "id": f"{_ID}{row.bundle_id}",
        "meta": {"versionId": "1", "lastUpdated": at},
        "target": [{"reference": one} for one in targets or [f"Patient/{row.patient_id}"]],
        "recorded": at,
        "agent": [{"type": {"coding": [{"system": kinds, "code": "transmitter"}]}, "who": who}],
        "entity": [{"role": "source", "what": {"identifier": {"value": row.digest}}}],
    }
