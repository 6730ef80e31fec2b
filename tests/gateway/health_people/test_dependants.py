"""A parent and the children's records, until the day a child turns sixteen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gateway.database import Database
from gateway.health_people.relations import children_of, replace_relations
from gateway.health_records.access import readable_patients
from gateway.health_records.accesses import list_accesses
from gateway.security import Caller
from tests.gateway.clocked_city import Call, CityClock
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_people.conftest import (
    CHILD,
    MOTHER,
    NEIGHBOUR,
    TEEN,
    summary,
)

EVE = datetime(2026, 12, 19, 16, 59, tzinfo=UTC)
"""One minute before the birthday begins in Hà Nội."""


@on_sqlite
async def test_a_parent_reads_the_childs_record_and_the_look_is_written_down(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """At the doctor's with a child of eight; the child's log says who looked and by what right."""
    answer = await summary(call, records[CHILD], by=MOTHER)
    assert answer.status_code == 200
    assert "Dị ứng của Minh Khôi" in answer.text
    [look] = database.run_here(lambda c: list_accesses(c, CHILD))
    assert (look.subject, look.basis) == (MOTHER, "parent")


async def test_nobody_but_the_recorded_parent_reads_a_childs_record(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """Two residents: relations are the register's, so a neighbour has none, nor one child the other's."""
    for stranger in (NEIGHBOUR, TEEN):
        assert (await summary(call, records[CHILD], by=stranger)).status_code == 404
        assert (await call("GET", "/health/v1/people", by=stranger)).json()["dependants"] == []
    assert (await summary(call, records[MOTHER], by=CHILD)).status_code == 404
    theirs = database.run_here(lambda c: [children_of(c, one) for one in (MOTHER, NEIGHBOUR)])
    assert [len(found) for found in theirs] == [2, 0]


@on_sqlite
async def test_a_relation_that_left_the_register_gives_no_right(
    call: Call, records: dict[str, str], database: Database
) -> None:
    """Custody ends in the register; the copy here must not outlive it."""
    database.run_here(lambda c: replace_relations(c, ()))
    assert (await summary(call, records[CHILD], by=MOTHER)).status_code == 404


async def test_the_right_ends_on_the_day_the_child_turns_sixteen(
    call: Call, records: dict[str, str], clock: CityClock
) -> None:
    """Until midnight in Hà Nội the parent reads; from then on the child alone does."""
    clock.now = EVE
    assert (await summary(call, records[TEEN], by=MOTHER)).status_code == 200
    clock.pass_by(minutes=1)
    assert (await summary(call, records[TEEN], by=MOTHER)).status_code == 404
    assert (await summary(call, records[TEEN], by=TEEN)).status_code == 200
    assert (await summary(call, records[CHILD], by=MOTHER)).status_code == 200


@on_sqlite
async def test_the_parent_is_told_before_and_after(call: Call, clock: CityClock) -> None:
    """A right that vanishes without a word looks like a fault of the app."""

    async def told() -> dict[str, Any]:
        found = (await call("GET", "/health/v1/people")).json()["dependants"]
        return {one["name"]: (one["ends_on"], one["ended"]) for one in found}

    assert await told() == {
        "Lê Thu An": ("2026-12-20", False),
        "Lê Minh Khôi": ("2034-09-12", False),
    }
    clock.now = EVE
    clock.pass_by(minutes=1)
    assert (await told())["Lê Thu An"] == ("2026-12-20", True)
    clock.pass_by(days=91)
    assert set(await told()) == {"Lê Minh Khôi"}


@on_sqlite
async def test_a_child_sees_which_parent_reads_along(call: Call, clock: CityClock) -> None:
    """A girl of fifteen with her own account is told that her mother reads it, and until when."""

    async def parents() -> Any:
        return (await call("GET", "/health/v1/people", by=TEEN)).json()["parents"]

    assert await parents() == [{"name": "Nguyễn Minh Anh", "ends_on": "2026-12-20"}]
    clock.now = EVE
    clock.pass_by(minutes=1)
    assert await parents() == []


@on_sqlite
def test_the_records_a_parent_may_read_follow_their_own(
    call: Call, records: dict[str, str], database: Database, clock: CityClock
) -> None:
    """What the search for Patients answers, and so what the app offers to open."""
    mother = Caller(MOTHER, "loa2", frozenset({"health"}), frozenset(), "app")

    def found() -> tuple[str, ...]:
        at = clock.now.timestamp()
        return database.run_here(lambda c: readable_patients(c, mother, at))

    assert found() == (records[MOTHER], records[TEEN], records[CHILD])
    clock.now = EVE
    clock.pass_by(minutes=1)
    assert found() == (records[MOTHER], records[CHILD])
