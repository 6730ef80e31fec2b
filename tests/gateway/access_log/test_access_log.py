"""Who saw what, in every service: one list, complete, each resident's own, a child's for the parent."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, insert, select

from gateway.access_log.reading import SOURCES
from gateway.access_log.tables import staff_looks
from gateway.database import Database, metadata
from gateway.health_people.relations import Parenthood, replace_relations
from gateway.health_records.tables import accesses, patients
from gateway.health_sharing.tables import openings, shares
from gateway.inspection.tables import card_staff_acts
from gateway.settings import Settings
from tests.gateway.clocked_city import CityClock
from tests.gateway.conftest import RESIDENT, STRANGER, make_headers
from tests.gateway.test_authorization_matrix import operations
from tests.support.consents import forget_every_consent

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
OFFICER, CHILD = "sandbox-hoang-duc-quan", "test-minh-khoi"
REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà to trước cổng chợ, xe máy dễ ngã.",
    "address_id": "00070",
}
ACTOR_COLUMNS = {
    "actor",
    "actor_subject",
    "actor_name",
    "recipient",
    "interaction",
    "decided_by",
    "answered_by",
}
"""A table with one of these tells who did or saw something."""
NOT_LOGS = {
    "service_request_updates": "the report's timeline, which everybody reads",
    "certificate_history": "the states of an application, which its resident reads there",
    "certificate_presentation_checks": "each is a line of certificate_reads too",
}
STAFF = {
    "GET /desk": "agencies, colleagues and reasons: nobody's data",
    "GET /desk/queue": "names nobody: what was reported, not by whom (tested below)",
    "GET /desk/{service_request_id}": "staff_looks",
    "GET /desk/{service_request_id}/updates": "staff_looks",
    "PUT /desk/{service_request_id}/presence": "which officers have it open: nobody's data",
    "PUT /desk/media/{media_id}/public": "desk_log",
    **{
        f"POST /desk/{{service_request_id}}/{act}": "desk_log"
        for act in [
            "accept",
            "ask",
            "assign",
            "done",
            "hoax",
            "merge",
            "note",
            "reject",
            "split",
            "transfer",
        ]
    },
    "GET /certificates/v1/office/applications": "staff_looks",
    "GET /certificates/v1/office/applications/{application_id}": "staff_looks",
    "POST /certificates/v1/office/applications/{application_id}/decide": "staff_looks",
    "POST /certificates/v1/office/applications/{application_id}/messages": "staff_looks",
    "POST /certificates/v1/office/applications/{application_id}/refuse": "staff_looks",
    "POST /certificates/v1/office/certificates/{number}/revoke": "staff_looks",
    "GET /support/v1/desk/cases": "codes and times: no name, and the bundle stays closed",
    "POST /support/v1/desk/openings": "support_openings",
    "GET /support/v1/desk/openings/{opening_id}": "support_openings",
    "GET /support/v1/desk/openings/{opening_id}/bundle": "support_openings",
    "POST /support/v1/desk/openings/{opening_id}/answers": "support_openings",
    "POST /support/v1/desk/openings/{opening_id}/engineers": "support_openings",
    "GET /support/v1/desk/personas": "the sandbox's own people: nobody real",
    "POST /support/v1/desk/personas": "support_openings",
    "GET /privacy/desk/requests": "what is asked, not by whom; the answer leaves a line",
    "POST /privacy/desk/requests/{request_id}/answer": "privacy_requests",
    "GET /support/v1/desk/log": "the staff's own acts, for the supervisor",
}
"""How each operation of staff leaves a line, or why it leaves none."""


@pytest.fixture
def clock() -> CityClock:
    """The gateway's time."""
    return CityClock(START)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock, started_city: Path) -> Settings:
    """The sandbox's city, where officers have an agency, without its sample records."""
    shutil.copytree(started_city / "keys", tmp_path / "keys")
    return Settings(
        data_folder=tmp_path,
        database_url=database_url,
        public_url="http://city.test",
        clock=clock,
    )


@pytest.fixture
def log(gateway: httpx.AsyncClient, database: Database) -> Callable[..., Any]:
    """Reads a page of the log as that resident; nobody has decided anything yet."""
    database.run_here(forget_every_consent)

    async def read(by: str = RESIDENT, **query: Any) -> Any:
        headers = make_headers(by, "openid")
        answer = await gateway.get("/privacy/accesses", headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


def desk(subject: str = OFFICER, scope: str = "desk reports") -> dict[str, str]:
    """An officer of the sandbox."""
    return make_headers(subject, scope, roles=("officer",))


def test_every_log_of_a_feature_is_a_source() -> None:
    """A log that residents cannot read in one place is one they will not find."""
    sources = {table for source in SOURCES for table in source.tables}
    logs = {name for name, table in metadata.tables.items() if ACTOR_COLUMNS & set(table.c.keys())}
    assert logs - set(NOT_LOGS) <= sources
    assert set(NOT_LOGS) <= set(metadata.tables)


def test_every_operation_of_staff_leaves_a_line_or_says_why_not() -> None:
    """A new desk cannot look at residents unseen."""
    found = {one.name for one in operations() if one.policy is not None and one.policy.role}
    assert found - set(STAFF) == set(), "say in STAFF which log has the line"
    tables = set(metadata.tables)
    assert all(line in tables or " " in line for line in STAFF.values())


async def test_an_officer_who_opens_a_report_is_seen_by_its_resident(
    gateway: httpx.AsyncClient, log: Callable[..., Any], clock: CityClock
) -> None:
    """Name and office, once an hour however often the page asks again."""
    sent = await gateway.post("/open311/v2/requests.json", headers=make_headers(), data=REPORT)
    number = sent.json()[0]["service_request_id"]
    queue = (await gateway.get("/desk/queue", headers=desk())).json()
    assert number in [one["service_request_id"] for one in queue]
    assert not any(one["extended_attributes"].get("reporter") for one in queue)
    assert (await log())["accesses"] == []
    for _time in range(3):
        opened = await gateway.get(f"/desk/{number}", headers=desk())
        assert opened.json()["extended_attributes"]["reporter"] is not None
    [line] = (await log())["accesses"]
    assert (line["actor"], line["act"], line["service"]) == ("officer", "opened", "reports")
    assert (line["name"], line["reference"]) == ("Hoàng Đức Quân", number)
    assert line["office"]
    clock.pass_by(hours=2)
    await gateway.get(f"/desk/{number}", headers=desk())
    assert len((await log())["accesses"]) == 2
    assert (await log(STRANGER))["accesses"] == []


async def test_what_an_officer_does_is_a_line_without_the_desks_own_notes(
    gateway: httpx.AsyncClient, log: Callable[..., Any]
) -> None:
    """That it was handled, by whom; a doubt the desk keeps to itself is not betrayed here."""
    sent = await gateway.post("/open311/v2/requests.json", headers=make_headers(), data=REPORT)
    number = sent.json()[0]["service_request_id"]
    seen = {**desk(), "If-Match": '"1"'}
    assert (await gateway.post(f"/desk/{number}/hoax", headers=seen, json={})).status_code == 200
    [line] = (await log())["accesses"]
    assert line["act"] == "handled"
    assert "hoax" not in str(line)


async def test_logs_of_two_residents_are_apart_in_every_service(
    database: Database, log: Callable[..., Any], clock: CityClock
) -> None:
    """Each source by itself: a line about one is never read by the other."""
    for who in (RESIDENT, STRANGER):
        database.run_here(partial(lines_about, subject=who, clock=clock))
    for who in (RESIDENT, STRANGER):
        found = (await log(who))["accesses"]
        assert {one["service"] for one in found} == {"health", "cards", "reports"}
        assert len(found) == 5
        assert all(who in one["name"] for one in found if one["name"])


async def test_ones_own_looks_stand_apart_and_a_service_can_be_chosen(
    database: Database, log: Callable[..., Any], clock: CityClock
) -> None:
    """Others first: one's own reading would bury the one line that matters."""
    database.run_here(lambda db: lines_about(db, RESIDENT, clock))
    [own] = (await log(own=True))["accesses"]
    assert (own["actor"], own["service"], own["name"]) == ("self", "health", "")
    for service, count in {"health": 3, "cards": 1, "reports": 1, "support": 0}.items():
        found = (await log(service=service))["accesses"]
        assert [one["service"] for one in found] == [service] * count
    acts = [one["act"] for one in (await log(service="health"))["accesses"]]
    assert sorted(acts) == ["looked", "opened_share", "wrong_passcode"]


async def test_pages_hold_every_line_once_while_the_log_grows(
    database: Database, log: Callable[..., Any], clock: CityClock, gateway: httpx.AsyncClient
) -> None:
    """Newest first, none twice, none left out, whatever happens between two pages."""

    def grow(count: int) -> None:
        for _number in range(count):
            clock.pass_by(minutes=1)
            database.run_here(lambda db: look_at(db, RESIDENT, clock.now))

    grow(7)
    seen, after = [], ""
    while True:
        page = await log(limit=3, after=after) if after else await log(limit=3)
        seen += page["accesses"]
        grow(1)
        if not (after := page["following"]):
            break
    assert len(seen) == len({one["access_id"] for one in seen}) == 7
    assert [one["at"] for one in seen] == sorted((one["at"] for one in seen), reverse=True)
    for wrong in ("x", "e30=", "W10="):
        answer = await gateway.get(
            "/privacy/accesses", headers=make_headers(scope="openid"), params={"after": wrong}
        )
        assert answer.status_code == 422


async def test_a_parent_reads_a_childs_log_and_nobody_elses(
    database: Database, log: Callable[..., Any], clock: CityClock, gateway: httpx.AsyncClient
) -> None:
    """Children are looked after by whoever represents them."""

    def begin(connection: Connection) -> None:
        family = [Parenthood(RESIDENT, CHILD, date(2018, 9, 12), date(2020, 1, 1))]
        replace_relations(connection, family)
        look_at(connection, CHILD, clock.now)

    database.run_here(begin)
    ledger = await gateway.get("/privacy/consents", headers=make_headers(scope="openid"))
    child = ledger.json()["children"][0]["child"]
    assert len((await log(child=child))["accesses"]) == 1
    assert (await log())["accesses"] == []
    stranger = make_headers(STRANGER, "openid")
    answer = await gateway.get("/privacy/accesses", headers=stranger, params={"child": child})
    assert answer.status_code == 404


async def test_the_log_itself_writes_nothing(database: Database, log: Callable[..., Any]) -> None:
    """Reading who looked is no look."""
    await log()
    assert database.run_here(lambda db: db.execute(select(staff_looks)).all()) == []


def look_at(connection: Connection, subject: str, at: datetime) -> None:
    """A look of staff."""
    row = {
        "subject": subject,
        "actor_subject": "officer",
        "actor_name": f"Cán bộ xem {subject}",
        "office": "UBND phường",
        "service": "reports",
        "act": "opened",
        "reference": "HN-2611-00001",
        "at": at,
        "request_id": "",
    }
    connection.execute(insert(staff_looks).values(row))


def lines_about(connection: Connection, subject: str, clock: CityClock) -> None:
    """One line in the logs of several services, and one look of one's own."""
    at = clock.now - timedelta(minutes=5)
    look_at(connection, subject, at)
    connection.execute(insert(patients).values(patient_id=f"p-{subject}", subject=subject))
    for basis, name in (("patient", ""), ("consent", f"Người thân của {subject}")):
        look = {
            "patient_id": f"p-{subject}",
            "subject": "somebody",
            "client_id": "ihanoi-app",
            "interaction": "read",
            "basis": basis,
            "part": "Observation/1",
            "purpose": "PATRQT",
            "name": name,
            "request_id": "",
            "at": at,
        }
        connection.execute(insert(accesses).values(look))
    share = {"share_id": f"s-{subject}", "subject": subject, "patient_id": f"p-{subject}"}
    share |= {"token_hash": subject, "sections": "[]"}
    connection.execute(insert(shares).values(created_at=at, **share))
    for outcome in ("opened", "wrong_passcode"):
        opening = {"recipient": f"BS của {subject}", "outcome": outcome, "at": at}
        connection.execute(insert(openings).values(share_id=f"s-{subject}", **opening))
    act = {"act_id": subject, "subject": subject, "actor": "x", "act": "looked_up"}
    connection.execute(
        insert(card_staff_acts).values(reason="inspection", at=int(at.timestamp()), **act)
    )
