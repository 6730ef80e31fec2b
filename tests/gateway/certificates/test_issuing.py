"""How an application becomes a certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pypdfium2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from gateway.certificates.issuing import Issuing
from gateway.certificates.office import Office
from gateway.certificates.serving import worker_of
from gateway.certificates.tables import certificates
from gateway.database import Database
from gateway.jobs import LEASE_SECONDS, Job, jobs, take
from gateway.registers.criminal_records import CONVICTIONS, SandboxCriminalRecords
from gateway.registers.population import sandbox_residents
from tests.gateway.certificates.conftest import (
    GIA_HUY,
    MINH_ANH,
    WITH_ENTRIES,
    Clock,
    RegisterSwitch,
    get,
    issue,
    send,
    settle,
)
from tests.gateway.conftest import connect, on_sqlite

NEEDS_LOOK = next(
    resident.subject for resident in sandbox_residents() if resident.criminal_record == "needs_look"
)


async def status_of(
    gateway: httpx.AsyncClient, application_id: str, subject: str = MINH_ANH
) -> Any:
    return (await get(gateway, f"applications/{application_id}", subject)).json()["status"]


async def text_of(
    gateway: httpx.AsyncClient, application: dict[str, Any], subject: str = MINH_ANH
) -> str:
    path = f"applications/{application['application_id']}/certificate"
    with pypdfium2.PdfDocument((await get(gateway, path, subject)).content) as opened:
        return str(opened[0].get_textpage().get_text_range())


async def test_the_resident_can_watch_every_state(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """Say where things stand: each state is seen before the next one comes."""
    application_id = (await send(gateway)).json()["application_id"]
    seen = [await status_of(gateway, application_id)]
    for _ in range(4):
        await settle(app)
        seen.append(await status_of(gateway, application_id))
        clock.advance(2)
    assert seen == ["submitted", "received", "checking", "signing", "ready"]
    application = (await get(gateway, f"applications/{application_id}")).json()
    assert [state["status"] for state in application["history"]] == seen
    assert {state["actor"] for state in application["history"][1:]} == {"authority"}


async def test_a_clear_record_is_certified(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """The common case: the form says what the resident came for."""
    application = await issue(app, gateway)
    certificate = application["certificate"]
    assert certificate["number"] == "MẪU-000001"
    assert certificate["status"] == "valid"
    assert certificate["pages"] == 1
    assert certificate["verify_url"].endswith(f"/verify/?code={certificate['code']}")
    text = await text_of(gateway, application)
    assert "Không có án tích" in text
    assert "Nguyễn Minh Anh" in text
    assert certificate["number"] in text
    assert certificate["code"] in text
    assert "không có giá trị pháp lý" in text


@on_sqlite
async def test_form_no_1_lists_what_is_in_force_and_not_what_is_spent(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """An expunged judgment on form No. 1 would break the law and a life."""
    application = await issue(app, gateway, WITH_ENTRIES)
    text = await text_of(gateway, application, WITH_ENTRIES)
    in_force, spent = CONVICTIONS
    assert "Có án tích" in text
    assert in_force.main_penalty in text
    assert spent.main_penalty not in text
    assert application["certificate"]["pages"] == 1


@on_sqlite
async def test_a_record_that_needs_a_look_waits_and_says_so(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """No certificate may be issued by a machine that is in doubt."""
    application = await issue(app, gateway, NEEDS_LOOK)
    assert (application["status"], application["note"]) == ("checking", "needs_look")
    assert application["certificate"] is None


async def test_a_register_that_is_down_loses_nothing(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock, register_switch: RegisterSwitch
) -> None:
    """Down for a day: the application stays received, is asked for again, and is answered."""
    register_switch.down = True
    application = await issue(app, gateway)
    assert (application["status"], application["note"]) == ("received", "register_down")
    for _ in range(5):
        clock.advance(17_000)
        await settle(app)
    assert await status_of(gateway, application["application_id"]) == "received"
    register_switch.down = False
    for _ in range(4):
        clock.advance(700)
        await settle(app)
    found = (await get(gateway, f"applications/{application['application_id']}")).json()
    assert (found["status"], found["note"]) == ("ready", None)
    assert len(found["history"]) == 5


@on_sqlite
async def test_a_register_that_is_down_is_asked_less_and_less(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock, register_switch: RegisterSwitch
) -> None:
    """A register that comes back must not be run over by those who waited."""
    register_switch.down = True
    await issue(app, gateway)
    pauses = []
    next_try = select(jobs.c.run_at).where(jobs.c.kind == "certificate")
    for _ in range(12):
        due = await app.state.database.run(lambda db: db.scalar(next_try))
        pauses.append(due - clock.now.timestamp())
        clock.advance(max(0.0, pauses[-1]))
        await settle(app)
    assert pauses[-1] == 600
    assert pauses[1:] == sorted(pauses[1:])


async def test_a_restart_goes_on_where_it_was(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    database: Database,
    office: Office,
    clock: Clock,
    make_app: Callable[[Office, Database], FastAPI],
) -> None:
    """The process ends in the middle of a step: the next one takes the job over, once."""
    application_id = (await send(gateway)).json()["application_id"]
    await settle(app)
    clock.advance(2)
    now = clock.now.timestamp()
    abandoned = await database.run(lambda db: take(db, ("certificate",), now))
    assert abandoned is not None
    restarted = make_app(office, database)
    assert await worker_of(restarted).run_due() == 0
    clock.advance(LEASE_SECONDS + 1)
    for _ in range(4):
        await settle(restarted)
        clock.advance(2)
    assert await status_of(gateway, application_id) == "ready"


async def test_two_workers_with_one_job_issue_one_certificate(
    app: FastAPI, gateway: httpx.AsyncClient, database: Database, office: Office, clock: Clock
) -> None:
    """A worker slower than its lease meets its successor: still one certificate, one number."""
    application_id = (await send(gateway)).json()["application_id"]
    for _ in range(3):
        await settle(app)
        clock.advance(2)
    issuing = Issuing(database, office)
    job = Job(0, "certificate", application_id, 0, "")
    application = await database.run(lambda db: issuing_row(db, application_id))
    await issuing._issue(application)
    await issuing._issue(application)
    assert await issuing.handle(job) is None
    count = select(func.count()).select_from(certificates)
    assert await database.run(lambda db: db.scalar(count)) == 1


def issuing_row(db: Any, application_id: str) -> Any:
    from gateway.certificates import applications

    return applications.get(db, application_id)


async def test_numbers_follow_each_other(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """A gap in the register is a certificate somebody may ask for."""
    numbers = []
    for subject in (MINH_ANH, GIA_HUY, MINH_ANH):
        numbers.append((await issue(app, gateway, subject))["certificate"]["number"])
    assert numbers == ["MẪU-000001", "MẪU-000002", "MẪU-000003"]


@on_sqlite
async def test_a_mismatch_is_refused_with_its_reason(
    database: Database, office: Office, make_app: Callable[[Office, Database], FastAPI]
) -> None:
    """The two registers disagree about who this is: nobody else's record may be certified."""
    other = tuple(replace(resident, birthdate=date(1970, 1, 1)) for resident in sandbox_residents())
    register = SandboxCriminalRecords(lambda: False, other)
    app = make_app(replace(office, register=register), database)
    async with connect(app) as gateway:
        application = await issue(app, gateway)
    assert (application["status"], application["reason"]) == ("refused", "identity_mismatch")
    assert application["certificate"] is None


@on_sqlite
async def test_a_step_that_fails_is_tried_again(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk or a missing font on Monday is a certificate on Tuesday, not a lost application."""

    def broken(*_: object) -> bytes:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("gateway.certificates.pdf.draw", broken)
        application = await issue(app, gateway)
    assert application["status"] == "signing"
    clock.advance(100)
    await settle(app)
    assert await status_of(gateway, application["application_id"]) == "ready"
