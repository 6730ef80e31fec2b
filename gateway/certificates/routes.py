"""The residents' operations under /certificates/v1: applying, and following what one applied for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from gateway.certificates import (
    applications,
    bodies,
    form,
    letters,
    messages,
    passcodes,
    payments,
    people,
    reads,
    wire,
)
from gateway.certificates.office import Office
from gateway.certificates.serving import CertificateHolder, CurrentOffice, FreshHolder
from gateway.certificates.surroundings import as_json
from gateway.database import Database
from gateway.dependencies import CurrentDatabase
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.security import Caller

router = APIRouter(prefix="/certificates/v1", tags=["certificates"])

Act = Callable[[Connection, Row[Any]], Any]


@router.get("/form")
async def get_form(
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    show_identity_number: Annotated[bool, Query()] = False,
    child: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """What is known already, what to choose from, and what stands in the way of applying."""
    person = await people.shown(office, caller.subject, child)
    current = None
    if person is not None:
        given = person.resident.subject, caller.subject, office.settings
        current = await database.run(lambda db: applications.look_up(db, *given), write=False)
    return await form.compose(
        office, caller.subject, person, current, unmasked=show_identity_number
    )


@router.post("/applications", status_code=201)
async def apply(
    body: bodies.ApplicationBody,
    caller: FreshHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Apply for form No. 1 or No. 2, exactly once for each Idempotency-Key; one at a time about
    one person.
    """
    _check_passcode(body)
    applicant, person = await people.applicant(office, caller.subject, body.child_id)
    sender = applications.Sender(applicant, person)
    draft = await to_thread.run_sync(_draft, body, office)
    attempt = Attempt(
        subject=caller.subject,
        key=key,
        body_hash=body_hash("certificates.apply", body.model_dump()),
        now=office.settings.clock(),
    )
    application_id = await _submit(database, office, sender, draft, attempt)
    return await _read(database, office, caller, application_id)


@router.get("/applications")
async def list_applications(
    caller: CertificateHolder, office: CurrentOffice, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """The caller's own applications, newest first."""

    def found(db: Connection) -> list[dict[str, Any]]:
        rows = applications.list_mine(db, caller.subject)
        return [as_json(db, row, office) for row in rows]

    return await database.run(found, write=False)


@router.get("/applications/{application_id}")
async def get_application(
    application_id: str,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """One of the caller's own applications."""
    return await _read(database, office, caller, application_id)


@router.post("/applications/{application_id}/payments", status_code=201)
async def order_payment(
    application_id: str,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """Ask for the fee anew, after a payment failed or expired."""

    def act(db: Connection, mine: Row[Any]) -> None:
        if office.bank is None:
            raise Problem(503, "service-down", "Nobody takes payments here now")
        now = office.settings.clock()
        payments.order(db, mine, office.bank, office.configuration, now)

    attempt = _attempt("pay", office, caller, key, application_id)
    return await _act(database, office, caller, application_id, act, attempt)


@router.post("/applications/{application_id}/payments/{payment_id}/sandbox")
async def pay_in_sandbox(
    application_id: str,
    payment_id: str,
    body: bodies.OutcomeBody,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """Let the sandbox's bank say that a payment was paid, or failed: its signed callback, taken as
    any other.
    """
    bank = office.bank
    if bank is None:
        raise not_found()

    def act(db: Connection, mine: Row[Any]) -> None:
        payment = payments.of_resident(db, caller.subject, application_id, payment_id)
        sent = payments.event_body(payment_id, payment.amount, body.outcome)
        payments.accept(db, bank, sent, bank.sign(sent), office)

    return await _act(database, office, caller, application_id, act, None)


@router.post("/applications/{application_id}/messages", status_code=201)
async def write_message(
    application_id: str,
    body: bodies.MessageBody,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> dict[str, Any]:
    """A question to the agency, or the answer to its own."""

    def act(db: Connection, mine: Row[Any]) -> None:
        messages.write(db, mine, body.text, office.settings.clock())

    attempt = _attempt("write", office, caller, key, application_id, body.text)
    return await _act(database, office, caller, application_id, act, attempt)


@router.post("/applications/{application_id}/withdraw")
async def withdraw(
    application_id: str,
    body: bodies.NothingBody,
    caller: CertificateHolder,
    office: CurrentOffice,
    database: CurrentDatabase,
) -> dict[str, Any]:
    """Take an application back before the certificate is signed; twice is once."""

    def act(db: Connection, mine: Row[Any]) -> None:
        applications.withdraw(db, mine, office.settings.clock())

    return await _act(database, office, caller, application_id, act, None)


@router.get(
    "/applications/{application_id}/letters/{letter}",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def get_letter(
    application_id: str, letter: int, caller: CertificateHolder, database: CurrentDatabase
) -> Response:
    """A letter of apology about one of the caller's own applications."""

    def found(db: Connection) -> bytes | None:
        applications.get_mine(db, caller.subject, application_id)
        return letters.document(db, application_id, letter)

    kept = await database.run(found, write=False)
    if kept is None:
        raise not_found()
    headers = {"Content-Disposition": f'attachment; filename="thu-xin-loi-{letter}.pdf"'}
    return Response(kept, media_type="application/pdf", headers=headers)


@router.get("/applications/{application_id}/reads")
async def list_reads(
    application_id: str, caller: CertificateHolder, database: CurrentDatabase
) -> list[dict[str, Any]]:
    """Who opened or checked one's own certificate, newest first."""

    def found(db: Connection) -> list[dict[str, Any]]:
        applications.get_mine(db, caller.subject, application_id)
        return [wire.read(row) for row in reads.of_application(db, application_id)]

    return await database.run(found, write=False)


def _check_passcode(body: bodies.ApplicationBody) -> None:
    if body.certificate_type == 2 and body.passcode is None:
        raise invalid([FieldError(field="passcode", code="missing")])
    if body.certificate_type == 1 and body.passcode is not None:
        raise invalid([FieldError(field="passcode", code="not_wanted")])


def _draft(body: bodies.ApplicationBody, office: Office) -> applications.Draft:
    return applications.Draft(
        certificate_type=body.certificate_type,
        purpose=body.purpose,
        delivery=body.delivery,
        contact_phone=body.contact_phone,
        former_names=list(body.former_names),
        former_addresses=[one.model_dump() for one in body.former_addresses],
        passcode_hash=passcodes.hashed(office.secret, body.passcode) if body.passcode else None,
        holder_key=body.holder_key,
        renews=body.renews,
    )


async def _submit(
    database: Database,
    office: Office,
    sender: applications.Sender,
    draft: applications.Draft,
    attempt: Attempt,
) -> str:
    """Two requests at once meet at a unique index: the second look finds what the first stored."""

    def work(db: Connection) -> str:
        now = attempt.now
        answer, _ = once(db, attempt, lambda: applications.submit(db, office, sender, draft, now))
        return str(answer)

    try:
        return await database.run(work)
    except IntegrityError:
        return await database.run(work)


def _attempt(
    operation: str, office: Office, caller: Caller, key: str | None, *parts: str
) -> Attempt:
    asked = body_hash(f"certificates.{operation}", *parts)
    return Attempt(caller.subject, key, asked, office.settings.clock())


async def _act(
    database: Database,
    office: Office,
    caller: Caller,
    application_id: str,
    act: Act,
    attempt: Attempt | None,
) -> dict[str, Any]:
    """Do something with one's own application and answer with how it stands then."""

    def work(db: Connection) -> dict[str, Any]:
        mine = applications.get_mine(db, caller.subject, application_id)
        if attempt is None:
            act(db, mine)
        else:
            once(db, attempt, lambda: act(db, mine))
        return as_json(db, applications.get_mine(db, caller.subject, application_id), office)

    return await database.run(work)


async def _read(
    database: Database, office: Office, caller: Caller, application_id: str
) -> dict[str, Any]:
    def found(db: Connection) -> dict[str, Any]:
        return as_json(db, applications.get_mine(db, caller.subject, application_id), office)

    return await database.run(found, write=False)
