"""The service over the real gateway: the wire format holds, from the form to the check."""

from __future__ import annotations

import asyncio
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
from services.certificates import CertificateApplication, CertificateDraft, Certificates
from services.client import GatewayClient
from services.clock import ServerClock
from services.errors import NotFound, Rejected, SignInRequired
from services.vault import Vault
from tests.gateway.conftest import PUBLIC_URL, issuer_app, make_token

MINH_ANH, GIA_HUY = "sandbox-nguyen-minh-anh", "sandbox-tran-gia-huy"


class Bearer(httpx.Auth):
    """The access token of one resident."""

    def __init__(self, subject: str, acr: str) -> None:
        self._token = make_token(subject, scope="certificates", acr=acr)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


Device = Callable[..., Certificates]


@pytest_asyncio.fixture
async def device(tmp_path: Path) -> AsyncIterator[Device]:
    """Residents' devices before a running gateway that takes no time between two states."""
    settings = Settings(data_folder=tmp_path, public_url=PUBLIC_URL)
    bare = replace(settings, sandbox=False)  # The office has its registers; the rest stays empty.
    app = create_app(bare, issuer_transport=httpx.ASGITransport(issuer_app()))
    quick = {"IHANOI_CERTIFICATE_STEP_SECONDS": "0"}
    app.state.certificate_office = await asyncio.to_thread(open_office, settings, quick)
    vault, clock = Vault(tmp_path / "vault.sqlite3", b"k" * 32), ServerClock()
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/api", app)]))
    async with running(app), httpx.AsyncClient(transport=transport) as http:

        def of(subject: str = MINH_ANH, acr: str = "loa2") -> Certificates:
            gateway = GatewayClient(f"{PUBLIC_URL}/api", http, clock, Bearer(subject, acr))
            return Certificates(gateway, vault.for_subject(subject), clock)

        yield of
    vault.close()


async def result_of(certificates: Certificates, application_id: str) -> CertificateApplication:
    for _ in range(300):
        found = (await certificates.get(application_id)).value
        if not found.in_process:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("no result came")


async def test_from_the_form_to_the_check(device: Device) -> None:
    """The whole way of one resident, over the wire."""
    mine = device()
    form = await mine.form()
    assert form.identity is not None
    assert form.identity.identity_number.startswith("•")
    assert form.blocked_by == ()
    unmasked = (await mine.form(show_identity_number=True)).identity
    assert unmasked is not None
    assert unmasked.identity_number.isdigit()
    draft = CertificateDraft(purpose=form.purposes[0].code, contact_phone="0900 000 216")
    sent = await mine.apply(draft)
    ready = await result_of(mine, sent.application_id)
    assert (ready.status, len(ready.history)) == ("ready", 5)
    assert ready.certificate is not None
    assert ready.certificate.code in ready.certificate.verify_url
    document = await mine.certificate(sent.application_id)
    assert len(document) == ready.certificate.size
    assert (await mine.page(sent.application_id, 1)).startswith(b"\x89PNG")
    assert (await mine.verify(document)).is_valid
    assert (await mine.verify(ready.certificate.code)).is_valid
    assert (await mine.verify(document[:-1] + b"x")).verdict == "altered"
    assert (await mine.verify(b"garbage")).verdict == "unknown"
    kinds = [read.kind for read in (await mine.reads(sent.application_id)).value]
    assert kinds == ["check", "check", "page", "certificate"]


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
    blocked = (await device("sandbox-le-bao-ngoc").form()).blocked_by
    assert [(one.code, one.minimum_age) for one in blocked] == [("too_young", 16)]


async def test_anothers_application_is_not_found(device: Device) -> None:
    """Two residents with the real database between them."""
    sent = await device(MINH_ANH).apply(CertificateDraft(purpose="study"))
    other = device(GIA_HUY)
    assert (await other.list_mine()).value == []
    for attempt in (
        other.get(sent.application_id),
        other.reads(sent.application_id),
        other.certificate(sent.application_id),
        other.page(sent.application_id, 1),
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
