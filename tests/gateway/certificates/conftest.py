"""An office with a clock that tests move, the same keys for the whole run, and one signed certificate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, insert, select

from gateway.asgi import create_app
from gateway.certificates import pdf
from gateway.certificates.authority import Authority, open_authority, read_authority
from gateway.certificates.configuration import Configuration
from gateway.certificates.inspection import inspect
from gateway.certificates.office import Office
from gateway.certificates.payment_provider import SandboxBank
from gateway.certificates.serving import worker_of
from gateway.certificates.signing import FileSigner
from gateway.certificates.tables import applications, certificates
from gateway.database import Database
from gateway.jobs import jobs
from gateway.registers.criminal_records import CONVICTIONS, SandboxCriminalRecords
from gateway.registers.population import SandboxPopulation
from gateway.settings import Settings
from tests.gateway.conftest import FRESH_WHENEVER, PUBLIC_URL, equipped, issuer_app, make_headers
from tests.support.once import once

MINH_ANH = "sandbox-nguyen-minh-anh"
GIA_HUY = "sandbox-tran-gia-huy"
WITH_ENTRIES = "sandbox-pham-quoc-bao"
OFFICER = "sandbox-trinh-van-lam"
NEEDS_LOOK = "sandbox-do-thanh-tung"
BODY = {"certificate_type": 1, "purpose": "employment", "contact_phone": "0900 000 216"}


@dataclass
class Clock:
    """The office's clock."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return made_once(tmp_path_factory, "authority")


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return made_once(tmp_path_factory, "other-authority")


def made_once(factory: pytest.TempPathFactory, name: str) -> Authority:
    """An authority whose keys every worker shares: RSA keys take a second each to make."""
    folder = once(factory, name, lambda draft: open_authority(draft / "keys", datetime.now(UTC)))
    return read_authority(folder / "keys")


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: Clock) -> Settings:
    return Settings(
        data_folder=tmp_path,
        database_url=database_url,
        public_url=PUBLIC_URL,
        sandbox=False,  # The office below has its registers; nobody else's records are needed.
        clock=clock,
    )


@dataclass
class RegisterSwitch:
    """Takes the sandbox's register away and brings it back."""

    down: bool = False


@pytest.fixture
def register_switch() -> RegisterSwitch:
    return RegisterSwitch()


@pytest.fixture
def office(settings: Settings, authority: Authority, register_switch: RegisterSwitch) -> Office:
    return Office(
        settings=settings,
        configuration=Configuration(),
        population=SandboxPopulation(),
        register=SandboxCriminalRecords(lambda: register_switch.down),
        authority=authority,
    )


@pytest.fixture
def app(office: Office, database: Database) -> FastAPI:
    kept = equipped(office.settings, database)
    kept.state.certificate_office = office
    return kept


@pytest.fixture
def make_app() -> Callable[[Office, Database], FastAPI]:
    def made(office: Office, database: Database) -> FastAPI:
        transport = httpx.ASGITransport(issuer_app())
        app = create_app(office.settings, database=database, issuer_transport=transport)
        app.state.certificate_office = office
        return app

    return made


def holder(subject: str = MINH_ANH, acr: str = "loa2") -> dict[str, str]:
    """The headers of a resident who may use certificates."""
    return make_headers(subject, scope="certificates", acr=acr, auth_time=FRESH_WHENEVER)


async def send(
    gateway: httpx.AsyncClient, subject: str = MINH_ANH, key: str = "", **changes: Any
) -> httpx.Response:
    """Apply for a certificate."""
    headers = {**holder(subject), "Idempotency-Key": key or uuid4().hex}
    body = {**BODY, **changes}
    return await gateway.post("/certificates/v1/applications", json=body, headers=headers)


async def get(gateway: httpx.AsyncClient, path: str, subject: str = MINH_ANH) -> httpx.Response:
    """Read something of one's own."""
    return await gateway.get(f"/certificates/v1/{path}", headers=holder(subject))


async def post(
    gateway: httpx.AsyncClient, path: str, subject: str = MINH_ANH, key: str = "", **body: Any
) -> httpx.Response:
    """Do something with one's own application."""
    headers = {**holder(subject), "Idempotency-Key": key or uuid4().hex}
    return await gateway.post(f"/certificates/v1/{path}", json=body, headers=headers)


async def decide(
    gateway: httpx.AsyncClient, path: str, subject: str = OFFICER, **body: Any
) -> httpx.Response:
    """Do something at the agency's desk."""
    headers = make_headers(subject, scope="desk", roles=("officer",))
    return await gateway.post(f"/certificates/v1/office/{path}", json=body, headers=headers)


def set_rules(app: FastAPI, **changes: Any) -> None:
    """Change what is configured, and let the sandbox's bank take payments."""
    office: Office = app.state.certificate_office
    rules = replace(office.configuration, **changes)
    bank = SandboxBank(office.secret)
    app.state.certificate_office = replace(office, configuration=rules, bank=bank)


def as_sandbox(app: FastAPI) -> None:
    """Let the sandbox's officers be known."""
    office: Office = app.state.certificate_office
    settings = replace(office.settings, sandbox=True)
    app.state.certificate_office = replace(office, settings=settings)


async def settle(app: FastAPI) -> None:
    """Let every job that is due be done, by us or by a worker in the background."""
    worker, clock = worker_of(app), app.state.settings.clock
    due = select(func.count()).where(jobs.c.run_at <= clock().timestamp())
    for _ in range(200):
        await worker.run_due()
        if not await app.state.database.run(lambda db: db.scalar(due), write=False):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("jobs stay due")


async def issue(
    app: FastAPI, gateway: httpx.AsyncClient, subject: str = MINH_ANH, **changes: Any
) -> dict[str, Any]:
    """Apply, let the office work, and return the application with its result."""
    sent = (await send(gateway, subject, **changes)).json()
    for _ in range(4):
        await settle(app)
        app.state.settings.clock.advance(2)
    found: dict[str, Any] = (
        await get(gateway, f"applications/{sent['application_id']}", subject)
    ).json()
    return found


CONTENT = pdf.Content(
    number="MẪU-000042",
    code="7HC4-K2QD",
    name="Nguyễn Minh Anh",
    gender="female",
    birthdate=date(1988, 3, 8),
    identity_number="001188990001",
    address="Nhà số 991 phố Hàng Trống, phường Hoàn Kiếm, Hà Nội",
    purpose="Bổ sung hồ sơ xin việc",
    convictions=(),
    issued_datetime=datetime.now(UTC).replace(microsecond=0),
)
WITH_CONVICTIONS = replace(CONTENT, convictions=CONVICTIONS[:1])


@pytest.fixture(scope="session")
def drawn() -> bytes:
    """Form No. 1, not signed."""
    return pdf.draw(CONTENT, PUBLIC_URL)


@pytest.fixture(scope="session")
def signed(authority: Authority, drawn: bytes) -> bytes:
    """Form No. 1, signed by the sandbox's authority."""
    return FileSigner(authority).sign(drawn, CONTENT.issued_datetime)


@pytest.fixture
def registered(database: Database, authority: Authority, signed: bytes) -> bytes:
    """The signed certificate, standing in the register as the office would have stored it."""
    inspection = inspect(signed, authority.root.certificate, datetime.now(UTC))
    row = {
        "number": CONTENT.number,
        "application_id": "LL-2611-00042",
        "code": CONTENT.code,
        "name": CONTENT.name,
        "status": "valid",
        "issued_at": CONTENT.issued_datetime.timestamp(),
        "sha256": pdf.sha256(signed),
        "covered_digest": inspection.covered_digest,
        "pages": 1,
        "document": signed,
    }
    application = {
        "application_id": "LL-2611-00042",
        "subject": "somebody",
        "certificate_type": 1,
        "purpose": "employment",
        "contact_phone": "0900000216",
        "delivery": "electronic",
        "fee": 0,
        "identity": {},
        "status": "ready",
        "submitted_at": 0,
        "due_at": 0,
        "working_days": [],
    }
    database.run_here(lambda db: db.execute(insert(applications).values(**application)))
    database.run_here(lambda db: db.execute(insert(certificates).values(**row)))
    return signed
