"""Between the resident and the agency: questions, decisions, refusals, and being late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pypdfium2
import pytest
from fastapi import FastAPI

from gateway.certificates.authority import Authority
from gateway.certificates.inspection import Finding, inspect
from gateway.working_time import working_days_after
from tests.gateway.certificates.conftest import (
    MINH_ANH,
    NEEDS_LOOK,
    OFFICER,
    WITH_ENTRIES,
    Clock,
    RegisterSwitch,
    as_sandbox,
    decide,
    get,
    holder,
    issue,
    post,
    send,
    set_rules,
    settle,
)
from tests.gateway.conftest import make_headers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    as_sandbox(app)
    return app


async def test_an_officer_asks_the_resident_answers_and_it_is_decided(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """A record in doubt is decided by a person, after hearing the other side."""
    application = await issue(app, gateway, NEEDS_LOOK, certificate_type=1)
    path = f"applications/{application['application_id']}"
    assert application["note"] == "needs_look"
    asked = await decide(
        gateway, f"{path}/messages", text="Bạn từng ở phường nào?", kind="question"
    )
    assert asked.status_code == 201
    waiting = (await get(gateway, path, NEEDS_LOOK)).json()
    assert (waiting["note"], waiting["actions"]) == ("answer_needed", ["withdraw", "answer"])
    clock.advance(4000)
    await settle(app)
    assert (await get(gateway, path, NEEDS_LOOK)).json()["note"] == "answer_needed"
    answered = (await post(gateway, f"{path}/messages", NEEDS_LOOK, text="Phường Láng.")).json()
    assert [(one["author"], one["kind"]) for one in answered["messages"]] == [
        ("authority", "question"),
        ("resident", "answer"),
    ]
    assert answered["note"] == "needs_look"
    assert (await decide(gateway, f"{path}/decide", result="clear")).status_code == 200
    again = await decide(gateway, f"{path}/decide", result="as_registered")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-undecided")
    for _ in range(3):
        await settle(app)
        clock.advance(2)
    found = (await get(gateway, path, NEEDS_LOOK)).json()
    assert (found["status"], found["note"]) == ("ready", None)


async def test_the_resident_asks_and_the_agency_answers(gateway: httpx.AsyncClient) -> None:
    """A question reaches a person; after the result there is nothing to ask here."""
    path = f"applications/{(await send(gateway)).json()['application_id']}"
    asked = (await post(gateway, f"{path}/messages", text="Bao giờ\nxong?", key="k")).json()
    again = (await post(gateway, f"{path}/messages", text="Bao giờ\nxong?", key="k")).json()
    assert again["messages"] == asked["messages"]
    headers = make_headers(OFFICER, scope="desk", roles=("officer",))
    queue = await gateway.get("/certificates/v1/office/applications?note=question", headers=headers)
    assert [one["application_id"] for one in queue.json()] == [path.partition("/")[2]]
    await decide(gateway, f"{path}/messages", text="Chiều thứ Sáu.", kind="answer")
    found = (await get(gateway, path)).json()["messages"]
    assert [(one["author"], one["kind"]) for one in found] == [
        ("resident", "question"),
        ("authority", "answer"),
    ]
    await post(gateway, f"{path}/withdraw")
    refused = await post(gateway, f"{path}/messages", text="?")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/application-closed")


async def test_only_officers_of_the_police_decide(gateway: httpx.AsyncClient) -> None:
    """A ward's officer who handles pot-holes sees nobody's criminal record."""
    application_id = (await send(gateway)).json()["application_id"]
    path = "/certificates/v1/office/applications"
    ward = make_headers("sandbox-hoang-duc-quan", scope="desk", roles=("officer",))
    low = make_headers(OFFICER, scope="desk", acr="loa1", roles=("officer",))
    for headers, status in ((ward, 403), (holder(), 403), (low, 401)):
        for target in (path, f"{path}/{application_id}"):
            assert (await gateway.get(target, headers=headers)).status_code == status


async def test_a_refusal_has_a_reason_and_a_way_to_complain(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """The file stays readable, and says to whom and until when one can complain."""
    path = f"applications/{(await send(gateway)).json()['application_id']}"
    body = {"reason": "not_enough_information", "text": "Thiếu nơi ở trước năm 2010."}
    assert (await decide(gateway, f"{path}/refuse", **body)).status_code == 200
    found = (await get(gateway, path)).json()
    assert (found["status"], found["reason"]) == ("refused", "not_enough_information")
    assert found["refusal"]["text"] == "Thiếu nơi ở trước năm 2010."
    assert date.fromisoformat(found["refusal"]["complain_until"]) > datetime.now(UTC).date()
    assert found["identity"]["name"] == "Nguyễn Minh Anh"
    await settle(app)
    assert (await get(gateway, path)).json()["status"] == "refused"


async def test_a_late_certificate_brings_a_signed_apology_and_a_new_day(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    clock: Clock,
    register_switch: RegisterSwitch,
    authority: Authority,
) -> None:
    """Nobody has to ask what became of it: the letter comes by itself, once for each missed day."""
    register_switch.down = True
    sent = (await send(gateway)).json()
    path = f"applications/{sent['application_id']}"
    clock.now = datetime.fromisoformat(sent["expected_datetime"]).astimezone(UTC)
    clock.advance(1)
    await settle(app)
    found = (await get(gateway, path)).json()
    days = working_days_after(datetime.fromisoformat(sent["expected_datetime"]).date())
    assert [next(days), next(days)][1].isoformat() == found["expected_datetime"][:10]
    assert found["original_expected_datetime"] == sent["expected_datetime"]
    assert (found["late"]["letter"], len(found["letters"])) == (1, 1)
    letter = await get(gateway, f"{path}/letters/1")
    root = authority.root.certificate
    looked = await asyncio.to_thread(inspect, letter.content, root, clock.now)
    assert looked.finding is Finding.WHOLE
    with pypdfium2.PdfDocument(letter.content) as opened:
        text = opened[0].get_textpage().get_text_range()
    assert "xin lỗi" in text
    assert "Nguyễn Minh Anh" in text
    assert (await get(gateway, f"{path}/letters/1", WITH_ENTRIES)).status_code == 404
    assert (await get(gateway, f"{path}/letters/2")).status_code == 404
    register_switch.down = False
    for _ in range(5):
        clock.advance(700)
        await settle(app)
    assert (await get(gateway, path)).json()["status"] == "ready"
    clock.advance(20 * 86_400)
    await settle(app)
    assert len((await get(gateway, path)).json()["letters"]) == 1


async def test_it_can_be_withdrawn_until_it_is_signed(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """Until then it is the resident's; afterwards there is a number in the register."""
    path = f"applications/{(await send(gateway)).json()['application_id']}"
    for _ in range(3):
        await settle(app)
        clock.advance(2)
    late = await post(gateway, f"{path}/withdraw")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/too-late-to-withdraw")
    await settle(app)
    assert (await get(gateway, path)).json()["status"] == "ready"
    again = f"applications/{(await send(gateway)).json()['application_id']}"
    await settle(app)
    gone = (await post(gateway, f"{again}/withdraw")).json()
    assert (gone["status"], gone["history"][-1]["actor"]) == ("withdrawn", "resident")
    assert (await send(gateway)).status_code == 201


async def test_the_sandboxes_automatic_officer_decides_where_nobody_is(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """Somebody who tries the sandbox alone is not left waiting; only there, and only when set."""
    set_rules(app, sandbox_officer_seconds=5.0)
    application = await issue(app, gateway, NEEDS_LOOK)
    for _ in range(4):
        clock.advance(6)
        await settle(app)
    path = f"applications/{application['application_id']}"
    assert (await get(gateway, path, NEEDS_LOOK)).json()["status"] == "ready"
    office = app.state.certificate_office
    settings = replace(office.settings, sandbox=False)
    app.state.certificate_office = replace(office, settings=settings)
    other = await issue(app, gateway, NEEDS_LOOK)
    for _ in range(4):
        clock.advance(6)
        await settle(app)
    path = f"applications/{other['application_id']}"
    assert (await get(gateway, path, NEEDS_LOOK)).json()["status"] == "checking"
    assert (await get(gateway, path, MINH_ANH)).status_code == 404
