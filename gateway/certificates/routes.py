"""The residents' operations under /certificates/v1: applying and reading one's own."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from gateway.certificates import applications, form, pdf, reads, wire
from gateway.certificates.office import Office
from gateway.certificates.serving import CurrentOffice
from gateway.certificates.tables import certificates
from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import Problem, not_found
from gateway.registers.population import Resident
from gateway.security import Caller, resident
from gateway.settings import Settings

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])

CertificateHolder = Annotated[Caller, Depends(resident(scope="certificates", acr="loa2"))]


@router.get("/form")
async def get_form(
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    show_identity_number: Annotated[bool, Query()] = False,
) -> dict[str, Any]:
    """What is known already, what to choose from, and what stands in the way of applying."""
    current = await database.run(
        lambda db: applications.in_process(db, caller.subject), write=False
    )
    return await form.compose(office, caller.subject, current, unmasked=show_identity_number)


@router.post("/applications", status_code=201)
async def apply(
    body: wire.ApplicationBody,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Apply for form No. 1, exactly once for each Idempotency-Key; one at a time."""
    applicant = await _applicant(office, caller)
    draft = applications.Draft(
        certificate_type=body.certificate_type,
        purpose=body.purpose,
        delivery=body.delivery,
        contact_phone=body.contact_phone,
    )
    attempt = Attempt(
        subject=caller.subject,
        key=key,
        body_hash=body_hash("certificates.apply", body.model_dump()),
        now=office.settings.clock(),
    )
    application_id = await _submit(database, office, applicant, draft, attempt)
    return await _read(database, office.settings, caller, application_id)


@router.get("/applications")
async def list_applications(
    caller: CertificateHolder, settings: CurrentSettings, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """The caller's own applications, newest first."""

    def found(db: Connection) -> list[dict[str, Any]]:
        rows = applications.list_mine(db, caller.subject)
        return [_as_json(db, row, settings) for row in rows]

    return await database.run(found, write=False)


@router.get("/applications/{application_id}")
async def get_application(
    application_id: str,
    caller: CertificateHolder,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """One of the caller's own applications."""
    return await _read(database, settings, caller, application_id)


@router.get(
    "/applications/{application_id}/certificate",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def get_certificate(
    application_id: str, caller: CertificateHolder, office: CurrentOffice, database: CurrentDatabase
) -> Response:
    """The signed PDF of one of the caller's own applications; the log notes that it was opened."""
    number, document = await _document(database, office, caller, application_id, "certificate")
    name = f"phieu-ly-lich-tu-phap-so-1-{number.rpartition('-')[2]}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(document, media_type="application/pdf", headers=headers)


@router.get(
    "/applications/{application_id}/pages/{page}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def get_page(
    application_id: str,
    page: int,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> Response:
    """Page `page` (from 1) of one's own certificate as a picture; the log notes the opening."""
    _, document = await _document(database, office, caller, application_id, "page")
    try:
        picture = await to_thread.run_sync(pdf.page_image, document, page)
    except IndexError:
        raise not_found() from None
    return Response(picture, media_type="image/png")


@router.get("/applications/{application_id}/reads")
async def list_reads(
    application_id: str, caller: CertificateHolder, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """Who opened or checked one's own certificate, newest first."""

    def found(db: Connection) -> list[dict[str, Any]]:
        applications.get_mine(db, caller.subject, application_id)
        return [wire.read(row) for row in reads.of_application(db, application_id)]

    return await database.run(found, write=False)


async def _applicant(office: Office, caller: Caller) -> Resident:
    """The caller as the register knows them. Raises a 409 `Problem` when they may not apply."""
    found = await office.population.find(caller.subject)
    if found is None:
        raise Problem(409, "identity-unknown", "The population register does not know this person")
    if form.is_too_young(office, found):
        age = office.configuration.minimum_age
        raise Problem(409, "too-young", "The law asks for a higher age", minimum_age=age)
    return found


async def _submit(
    database: Database,
    office: Office,
    applicant: Resident,
    draft: applications.Draft,
    attempt: Attempt,
) -> str:
    """Two requests at once meet at a unique index: the second look finds what the first stored."""

    def work(db: Connection) -> str:
        now, rules = attempt.now, office.configuration
        answer, _ = once(db, attempt, lambda: applications.submit(db, applicant, draft, now, rules))
        return str(answer)

    try:
        return await database.run(work)
    except IntegrityError:
        return await database.run(work)


async def _read(
    database: Database, settings: Settings, caller: Caller, application_id: str
) -> dict[str, Any]:
    def found(db: Connection) -> dict[str, Any]:
        mine = applications.get_mine(db, caller.subject, application_id)
        return _as_json(db, mine, settings)

    return await database.run(found, write=False)


def _as_json(db: Connection, row: Row[Any], settings: Settings) -> dict[str, Any]:
    states = applications.history_of(db, row.application_id)
    return wire.application(row, states, settings.public_url)


async def _document(
    database: Database, office: Office, caller: Caller, application_id: str, kind: str
) -> tuple[str, bytes]:
    def opened(db: Connection) -> tuple[str, bytes]:
        mine = applications.get_mine(db, caller.subject, application_id)
        if mine.certificate_status is None:
            raise not_found()
        document = select(certificates.c.document).where(certificates.c.number == mine.number)
        reads.record(db, mine.number, kind, office.settings.clock(), actor=reads.RESIDENT)
        return mine.number, bytes(db.execute(document).scalar_one())

    return await database.run(opened)
