"""The resident's own stays under /parking/v1, and the account that pays for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Header
from sqlalchemy import Connection, Row

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, body_hash, once
from gateway.parking import accounts, models, sessions
from gateway.parking.places import ParkingRegister, parking_register
from gateway.parking.plates import plate_of
from gateway.problems import FieldError, invalid
from gateway.registers.tariffs import rules
from gateway.security import Caller, resident

T = TypeVar("T")
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=200)]


class Driver:
    """One resident's request about parking: the dependency of every route here."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident("cards"))],
        register: Annotated[ParkingRegister, Depends(parking_register)],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        self.subject, self.register = caller.subject, register
        self.now = settings.clock()
        self.at = int(self.now.timestamp())
        self.opening = register.opening_balance(caller.subject)
        self._database = database

    async def run(self, work: Callable[[Connection], T], *, write: bool = True) -> T:
        """Work in one transaction."""
        return await self._database.run(work, write=write)

    def attempt(self, key: str, operation: str, *parts: object) -> Attempt:
        """Name this request as one of possibly several tries."""
        return Attempt(self.subject, key, body_hash(operation, *parts), self.now)

    def show(self, connection: Connection, row: Row[tuple[object, ...]]) -> models.ParkingSession:
        """A stay as the resident sees it."""
        balance = accounts.balance_after(connection, self.subject, row.session_id)
        return models.ParkingSession.of(row, self.register.places[row.place_id], self.at, balance)


AtTheKerb = Annotated[Driver, Depends()]
router = APIRouter(prefix="/parking/v1", tags=["parking"])


@router.get("/places")
async def places(driver: AtTheKerb) -> models.Places:
    """Where one can park, and how long can be booked at once."""
    found = [models.ParkingPlace.of(row) for row in driver.register.places.values()]
    return models.Places(places=found, minutes=list(rules("parking_rules")["bookable_minutes"]))


@router.get("/account")
async def account(driver: AtTheKerb) -> models.Account:
    """The balance that stays are paid from."""
    work = _balance_of(driver)
    return _account(driver, await driver.run(work))


@router.post("/account/sandbox-top-ups", status_code=201)
async def sandbox_top_up(key: IdempotencyKey, driver: AtTheKerb) -> models.Account:
    """Add play money to the sandbox's account: nothing is paid for it anywhere."""
    register = driver.register

    def work(connection: Connection) -> int:
        def add() -> int:
            return accounts.top_up(
                connection,
                driver.subject,
                register.top_up,
                driver.opening,
                register.largest_balance,
            )

        return int(once(connection, driver.attempt(key, "parking top-up"), add)[0])

    return _account(driver, await driver.run(work))


@router.get("/sessions")
async def list_sessions(driver: AtTheKerb) -> models.Sessions:
    """The resident's own stays, the newest first."""

    def work(connection: Connection) -> list[models.ParkingSession]:
        return [
            driver.show(connection, row) for row in sessions.list_mine(connection, driver.subject)
        ]

    return models.Sessions(sessions=await driver.run(work, write=False))


@router.get("/sessions/{session_id}")
async def read_session(session_id: str, driver: AtTheKerb) -> models.ParkingSession:
    """One of the resident's own stays."""

    def work(connection: Connection) -> models.ParkingSession:
        return driver.show(connection, sessions.find(connection, driver.subject, session_id))

    return await driver.run(work, write=False)


@router.post("/sessions", status_code=201)
async def start(
    body: models.StartBody, key: IdempotencyKey, driver: AtTheKerb
) -> models.ParkingSession:
    """Begin a stay by plate; the same key and body again give the same stay."""
    plate = _checked(body, driver.register)
    wanted = sessions.Start(driver.subject, plate, body.vehicle, body.place_id, body.minutes)
    attempt = driver.attempt(key, "parking start", body.model_dump())

    def work(connection: Connection) -> models.ParkingSession:
        def begin() -> str:
            return sessions.start(connection, wanted, driver.at)

        session_id = once(connection, attempt, begin)[0]
        return driver.show(connection, sessions.find(connection, driver.subject, session_id))

    return await driver.run(work)


@router.post("/sessions/{session_id}/extensions")
async def extend(
    session_id: str, body: models.ExtendBody, key: IdempotencyKey, driver: AtTheKerb
) -> models.ParkingSession:
    """Park longer; the same key again adds nothing."""
    if body.minutes not in rules("parking_rules")["extensions"]:
        raise invalid([FieldError(field="minutes", code="unknown")])
    attempt = driver.attempt(key, "parking extend", session_id, body.minutes)

    def work(connection: Connection) -> models.ParkingSession:
        def add() -> str:
            row = sessions.extend(connection, driver.subject, session_id, body.minutes, driver.at)
            return str(row.session_id)

        once(connection, attempt, add)
        return driver.show(connection, sessions.find(connection, driver.subject, session_id))

    return await driver.run(work)


@router.post("/sessions/{session_id}/stop")
async def stop(session_id: str, body: models.StopBody, driver: AtTheKerb) -> models.ParkingSession:
    """End a stay and pay for it; asked again, the same receipt comes back and nothing is taken."""
    ended_at = _end_of(body, driver.at)

    def work(connection: Connection) -> models.ParkingSession:
        row = sessions.stop(connection, driver.subject, session_id, ended_at, driver.opening)
        return driver.show(connection, row)

    return await driver.run(work)


def _end_of(body: models.StopBody, now: int) -> int:
    """The gateway's own time; a request that waited for a network counts from when it was made.

    Only up to a few minutes back, or a device could end a stay in the past.
    """
    if body.requested_at is None:
        return now
    earliest = now - int(rules("parking_rules")["late_stop_minutes"]) * sessions.MINUTE
    return body.requested_at if earliest <= body.requested_at <= now else now


def _checked(body: models.StartBody, register: ParkingRegister) -> str:
    """The plate in its kept form. Raises a 422 `Problem` naming what cannot be accepted."""
    errors = []
    plate = plate_of(body.plate, body.vehicle)
    place = register.places.get(body.place_id)
    if plate is None:
        errors.append(FieldError(field="plate", code="plate_format"))
    if place is None or body.vehicle not in place["vehicles"]:
        errors.append(FieldError(field="place_id", code="unknown"))
    elif place["kind"] != "kerb":
        errors.append(FieldError(field="place_id", code="yard_reads_the_card"))
    if body.minutes not in rules("parking_rules")["bookable_minutes"]:
        errors.append(FieldError(field="minutes", code="unknown"))
    if errors or plate is None:
        raise invalid(errors)
    return plate


def _balance_of(driver: Driver) -> Callable[[Connection], int]:
    return lambda connection: accounts.balance(connection, driver.subject, driver.opening)


def _account(driver: Driver, balance: int) -> models.Account:
    return models.Account(balance=balance, sandbox=True, top_up=driver.register.top_up)
