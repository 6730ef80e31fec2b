"""The criminal record register as an adapter: whatever it does, nobody gets a wrong certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.registers.criminal_records import (
    Fault,
    RegisterAnswerError,
    SandboxCriminalRecords,
    read_answer,
)
from tests.gateway.certificates.conftest import Clock, get, issue, set_rules, settle

ENTRY = {
    "judgment": "1",
    "judgment_date": "2024-06-18",
    "court": "c",
    "offence": "o",
    "main_penalty": "m",
    "additional_penalty": "",
    "spent": False,
}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"status": "clear"}',
        b'{"status": "fine", "convictions": []}',
        b'{"status": "clear", "convictions": [], "more": 1}',
        json.dumps({"status": "clear", "convictions": [ENTRY]}).encode(),
        json.dumps({"status": "has_entries", "convictions": []}).encode(),
        json.dumps({"status": "has_entries", "convictions": [{**ENTRY, "spent": 0}]}).encode(),
    ],
)
def test_an_answer_of_another_shape_means_nothing(body: bytes) -> None:
    """An error page read as "no record" would certify a lie."""
    with pytest.raises(RegisterAnswerError):
        read_answer(body)


def test_an_answer_as_agreed_is_read() -> None:
    """The same shape for the sandbox and a real register."""
    found = read_answer(json.dumps({"status": "has_entries", "convictions": [ENTRY]}).encode())
    assert found is not None
    assert found.convictions[0].judgment_date == date(2024, 6, 18)
    assert read_answer(b"null") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "note"), [("silent", "register_down"), ("wrong", "register_error")]
)
async def test_a_register_that_fails_is_asked_again(
    app: FastAPI,
    gateway: httpx.AsyncClient,
    clock: Clock,
    fault: Fault,
    note: str,
) -> None:
    """Silence and nonsense are not answers: the application waits, says why, and goes on."""
    faults: dict[str, Fault] = {"now": fault}
    broken: Callable[[], Any] = lambda: faults["now"]  # noqa: E731
    register = SandboxCriminalRecords(lambda: False, None, broken)
    app.state.certificate_office = replace(app.state.certificate_office, register=register)
    set_rules(app, register_seconds=0.01)
    application = await issue(app, gateway)
    path = f"applications/{application['application_id']}"
    assert (application["status"], application["note"]) == ("checking", note)
    faults["now"] = ""
    for _ in range(3):
        clock.advance(700)
        await settle(app)
    found = (await get(gateway, path)).json()
    assert (found["status"], found["note"]) == ("ready", None)
