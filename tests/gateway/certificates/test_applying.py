"""Applying for a certificate."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from tests.gateway.certificates.conftest import (
    GIA_HUY,
    MINH_ANH,
    Clock,
    RegisterSwitch,
    get,
    holder,
    issue,
    send,
)
from tests.gateway.conftest import make_headers, on_sqlite
from tests.support.consents import forget_every_consent

CHILD = "sandbox-le-bao-ngoc"


def codes(form: dict[str, Any]) -> list[str]:
    return [obstacle["code"] for obstacle in form["blocked_by"]]


@on_sqlite
async def test_the_form_knows_the_resident_and_hides_the_number(gateway: httpx.AsyncClient) -> None:
    """Nobody should type what the city knows, and nobody looking over a shoulder read it."""
    form = (await get(gateway, "form")).json()
    assert form["identity"]["name"] == "Nguyễn Minh Anh"
    assert form["identity"]["birthdate"] == "1988-03-08"
    assert form["identity"]["identity_number"] == "•••••••••001"
    assert form["contact_phone"] == "•••••••001"
    assert form["fee"] == {"amount": 0, "currency": "VND", "valid_from": None}
    assert form["working_days"] == 5
    assert {"code": "employment", "vi": "Bổ sung hồ sơ xin việc", "en": "Job application"} in form[
        "purposes"
    ]
    assert form["blocked_by"] == []


@on_sqlite
async def test_the_number_is_shown_when_asked_for(gateway: httpx.AsyncClient) -> None:
    """The eye beside the number must show the real one."""
    form = (await get(gateway, "form?show_identity_number=true")).json()
    assert form["identity"]["identity_number"] == "001188990001"


@on_sqlite
async def test_a_sign_in_at_level_one_is_asked_to_step_up(gateway: httpx.AsyncClient) -> None:
    """A criminal record is shown to nobody whose identity is not proved."""
    for method, path in (("GET", "form"), ("POST", "applications")):
        headers = holder(acr="loa1")
        answer = await gateway.request(method, f"/certificates/v1/{path}", headers=headers)
        assert answer.status_code == 401
        assert 'acr_values="loa2"' in answer.headers["WWW-Authenticate"]


@on_sqlite
async def test_a_token_for_reports_does_not_open_certificates(gateway: httpx.AsyncClient) -> None:
    """A client asks for what it needs, and gets no more."""
    headers = make_headers(MINH_ANH, scope="reports")
    assert (await gateway.get("/certificates/v1/form", headers=headers)).status_code == 403


async def test_an_application_is_received_with_its_deadline(gateway: httpx.AsyncClient) -> None:
    """The resident learns at once when the answer is due, in working days."""
    answer = await send(gateway)
    application = answer.json()
    assert answer.status_code == 201
    assert application["application_id"].startswith("LL-")
    assert application["status"] == "submitted"
    assert application["contact_phone"] == "•••••••216"
    assert [state["status"] for state in application["history"]] == ["submitted"]
    assert application["history"][0]["actor"] == "resident"
    assert len(application["working_days"]) == 5
    due = datetime.fromisoformat(application["expected_datetime"])
    assert due.date().isoformat() == application["working_days"][-1]
    assert (due.hour, due.utcoffset().total_seconds()) == (17, 7 * 3600)  # type: ignore[union-attr]


async def test_the_same_key_applies_once(gateway: httpx.AsyncClient) -> None:
    """A phone that lost the answer sends again; the resident must not apply twice."""
    first, second = await send(gateway, key="k" * 20), await send(gateway, key="k" * 20)
    assert second.status_code == 201
    assert first.json()["application_id"] == second.json()["application_id"]
    assert len((await get(gateway, "applications")).json()) == 1


async def test_two_at_once_give_one_application(gateway: httpx.AsyncClient) -> None:
    """Two devices, one resident, one moment: one of them is told of the other."""
    answers = await asyncio.gather(*(send(gateway) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len((await get(gateway, "applications")).json()) == 1


async def test_a_second_application_waits_for_the_first(gateway: httpx.AsyncClient) -> None:
    """The procedure allows one at a time; the answer says which one."""
    first = (await send(gateway)).json()["application_id"]
    problem = (await send(gateway)).json()
    assert problem["type"] == "/problems/application-in-process"
    assert problem["application_id"] == first
    form = (await get(gateway, "form")).json()
    assert form["blocked_by"] == [{"code": "application_in_process", "application_id": first}]


async def test_another_residents_application_does_not_block(gateway: httpx.AsyncClient) -> None:
    """One at a time is counted for each resident."""
    await send(gateway)
    assert (await send(gateway, GIA_HUY)).status_code == 201


async def test_after_the_result_one_can_apply_again(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """A certificate for the next employer needs no call to the hotline."""
    await issue(app, gateway)
    assert codes((await get(gateway, "form")).json()) == []
    assert (await send(gateway)).status_code == 201


@on_sqlite
async def test_a_child_is_too_young(gateway: httpx.AsyncClient) -> None:
    """The law asks for sixteen years; the form says so before the first field."""
    assert codes((await get(gateway, "form", CHILD)).json()) == ["too_young"]
    answer = await send(gateway, CHILD)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/too-young"


@on_sqlite
@pytest.mark.parametrize(("day", "young"), [("2026-05-13", True), ("2026-05-14", False)])
async def test_sixteen_begins_on_the_birthday(
    gateway: httpx.AsyncClient, clock: Clock, day: str, young: bool
) -> None:
    """A day too early or too late is somebody's lost week."""
    clock.now = datetime.fromisoformat(f"{day}T09:00:00+07:00")
    assert ("too_young" in codes((await get(gateway, "form", GIA_HUY)).json())) is young


@on_sqlite
async def test_a_person_the_register_does_not_know_is_told(gateway: httpx.AsyncClient) -> None:
    """Without an identity there is nothing to print on a certificate."""
    form = (await get(gateway, "form", "nobody")).json()
    assert form["identity"] is None
    assert codes(form) == ["identity_unknown"]
    assert (await send(gateway, "nobody")).json()["type"] == "/problems/identity-unknown"


@on_sqlite
async def test_a_register_that_is_down_is_said_before_the_first_field(
    gateway: httpx.AsyncClient, register_switch: RegisterSwitch
) -> None:
    """Filling in four steps for nothing is worse than coming back tomorrow."""
    register_switch.down = True
    assert codes((await get(gateway, "form")).json()) == ["register_down"]


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("purpose", "curiosity", "unknown_purpose"),
        ("contact_phone", "12345", "not_a_phone_number"),
        ("certificate_type", 3, "literal_error"),
        ("delivery", "paper", "literal_error"),
        ("status", "ready", "extra_forbidden"),
    ],
)
async def test_a_wrong_field_is_named(
    gateway: httpx.AsyncClient, field: str, value: Any, code: str
) -> None:
    """The error must find its way to the field on the screen."""
    answer = await send(gateway, **{field: value})
    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@on_sqlite
@pytest.mark.parametrize("typed", ["+84 900 000 216", "0900.000.216", "0900-000-216"])
async def test_a_phone_number_may_be_written_as_people_write_it(
    gateway: httpx.AsyncClient, typed: str
) -> None:
    """A form that minds dots and spaces is a form that is not sent."""
    assert (await send(gateway, contact_phone=typed)).json()["contact_phone"] == "•••••••216"


@on_sqlite
async def test_without_a_number_the_registered_one_is_used(gateway: httpx.AsyncClient) -> None:
    """The prefilled number is masked, so the app cannot send it back."""
    assert (await send(gateway, contact_phone=None)).json()["contact_phone"] == "•••••••001"


@on_sqlite
async def test_registers_are_not_asked_before_the_resident_agreed(
    gateway: httpx.AsyncClient, database: Database
) -> None:
    """Criminal records are sensitive data: not even the form is filled in before a yes."""
    database.run_here(forget_every_consent)
    for answer in (await get(gateway, "form"), await send(gateway)):
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/consent-required"
        assert answer.json()["purpose"] == "certificate_register"
        assert "identity" not in answer.text
