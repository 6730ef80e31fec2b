"""The service over the real gateway: the wire format holds, from the form to the check."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.asgi import create_app, running
from gateway.certificates.configuration import Configuration
from gateway.certificates.office import open_office
from gateway.settings import Settings
from services.certificates import (
    CertificateApplication,
    CertificateDraft,
    Certificates,
    FormerAddress,
    PrintedDetails,
)
from services.certificates.holding import claims_of
from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound, NotPermitted, Rejected, SignInRequired
from services.outbox import Outbox
from services.vault import Vault
from tests.gateway.conftest import FRESH_WHENEVER, PUBLIC_URL, issuer_app, make_token
from tests.support.consents import everybody_agreed

MINH_ANH, GIA_HUY = "sandbox-nguyen-minh-anh", "sandbox-tran-gia-huy"


class Bearer(httpx.Auth):
    """The access token of one resident."""

    def __init__(self, subject: str, acr: str) -> None:
        self._token = make_token(subject, scope="certificates", acr=acr, auth_time=FRESH_WHENEVER)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


Device = Callable[..., Certificates]


@pytest_asyncio.fixture
async def device(tmp_path: Path, started_city: Path) -> AsyncIterator[Device]:
    """Residents' devices before a running gateway that takes no time between two states."""
    shutil.copytree(started_city / "keys", tmp_path / "keys")
    settings = Settings(data_folder=tmp_path, public_url=PUBLIC_URL)
    bare = replace(settings, sandbox=False)  # The office has its registers; the rest stays empty.
    app = create_app(bare, issuer_transport=httpx.ASGITransport(issuer_app()))
    quick = {"IHANOI_CERTIFICATE_STEP_SECONDS": "0", "IHANOI_CERTIFICATE_FEE": "200000"}
    app.state.certificate_office = await asyncio.to_thread(open_office, settings, quick)
    vault, clock = Vault(tmp_path / "vault.sqlite3", b"k" * 32), ServerClock()
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/api", app)]))
    async with running(app), httpx.AsyncClient(transport=transport) as http:
        everybody_agreed(tmp_path)

        def of(subject: str = MINH_ANH, acr: str = "loa2") -> Certificates:
            gateway = GatewayClient(f"{PUBLIC_URL}/api", http, clock, Bearer(subject, acr))
            mine = vault.for_subject(subject)
            return Certificates(gateway, mine, Outbox(mine, clock), clock)

        yield of
    vault.close()


async def result_of(certificates: Certificates, application_id: str) -> CertificateApplication:
    for _ in range(1500):
        found = (await certificates.get(application_id)).value
        if not found.in_process:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("no result came")


async def test_from_the_form_to_the_check(device: Device) -> None:
    """The whole way of one resident, over the wire: paid at the second try, shown, checked."""
    mine, anybody = device(), device(GIA_HUY)
    form = (await mine.form()).value
    assert form.identity is not None
    assert form.identity.identity_number.startswith("•")
    assert (form.blocked_by, form.fee, form.certificate_types) == ((), 200_000, (1, 2))
    assert (await mine.identity_number()).isdigit()
    rows = (FormerAddress("12 Hàng Trống, Hà Nội", "2001", "2010"),)
    draft = CertificateDraft(form.purposes[0].code, "0900 000 216", former_addresses=rows)
    sent = await mine.apply(draft)
    assert sent is not None
    assert (sent.status, sent.former_addresses) == (
        "unpaid",
        ("12 Hàng Trống, Hà Nội (2001–2010)",),
    )
    code = sent.application_id
    assert sent.payment is not None
    failed = await mine.pay_in_sandbox(code, sent.payment.payment_id, "failed")
    assert failed.payment is not None
    assert (failed.payment.status, failed.payment.sandbox) == ("failed", True)
    anew = await mine.pay_again(code, "again")
    assert anew.payment is not None
    await mine.pay_in_sandbox(code, anew.payment.payment_id, "paid")
    ready = await result_of(mine, code)
    assert (ready.status, ready.certificate is not None) == ("ready", True)
    assert ready.certificate is not None
    assert ready.certificate.code in ready.certificate.verify_url
    document = await mine.certificate(code)
    assert len(document) == ready.certificate.size
    assert (await mine.page(code, 1)).startswith(b"\x89PNG")
    assert (await mine.verify(document)).is_valid
    assert (await mine.verify(ready.certificate.code)).is_valid
    assert (await mine.verify(document[:-1] + b"x")).verdict == "altered"
    assert (await mine.verify(b"garbage")).verdict == "unknown"
    printed = PrintedDetails(
        ready.certificate.number,
        code,
        form.identity.name,
        form.identity.birthdate,
        form.identity.gender,
        await mine.identity_number(),
    )
    assert (await anybody.verify(printed)).is_valid
    assert (await anybody.verify(replace(printed, gender="male"))).verdict == "unknown"
    assert claims_of((await mine.twin(code)).decode())["number"] == ready.certificate.number
    await show_and_stop(mine, anybody, code)
    kinds = [read.kind for read in (await mine.reads(code)).value]
    assert kinds.count("check") == 3
    assert {"page", "certificate", "credential", "presentation"} <= {*kinds}


async def show_and_stop(mine: Certificates, anybody: Certificates, code: str) -> None:
    """The result alone is shown for an hour to whoever has the link, until it is stopped."""
    shown = mine.presentations
    credential = await shown.credential(code)
    link = await shown.show(code, credential, {"result"}, 3600, key="wish")
    secret = link.rpartition("/")[2]
    seen = await anybody.presentations.check(secret, "Công ty TNHH Mẫu ABC")
    assert (seen.is_valid, seen.claims) == (True, {"result": "clear"})
    [one] = await shown.list(code)
    assert (one.status, one.claims) == ("active", ("result",))
    assert [check.name for check in one.checks] == ["Công ty TNHH Mẫu ABC"]
    assert await shown.link(one.presentation_id) == link
    await shown.stop(one.presentation_id)
    assert not (await anybody.presentations.check(secret, "Ai đó")).is_valid


async def test_form_two_opens_by_its_passcode_alone(device: Device) -> None:
    """Nobody may demand it, and whoever borrows the phone does not get to see it."""
    mine = device()
    sent = await mine.apply(
        CertificateDraft(purpose="other", certificate_type=2, passcode="482615")
    )
    assert sent is not None
    code = sent.application_id
    assert sent.payment is not None
    await mine.pay_in_sandbox(code, sent.payment.payment_id, "paid")
    await result_of(mine, code)
    with pytest.raises(NotPermitted) as closed:
        await mine.certificate(code)
    assert closed.value.code == "passcode_required"
    with pytest.raises(NotPermitted) as wrong:
        await mine.open(code, "482614", "first")
    assert wrong.value.code == "passcode_wrong"
    opening = await mine.open(code, "482615", "second")
    assert (await mine.certificate(code, opening=opening)).startswith(b"%PDF")


async def test_a_question_and_a_withdrawal(device: Device) -> None:
    """What one may do before there is a result, said by the gateway."""
    mine = device()
    sent = await mine.apply(CertificateDraft(purpose="study"))
    assert sent is not None
    assert "withdraw" in sent.actions
    gone = await mine.withdraw(sent.application_id)
    assert (gone.status, gone.in_process) == ("withdrawn", False)
    with pytest.raises(Rejected) as closed:
        await mine.write(sent.application_id, "Bao giờ có?", "q1")
    assert closed.value.code == "application_closed"


async def test_the_gateways_refusals_arrive_as_codes(device: Device) -> None:
    """Each refusal leads the resident to something they can do."""
    with pytest.raises(SignInRequired) as low:
        await device(acr="loa1").form()
    assert low.value.acr == "loa2"
    with pytest.raises(Rejected) as wrong:
        await device().apply(CertificateDraft(purpose="curiosity", contact_phone="12"))
    assert {(error.field, error.code) for error in wrong.value.field_errors} == {
        ("purpose", "unknown_purpose"),
        ("contact_phone", "not_a_phone_number"),
    }
    with pytest.raises(Rejected) as young:
        await device("sandbox-le-bao-ngoc").apply(CertificateDraft(purpose="study"))
    assert young.value.code == "too_young"
    blocked = (await device("sandbox-le-bao-ngoc").form()).value.blocked_by
    assert [(one.code, one.minimum_age) for one in blocked] == [("too_young", 16)]


async def test_anothers_application_is_not_found(device: Device) -> None:
    """Two residents with the real database between them."""
    sent = await device(MINH_ANH).apply(CertificateDraft(purpose="study"))
    assert sent is not None
    other = device(GIA_HUY)
    assert (await other.list_mine()).value == []
    for attempt in (
        other.get(sent.application_id),
        other.reads(sent.application_id),
        other.certificate(sent.application_id),
        other.page(sent.application_id, 1),
        other.withdraw(sent.application_id),
        other.presentations.list(sent.application_id),
    ):
        with pytest.raises(NotFound):
            await attempt


def test_settings_of_the_office_come_from_the_environment() -> None:
    """The fee is the city's to set, and a wrong value is named."""
    assert Configuration.from_environment({}).fee == 0
    assert Configuration.from_environment({"IHANOI_CERTIFICATE_FEE": "200000"}).fee == 200_000
    for value in ("free", "-1", "nan", "inf"):
        with pytest.raises(ValueError, match="IHANOI_CERTIFICATE_FEE"):
            Configuration.from_environment({"IHANOI_CERTIFICATE_FEE": value})
