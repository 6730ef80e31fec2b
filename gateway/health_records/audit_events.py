"""The looks into a record as FHIR AuditEvents, for its patient and who acts for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, func, or_, select

from gateway.health_records.questions import (
    Pairs,
    count_of,
    invalid,
    patient_of,
    split,
)
from gateway.health_records.right import Right
from gateway.health_records.searching import moment_fits
from gateway.health_records.serving import instant
from gateway.health_records.tables import accesses, patients
from gateway.registers.population import sandbox_residents

PARAMETERS = {
    "_id": "token",
    "_lastUpdated": "date",
    "patient": "reference",
    "date": "date",
    "action": "token",
}
_TYPES = "http://terminology.hl7.org/CodeSystem"
_ID = "look-"

Resource = dict[str, Any]


def find(
    connection: Connection,
    rights: Mapping[str, Right],
    asked: Pairs,
    after: int | None,
    *,
    sandbox: bool,
) -> tuple[list[Resource], int, int | None]:
    """A page of AuditEvents, newest first, how many there are, and the place to go on from."""
    owned = [patient_id for patient_id, right in rights.items() if right.sees_looks]
    where = and_(accesses.c.patient_id.in_(owned), *(_fits(k, v) for k, v in asked))
    total = connection.scalar(select(func.count()).select_from(accesses).where(where)) or 0
    count = count_of(dict(asked).get("_count"))
    if after is not None:
        where = and_(where, accesses.c.access_id < after)
    rows = _rows(connection, where, count + 1)
    found = [resource(row, sandbox=sandbox) for row in rows[:count]]
    return found, total, rows[count - 1].access_id if len(rows) > count > 0 else None


def read(
    connection: Connection, rights: Mapping[str, Right], logical_id: str, *, sandbox: bool
) -> Resource | None:
    """One AuditEvent of one of these records, or None."""
    owned = [patient_id for patient_id, right in rights.items() if right.sees_looks]
    where = and_(accesses.c.patient_id.in_(owned), _is(logical_id))
    rows = _rows(connection, where, 1)
    return resource(rows[0], sandbox=sandbox) if rows else None


def owner_of(connection: Connection, logical_id: str) -> str | None:
    """Whose record the look was into."""
    return connection.scalar(select(accesses.c.patient_id).where(_is(logical_id)))


def _rows(connection: Connection, where: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    lookers = patients.alias("lookers")
    query = (
        select(accesses, lookers.c.patient_id.label("looker_id"))
        .outerjoin(lookers, lookers.c.subject == accesses.c.subject)
        .where(where)
        .order_by(accesses.c.access_id.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def _fits(key: str, value: str) -> ColumnElement[bool]:
    name, _, modifier = key.partition(":")
    if modifier:
        raise invalid("AuditEvent's parameters have no modifiers here")
    if name == "_id":
        return or_(false(), *(_is(one) for one in split(value)))
    if name in {"date", "_lastUpdated"}:
        return or_(*(moment_fits(accesses.c.at, one) for one in split(value)))
    if name == "patient":
        return accesses.c.patient_id.in_([patient_of(one, "") for one in split(value)])
    if name == "action":
        kinds = [kind for kind, code in _ACTIONS.items() if code in split(value)]
        known = accesses.c.interaction.in_(kinds)
        return or_(known, accesses.c.interaction.not_in(_ACTIONS)) if "E" in value else known
    return accesses.c.access_id > 0


def _is(logical_id: str) -> ColumnElement[bool]:
    number = logical_id.removeprefix(_ID)
    usable = logical_id.startswith(_ID) and number.isdecimal() and len(number) < 10
    return accesses.c.access_id == int(number) if usable else false()


_ACTIONS = {"read": "R", "search-type": "E", "create": "C", "transaction": "C"}


def resource(row: Row[Any], *, sandbox: bool) -> Resource:
    """One look as an AuditEvent (FHIR R4, section 6.4)."""
    at = instant(row.at)
    is_rest = row.interaction in _ACTIONS
    kinds = "http://hl7.org/fhir/restful-interaction"
    return {
        "resourceType": "AuditEvent",
        "id": f"{_ID}{row.access_id}",
        "meta": {"versionId": "1", "lastUpdated": at},
        "type": {"system": f"{_TYPES}/audit-event-type", "code": "rest"},
        "subtype": [
            {"system": kinds, "code": row.interaction if is_rest else "operation"}
            | ({} if is_rest else {"display": row.interaction})
        ],
        "action": _ACTIONS.get(row.interaction, "E"),
        "recorded": at,
        "outcome": "0",
        "purposeOfEvent": [
            {"coding": [{"system": f"{_TYPES}/v3-ActReason", "code": row.purpose or "PATRQT"}]}
        ],
        "agent": [_looker(row, sandbox=sandbox), _application(row)],
        "source": {"observer": {"display": "iHaNoi gateway"}},
        "entity": list(_entities(row)),
    }


def _looker(row: Row[Any], *, sandbox: bool) -> Resource:
    name = row.name or (_sandbox_names().get(row.subject, "") if sandbox else "")
    who: Resource = {}
    if row.looker_id:
        who["reference"] = f"Patient/{row.looker_id}"
    if name:
        who["display"] = name
    return {
        **({"who": who} if who else {"who": {"display": row.subject or "?"}}),
        "requestor": True,
        "policy": [f"urn:ihanoi:right:{row.basis}"],
    }


def _application(row: Row[Any]) -> Resource:
    kind = {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110150"}
    return {
        "type": {"coding": [kind]},
        "who": {"identifier": {"system": "urn:ihanoi:client", "value": row.client_id}},
        "name": row.client_id,
        "requestor": False,
    }


def _entities(row: Row[Any]) -> list[Resource]:
    roles = f"{_TYPES}/object-role"
    patient = {"reference": f"Patient/{row.patient_id}"}
    found: list[Resource] = [{"what": patient, "role": {"system": roles, "code": "1"}}]
    part = row.part or row.interaction
    if "/" in part and not part.startswith("$"):
        found.append({"what": {"reference": part}, "name": part.split("/")[0]})
    else:
        found.append({"name": part, "detail": [{"type": "request", "valueString": row.request_id}]})
    return found


@cache
def _sandbox_names() -> dict[str, str]:
    return {resident.subject: resident.name for resident in sandbox_residents()}
