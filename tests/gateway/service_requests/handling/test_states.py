"""The table of states: every act in every state, by everybody, and the table in the docs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.service_requests.states import TRANSITIONS, Transition, acts_of
from gateway.service_requests.tables import CLOSED_CODES, STATUS_CODES
from tests.gateway.service_requests.handling.city import (
    BODIES,
    QUAN,
    WORDS,
    City,
    as_officer,
    as_resident,
)
from tests.gateway.service_requests.reports import on_sqlite

DOCS = Path(__file__).parents[4] / "docs" / "reports.md"
RESIDENTS = ("answer", "withdraw", "reopen", "rate", "correct")
OFFICERS = (
    "accept",
    "ask",
    "transfer",
    "merge",
    "split",
    "done",
    "reject",
    "assign",
    "note",
    "hoax",
)

LISTED = {
    ("waiting", "in_progress", "officer"),
    ("waiting", "transferred", "officer"),
    ("waiting", "rejected", "officer"),
    ("waiting", "merged", "officer"),
    ("waiting", "needs_resident", "officer"),
    ("in_progress", "needs_resident", "officer"),
    ("needs_resident", "in_progress", "resident"),
    ("in_progress", "done", "officer"),
    ("in_progress", "transferred", "officer"),
    ("in_progress", "rejected", "officer"),
    ("waiting", "withdrawn", "resident"),
    ("done", "reopened", "resident"),
    ("rejected", "reopened", "resident"),
    ("reopened", "in_progress", "officer"),
}
"""The moves the product was asked for."""

OURS = {
    ("needs_resident", "in_progress", "clock"),
    ("transferred", "in_progress", "officer"),
    ("transferred", "needs_resident", "officer"),
    ("transferred", "rejected", "officer"),
    ("transferred", "merged", "officer"),
}
"""What has to be added so that no report is stuck: after a hand-over, and without an answer."""


def drawn(transitions: tuple[Transition, ...] = TRANSITIONS) -> str:
    """The table as the documentation shows it."""
    lines = ["| from | act | to | by |", "|---|---|---|---|"]
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for one in transitions:
        target = "stays" if one.before == one.after else f"`{one.after}`"
        grouped.setdefault((one.act, target, one.role), []).append(f"`{one.before}`")
    for (act, target, role), befores in grouped.items():
        lines.append(f"| {', '.join(befores)} | {act} | {target} | {role} |")
    return "\n".join(lines)


def test_the_documentation_draws_the_table_the_code_has() -> None:
    """Officers are taught from the document; it must not promise what is refused."""
    assert drawn() in DOCS.read_text(encoding="utf-8"), f"docs/reports.md needs:\n{drawn()}"


def test_the_table_moves_reports_as_asked_and_no_further() -> None:
    """A move that nobody decided on would let an officer close without proof, or a report vanish."""
    moves = {(one.before, one.after, one.role) for one in TRANSITIONS if one.before != one.after}
    assert moves == LISTED | OURS


def test_every_state_can_be_reached_and_left_or_is_closed() -> None:
    """A report must never be stuck."""
    reached = {one.after for one in TRANSITIONS} | {"waiting"}
    left = {one.before for one in TRANSITIONS if one.before != one.after}
    assert reached == set(STATUS_CODES)
    assert set(STATUS_CODES) - left == {"withdrawn", "merged"}
    assert {"done", "rejected", "withdrawn", "merged"} == CLOSED_CODES


async def body_of(city: City, act: str, found: str) -> dict[str, Any]:
    """A body with which the act is right."""
    if act == "merge":
        return {"into": await city.report("test-other")}
    if act == "assign":
        overview = await city.client.get("/desk", headers=as_officer())
        [colleague] = overview.json()["colleagues"]
        return {"subject_key": colleague["subject_key"]}
    if act == "done":
        return {"description": WORDS, "media_ids": [city.upload(QUAN)]}
    return BODIES[act]


@on_sqlite
@pytest.mark.parametrize("act", RESIDENTS)
async def test_a_resident_does_what_the_state_allows_and_nothing_else(city: City, act: str) -> None:
    """409 with the state, so that the app can show what is so by now."""
    for status in STATUS_CODES:
        found = await city.report()
        is_closed = status in CLOSED_CODES
        city.put(
            found,
            status_code=status,
            closed_datetime=city.clock() if is_closed else None,
            paused_since=city.clock() if status == "needs_resident" else None,
        )
        allowed = act in acts_of(status, "resident")
        seen = (await city.see(found)).json()["extended_attributes"]["acts"]
        assert (act in seen) == allowed, status
        answer = await city.do(found, act)
        if allowed:
            assert answer.status_code == 200, (status, answer.text)
            assert answer.json()["service_request_id"] == found
            continue
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (409, "/problems/transition-not-allowed")
        assert (problem["status_code"], problem["act"]) == (status, act)
        assert city.row(found).status_code == status


@on_sqlite
@pytest.mark.parametrize("act", OFFICERS)
async def test_an_officer_does_what_the_state_allows_and_nothing_else(city: City, act: str) -> None:
    """The desk shows the same acts that the gateway takes, and no refused one leaves a trace."""
    for status in STATUS_CODES:
        found = await city.report(f"test-{status}")
        city.put(found, status_code=status)
        allowed = act in acts_of(status, "officer")
        seen = (await city.at_desk(found)).json()["extended_attributes"]["acts"]
        assert (act in seen) == allowed, status
        answer = await city.handle(found, act, **await body_of(city, act, found))
        log = (await city.at_desk(found, "test-hai")).json()["extended_attributes"]["log"]
        if allowed:
            assert answer.status_code == 200, (status, answer.text)
            assert [(entry["act"], entry["name"]) for entry in log] == [(act, "Đức Quân")]
        else:
            assert answer.json()["type"] == "/problems/transition-not-allowed", status
            assert log == []


@on_sqlite
async def test_a_resident_cannot_do_what_is_an_officers_nor_the_reverse(city: City) -> None:
    """The address of an act decides whose it is; a token for one side opens nothing on the other."""
    found = await city.report()
    for act in OFFICERS:
        headers = {**as_resident(), "If-Match": '"1"'}
        answer = await city.client.post(f"/desk/{found}/{act}", headers=headers, json={})
        assert answer.status_code in {403, 422}, act
        assert city.row(found).revision == 1
    for act in RESIDENTS:
        answer = await city.client.post(
            f"/reports/{found}/{act}", headers=as_officer(), json=BODIES[act]
        )
        assert answer.status_code == 404, act
