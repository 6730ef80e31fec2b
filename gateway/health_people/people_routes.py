"""Under /health/v1: whose records there are, who may read whose, and how that begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection, Row

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_people import consents, wire
from gateway.health_people.consent_store import publish
from gateway.health_people.population import CurrentPopulation
from gateway.health_people.relations import children_of, day_of, ends_on, parents_of
from gateway.health_records.store import find_patient
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.problems import FieldError, Problem, invalid, not_found
from gateway.registers.population import Resident
from gateway.security import FRESH_SECONDS, Caller, resident
from gateway.working_time import HANOI

T = TypeVar("T")
router = APIRouter(prefix="/health/v1", tags=["health_people"])

TOLD_FOR = timedelta(days=90)
"""How long a parent is still told that their right has ended."""


class Reader:
    """One resident's request about who reads what: the dependency of every route here."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident(scope="health"))],
        population: CurrentPopulation,
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        self.subject, self.population, self.database = caller.subject, population, database
        self.now = settings.clock()

    async def run(self, work: Callable[[Connection], T], *, write: bool = True) -> T:
        """Work in one transaction."""
        return await self.database.run(work, write=write)

    async def person(self) -> Resident:
        """The caller as the population register has them. Raises a 404 `Problem` for nobody."""
        found = await self.population.find(self.subject)
        if found is None:
            raise not_found()
        return found

    async def name_of(self, subject: str) -> str:
        """Somebody's name; empty for whom the register does not know."""
        found = await self.population.find(subject)
        return "" if found is None else found.name


class FreshReader(Reader):
    """A request that lets somebody else read: whoever makes it signed in just now."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident(scope="health", max_age=FRESH_SECONDS))],
        population: CurrentPopulation,
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        super().__init__(caller, population, settings, database)


AtTheRecord = Annotated[Reader, Depends()]
FreshAtTheRecord = Annotated[FreshReader, Depends()]


@router.get("/people")
async def people(reader: AtTheRecord) -> wire.People:
    """The caller's children and parents, their carers, and whose carer they are."""

    def work(connection: Connection) -> dict[str, Any]:
        children = children_of(connection, reader.subject)
        return {
            "patient_id": find_patient(connection, reader.subject),
            "children": [(one, find_patient(connection, one.child)) for one in children],
            "parents": parents_of(connection, reader.subject),
            "carers": consents.given_by(connection, reader.subject, reader.now),
            "past": consents.past_of(connection, reader.subject, reader.now),
            "cared_for": consents.given_to(connection, reader.subject, reader.now),
        }

    found = await reader.run(work, write=False)
    return wire.People(
        patient_id=found["patient_id"],
        dependants=[
            await _dependant(reader, row, patient_id)
            for row, patient_id in found["children"]
            if patient_id is not None and _is_told(row, reader.now)
        ],
        parents=[
            wire.Parent(
                name=await reader.name_of(row.subject), ends_on=ends_on(row.child_birthdate)
            )
            for row in found["parents"]
            if day_of(reader.now) < ends_on(row.child_birthdate)
        ],
        carers=[wire.Consent.of(row, reader.now) for row in found["carers"]],
        past_carers=[wire.Consent.of(row, reader.now) for row in found["past"]],
        cared_for=[
            wire.Consent.of(row, reader.now, await reader.name_of(row.subject))
            for row in found["cared_for"]
        ],
    )


@router.get("/consents/text")
async def text(reader: AtTheRecord) -> wire.ConsentText:
    """The text a patient agrees to now, with its version."""
    return wire.ConsentText(**consents.consent_text())


@router.post("/consents", status_code=201)
async def invite(
    body: wire.InviteBody, key: IdempotencyKey, reader: FreshAtTheRecord
) -> wire.Consent:
    """Invite a carer; the same key and body again give the same invitation."""
    patient = await reader.person()
    until = _end_of(body.until, reader.now)
    wanted = consents.Invitation(
        body.name, body.code_hash, tuple(body.sections), until, body.text_version
    )
    operation = body_hash("health.invite", body.model_dump())
    attempt = Attempt(reader.subject, key, operation, reader.now)

    def work(connection: Connection) -> wire.Consent:
        def begin() -> str:
            return consents.invite(connection, patient, wanted, reader.now)

        consent_id = once(connection, attempt, begin)[0]
        rows = consents.given_by(connection, reader.subject, reader.now)
        found = next((row for row in rows if row.consent_id == consent_id), None)
        if found is None:
            raise not_found()
        return wire.Consent.of(found, reader.now)

    return await reader.run(work)


@router.post("/invitations/opening")
async def open_invitation(body: wire.CodeBody, reader: AtTheRecord) -> wire.OpenedInvitation:
    """What a code invites the caller to. Asking changes nothing but the count of failures."""
    row = await _opened(reader, body.code)
    return wire.OpenedInvitation(
        consent_id=row.consent_id,
        patient_name=await reader.name_of(row.subject),
        sections=wire.Consent.of(row, reader.now).sections,
        until=consents.last_day(row.until),
        text=wire.ConsentText(**consents.consent_text()),
    )


@router.post("/invitations/decision", status_code=204, response_class=Response)
async def decide(body: wire.DecisionBody, reader: AtTheRecord) -> None:
    """Accept or refuse what a code invites to; the code is used up by either."""
    carer = await reader.person()
    row = await _opened(reader, body.code)
    if body.text_version != row.text_version:
        raise Problem(409, "consent-text-changed", "The text of the consent has changed")
    accepts = body.decision == "accept"

    def work(connection: Connection) -> None:
        if not consents.decide(connection, carer, row, accepts=accepts, now=reader.now):
            raise not_found()
        publish(connection, row.patient_id, reader.now)

    await reader.run(work)


@router.delete("/consents/{consent_id}", status_code=204, response_class=Response)
async def end(consent_id: str, reader: AtTheRecord) -> None:
    """Withdraw, give up or take back, in one step; asked twice it stays as it is."""

    def work(connection: Connection) -> None:
        patient_id = consents.end(connection, reader.subject, consent_id, reader.now)
        publish(connection, patient_id, reader.now)

    await reader.run(work)


async def _opened(reader: Reader, code: str) -> Row[Any]:
    """The invitation of a code. Raises the one 404 `Problem` there is for every reason."""
    carer = await reader.person()
    # The failure has to stay counted, so the refusal is raised outside the transaction.
    row = await reader.run(lambda db: consents.opened(db, carer, code, reader.now))
    if row is None:
        raise Problem(404, "code-opens-nothing", "This code opens nothing")
    return row


async def _dependant(reader: Reader, row: Row[Any], patient_id: str) -> wire.Dependant:
    last = ends_on(row.child_birthdate)
    return wire.Dependant(
        patient_id=patient_id,
        name=await reader.name_of(row.child),
        birthdate=row.child_birthdate,
        ends_on=last,
        ended=day_of(reader.now) >= last,
    )


def _is_told(row: Row[Any], now: datetime) -> bool:
    return day_of(now) < ends_on(row.child_birthdate) + TOLD_FOR


def _end_of(day: str | None, now: datetime) -> datetime | None:
    """The moment after the last day in Hà Nội. Raises a 422 `Problem` for no day, or one gone."""
    if day is None:
        return None
    try:
        last = date.fromisoformat(day)
        end = datetime.combine(last + timedelta(days=1), time(), HANOI)
    except (ValueError, OverflowError):
        raise invalid([FieldError(field="until", code="not_a_moment")]) from None
    if end <= now:
        raise invalid([FieldError(field="until", code="in_the_past")])
    return end
