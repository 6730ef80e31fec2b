"""Paying the fee: once, whatever the bank and the network do."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.certificates.configuration import Configuration
from gateway.certificates.payment_provider import SandboxBank, crc16
from tests.gateway.certificates.conftest import (
    GIA_HUY,
    MINH_ANH,
    Clock,
    get,
    post,
    send,
    set_rules,
    settle,
)
from tests.gateway.conftest import on_sqlite

FEE = 100_000


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """An office that asks for a fee."""
    set_rules(app, fees=((date(2026, 7, 1), FEE),))
    return app


async def call(app: FastAPI, gateway: httpx.AsyncClient, **event: Any) -> httpx.Response:
    """What the bank sends, signed as the bank signs."""
    bank: SandboxBank = app.state.certificate_office.bank
    body = json.dumps({"outcome": "paid", "amount": FEE, **event}).encode()
    headers = {"Payment-Signature": bank.sign(body), "Content-Type": "application/json"}
    path = "/certificates/v1/payments/callback"
    return await gateway.post(path, content=body, headers=headers)


async def read(gateway: httpx.AsyncClient, application: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (
        await get(gateway, f"applications/{application['application_id']}")
    ).json()
    return found


async def test_an_application_waits_for_its_fee_and_goes_on_when_it_is_paid(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """Nothing is asked of the register before; the five days begin with the money."""
    sent = (await send(gateway)).json()
    assert (sent["status"], sent["payment"]["status"]) == ("unpaid", "pending")
    assert sent["payment"]["amount"] == FEE
    assert sent["actions"] == ["pay", "withdraw", "ask"]
    await settle(app)
    assert (await read(gateway, sent))["status"] == "unpaid"
    clock.advance(600)
    payment = sent["payment"]["payment_id"]
    path = f"applications/{sent['application_id']}/payments/{payment}/sandbox"
    paid = (await post(gateway, path, outcome="paid")).json()
    assert (paid["status"], paid["payment"]["status"]) == ("submitted", "paid")
    for _ in range(4):
        await settle(app)
        clock.advance(2)
    found = await read(gateway, sent)
    assert found["status"] == "ready"
    assert [state["status"] for state in found["history"]][:2] == ["unpaid", "submitted"]


async def test_a_callback_that_comes_five_times_at_once_counts_once(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Banks repeat themselves; the certificate must not."""
    sent = (await send(gateway)).json()
    event = {"event_id": "e1", "payment_id": sent["payment"]["payment_id"]}
    answers = await asyncio.gather(*(call(app, gateway, **event) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await call(app, gateway, **{**event, "event_id": "e2"})).status_code == 204
    late_failure = {**event, "event_id": "e3", "outcome": "failed"}
    assert (await call(app, gateway, **late_failure)).status_code == 204
    found = await read(gateway, sent)
    assert [state["status"] for state in found["history"]] == ["unpaid", "submitted"]
    assert found["payment"]["status"] == "paid"


@on_sqlite
async def test_a_callback_must_prove_itself_and_name_the_amount(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Otherwise the fee could be paid with curl, or with one dong."""
    sent = (await send(gateway)).json()
    payment = sent["payment"]["payment_id"]
    body = json.dumps({"event_id": "e", "payment_id": payment, "amount": FEE, "outcome": "paid"})
    path = "/certificates/v1/payments/callback"
    for signature in ("", "0" * 64):
        headers = {"Payment-Signature": signature}
        refused = await gateway.post(path, content=body, headers=headers)
        assert refused.status_code == 403
    assert (await call(app, gateway, event_id="e", payment_id=payment, amount=1)).status_code == 422
    assert (await call(app, gateway, event_id="e", payment_id="0" * 24)).status_code == 404
    assert (await call(app, gateway, nonsense=1)).status_code == 422
    assert (await read(gateway, sent))["status"] == "unpaid"


@on_sqlite
async def test_a_payment_that_failed_or_expired_is_asked_for_anew(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """A wrong PIN at the bank is no reason to fill in the form again; nobody pays twice."""
    sent = (await send(gateway)).json()
    path = f"applications/{sent['application_id']}/payments"
    first = sent["payment"]["payment_id"]
    assert (await post(gateway, path)).json()["type"] == "/problems/payment-not-wanted"
    failed = (await post(gateway, f"{path}/{first}/sandbox", outcome="failed")).json()
    assert failed["payment"]["status"] == "failed"
    clock.advance(1)
    again = (await post(gateway, path)).json()
    assert again["payment"]["payment_id"] != first
    clock.advance(15 * 60)
    assert (await read(gateway, sent))["payment"]["status"] == "expired"
    third = (await post(gateway, path, key="third")).json()["payment"]
    assert (await post(gateway, path, key="third")).json()["payment"] == third
    # The first order is paid after all: that is the money, and no other is asked for.
    assert (await call(app, gateway, event_id="x", payment_id=first)).status_code == 204
    found = await read(gateway, sent)
    assert (found["status"], found["payment"]["status"]) == ("submitted", "paid")
    assert (await post(gateway, path)).status_code == 409


@on_sqlite
async def test_what_nobody_pays_is_closed_and_money_that_comes_later_goes_back(
    app: FastAPI, gateway: httpx.AsyncClient, clock: Clock
) -> None:
    """An application cannot block the next one for ever, and no money disappears."""
    sent = (await send(gateway)).json()
    clock.advance(24 * 3600 + 1)
    await settle(app)
    assert (await read(gateway, sent))["status"] == "closed"
    event = {"event_id": "late", "payment_id": sent["payment"]["payment_id"]}
    assert (await call(app, gateway, **event)).status_code == 204
    found = await read(gateway, sent)
    assert (found["status"], found["payment"]["status"]) == ("closed", "refund_due")
    assert (await send(gateway)).status_code == 201


@on_sqlite
async def test_what_was_paid_goes_back_when_it_is_withdrawn_in_time(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Before the register was asked nothing was done for the money."""
    sent = (await send(gateway)).json()
    payment = sent["payment"]["payment_id"]
    path = f"applications/{sent['application_id']}"
    await post(gateway, f"{path}/payments/{payment}/sandbox", outcome="paid")
    withdrawn = (await post(gateway, f"{path}/withdraw")).json()
    assert (withdrawn["status"], withdrawn["payment"]["status"]) == ("withdrawn", "refund_due")
    assert (await post(gateway, f"{path}/withdraw")).json()["status"] == "withdrawn"
    await settle(app)
    assert (await read(gateway, sent))["status"] == "withdrawn"


@on_sqlite
async def test_another_residents_payment_is_not_there(
    app: FastAPI, gateway: httpx.AsyncClient
) -> None:
    """Nobody sees, repeats or ends what is another's."""
    sent = (await send(gateway)).json()
    mine = f"applications/{sent['application_id']}"
    paying = f"payments/{sent['payment']['payment_id']}/sandbox"
    other = (await send(gateway, GIA_HUY)).json()
    theirs = f"applications/{other['application_id']}"
    for path in (f"{mine}/{paying}", f"{theirs}/{paying}"):
        refused = await post(gateway, path, GIA_HUY, outcome="paid")
        assert refused.status_code == 404
    for path in (f"{mine}/payments", f"{mine}/withdraw", f"{mine}/messages"):
        body = {"text": "?"} if path.endswith("messages") else {}
        assert (await post(gateway, path, GIA_HUY, **body)).status_code == 404
    assert (await read(gateway, sent))["status"] == "unpaid"


def test_the_fee_is_the_one_of_its_day() -> None:
    """A fee that changes at New Year is set before, not at midnight."""
    environ = {"IHANOI_CERTIFICATE_FEES": "2027-01-01:100000,2026-07-01:0"}
    rules = Configuration.from_environment(environ)
    assert rules.fee_on(date(2026, 12, 31)) == (0, date(2026, 7, 1))
    assert rules.fee_on(date(2027, 1, 1)) == (100_000, date(2027, 1, 1))
    assert rules.fee_on(date(2026, 6, 30)) == (0, None)
    with pytest.raises(ValueError, match="IHANOI_CERTIFICATE_FEES"):
        Configuration.from_environment({"IHANOI_CERTIFICATE_FEES": "tomorrow:1"})


def test_the_qr_code_is_one_that_banking_apps_read() -> None:
    """EMVCo: tags, lengths, and the checksum whose check value is published."""
    assert crc16(b"123456789") == 0x29B1
    text = SandboxBank(b"0" * 32).qr("abcdef0123456789", FEE)
    assert text.startswith("000201010212")
    assert "5406100000" in text
    assert text[-8:-4] == "6304"
    assert text[-4:] == f"{crc16(text[:-4].encode()):04X}"
    assert MINH_ANH not in text
