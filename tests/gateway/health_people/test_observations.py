"""What residents measured or noted themselves."""

from __future__ import annotations

from typing import Any

import httpx

from gateway.database import Database
from gateway.health_people.observations import own_observations_of, own_rows
from gateway.health_people.tables import own_observations
from tests.gateway.clocked_city import Call
from tests.gateway.conftest import HeadersFor, on_sqlite
from tests.gateway.health_people.conftest import (
    CHILD,
    MOTHER,
    NEIGHBOUR,
    decided,
    invited,
)

PATH = "/health/v1/observations"
PRESSURE = {
    "kind": "blood_pressure",
    "values": {"systolic": "128", "diastolic": "82", "pulse": "71"},
    "effective": "2026-11-26T07:30:00+07:00",
    "note": "Sau khi ngủ dậy",
}
WEIGHT = {"kind": "weight", "values": {"weight": "55.50"}, "effective": "2026-11-25T06:00:00+07:00"}


async def put(
    call: Call, body: Any, number: int = 1, *, by: str = MOTHER, **other: Any
) -> httpx.Response:
    """Writes a line."""
    return await call("PUT", f"{PATH}/device-line-{number}", body | other, by=by)


async def lines(call: Call, by: str = MOTHER, patient: str = "") -> list[Any]:
    """The lines of one's own record or another's."""
    query = f"?patient={patient}" if patient else ""
    found: list[Any] = (await call("GET", PATH + query, by=by)).json()["observations"]
    return found


async def test_a_measurement_is_kept_as_it_was_typed_and_changed_and_deleted(call: Call) -> None:
    """From the cuff to the list; the same line sent twice is one line."""
    for _try in range(2):
        assert (await put(call, PRESSURE)).status_code == 200
    await put(call, WEIGHT, 2)
    first, second = await lines(call)
    assert first["values"] == {"systolic": "128", "diastolic": "82", "pulse": "71"}
    assert (first["note"], first["by"]) == ("Sau khi ngủ dậy", "patient")
    assert second["values"] == {"weight": "55.50"}
    await put(call, WEIGHT, 2, values={"weight": "56"})
    assert (await lines(call))[1]["values"] == {"weight": "56"}
    for _try in range(2):
        assert (await call("DELETE", f"{PATH}/device-line-1")).status_code == 204
    assert [line["kind"] for line in await lines(call)] == ["weight"]


SLIPS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"values": {"systolic": "1280", "diastolic": "82"}}, "systolic", "not_plausible"),
    ({"values": {"systolic": "82", "diastolic": "128"}}, "diastolic", "not_below_systolic"),
    ({"values": {"systolic": "128"}}, "diastolic", "missing"),
    ({"values": {"systolic": "128", "diastolic": "82", "x": "1"}}, "x", "unknown"),
    ({"effective": "2026-11-27T07:30:00+07:00"}, "effective", "in_the_future"),
    ({"kind": "weight", "values": {"weight": "655"}}, "weight", "not_plausible"),
    ({"kind": "glucose", "values": {"glucose": "5.6"}}, "unit", "unknown"),
    (
        {"kind": "glucose", "values": {"glucose": "5.6"}, "unit": "mg/dL"},
        "glucose",
        "not_plausible",
    ),
    ({"kind": "note", "values": {}, "note": ""}, "note", "missing"),
)


@on_sqlite
async def test_a_slip_of_the_finger_is_named(call: Call) -> None:
    """A weight of 655 kg in a record would be believed by the next reader."""
    for other, field, code in SLIPS:
        answer = await put(call, PRESSURE, **other)
        assert answer.status_code == 422, other
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == (field, code), other
    assert await lines(call) == []


@on_sqlite
async def test_a_number_is_digits_and_a_point(call: Call) -> None:
    """The app turns a comma into a point; nothing else is guessed at."""
    for typed in ("1e3", "-5", "55,5", "NaN", "٥٥", "5.555", "99999"):
        assert (await put(call, WEIGHT, values={"weight": typed})).status_code == 422, typed


async def test_own_lines_of_two_residents_are_their_own(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """The same line id of two residents is two lines; neither reads, changes or deletes the other's."""
    await put(call, PRESSURE)
    await put(call, WEIGHT, by=NEIGHBOUR)
    assert [line["kind"] for line in await lines(call)] == ["blood_pressure"]
    assert [line["kind"] for line in await lines(call, NEIGHBOUR)] == ["weight"]
    path = f"{PATH}/device-line-1"
    mine = f"?patient={records[MOTHER]}"
    assert (await call("GET", PATH + mine, by=NEIGHBOUR)).status_code == 404
    assert (await call("DELETE", path + mine, by=NEIGHBOUR)).status_code == 404
    theirs = await put(call, WEIGHT, by=NEIGHBOUR, patient_id=records[MOTHER])
    assert theirs.status_code == 404
    await call("DELETE", path, by=NEIGHBOUR)
    assert [line["kind"] for line in await lines(call)] == ["blood_pressure"]
    kept = database.run_here(
        lambda c: [len(own_rows(c, records[one])) for one in (MOTHER, NEIGHBOUR)]
    )
    assert kept == [1, 0]


@on_sqlite
async def test_a_parent_writes_for_a_child_and_a_carer_only_reads(
    call: Call, records: dict[str, str]
) -> None:
    """The scale stands in the mother's bathroom; a carer was asked to look, not to write."""
    assert (await put(call, WEIGHT, patient_id=records[CHILD])).status_code == 200
    [line] = await lines(call, CHILD)
    assert line["by"] == "other"
    await put(call, PRESSURE)
    await invited(call, sections=["8716-3"])
    await decided(call)
    [seen] = await lines(call, NEIGHBOUR, records[MOTHER])
    assert seen["kind"] == "blood_pressure"
    refused = await put(call, WEIGHT, 2, by=NEIGHBOUR, patient_id=records[MOTHER])
    assert refused.status_code == 404


@on_sqlite
async def test_own_lines_are_fhir_observations_with_their_mark(
    call: Call,
    records: dict[str, str],
    database: Database,
    gateway: httpx.AsyncClient,
    headers_for: HeadersFor,
) -> None:
    """A doctor's system must never take a kitchen scale for a laboratory."""
    await put(call, PRESSURE)
    glucose = {"kind": "glucose", "values": {"glucose": "101"}, "unit": "mg/dL"}
    await put(call, WEIGHT | glucose, 2)
    await put(call, {**WEIGHT, "kind": "note", "values": {}, "note": "Chóng mặt buổi sáng"}, 3)
    found = database.run_here(lambda c: own_observations_of(c, records[MOTHER]))
    headers = headers_for(MOTHER, "health") | {"Accept": "application/fhir+json"}
    bundle = (await gateway.get(PATH, headers=headers)).json()
    assert [entry["resource"] for entry in bundle["entry"]] == found
    pressure, *others = found
    assert [part["valueQuantity"]["value"] for part in pressure["component"]] == [128, 82, 71]
    by_code = {one["code"]["coding"][0]["code"]: one for one in others}
    assert by_code["2339-0"]["valueQuantity"]["code"] == "mg/dL"
    assert by_code["48767-8"]["valueString"] == "Chóng mặt buổi sáng"
    for one in found:
        assert one["performer"][0]["reference"] == f"Patient/{records[MOTHER]}"
        assert one["meta"]["tag"][0]["code"] == "patient-reported"
    assert pressure["category"][0]["coding"][0]["code"] == "vital-signs"


@on_sqlite
async def test_a_line_of_a_resident_without_a_record_begins_one(
    call: Call, database: Database
) -> None:
    """Somebody new in the city measures before any facility has sent anything."""
    assert (await put(call, WEIGHT, by="test-newcomer")).status_code == 200
    assert len(await lines(call, "test-newcomer")) == 1
    rows = database.run_here(lambda c: c.execute(own_observations.select()).all())
    assert [row.subject for row in rows] == ["test-newcomer"]
