"""The resident at the counter: who calls, which pass they hold today, and their card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Any, TypeVar

from anyio import to_thread
from fastapi import Depends
from sqlalchemy import Connection

from gateway.cards import enrolments, models
from gateway.cards.issuer import Entitlement, IssuerKey, issuer_keys
from gateway.database import take_turn
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.problems import Problem
from gateway.registers.passes import Pass, PassRegister, SandboxPasses
from gateway.registers.population import SandboxPopulation
from gateway.security import Caller, resident

T = TypeVar("T")
SLOT_SECONDS = 3600
# A fixed offset, because a machine without time zone files has to know the city's day too.
CITY = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_EPOCH = date(1970, 1, 1)


def pass_register(settings: CurrentSettings) -> PassRegister:
    """The register of passes of this installation. Raises a 503 `Problem` where there is none."""
    if not settings.sandbox:
        raise Problem(503, "register-unavailable", "No register of passes is connected")
    return SandboxPasses(SandboxPopulation())


class Holder:
    """One resident's request about their card: the dependency of every route under /cards."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident("cards"))],
        passes: Annotated[PassRegister, Depends(pass_register)],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        self.subject = caller.subject
        self.at = int(settings.clock().timestamp())
        self._passes, self._database = passes, database
        self._keys = settings.data_folder / "keys"

    async def held(self) -> Pass:
        """The resident's pass. Raises a 404 `no-card` problem when there is none."""
        found = await self._passes.find(self.subject, self._today())
        if found is None:
            raise Problem(404, "no-card", "There is no pass for this resident")
        return found

    async def card(self, held: Pass) -> models.Card:
        """The card of that pass as it stands now."""

        def work(connection: Connection) -> tuple[Any, bool]:
            device = enrolments.current_device(connection, self.subject)
            return device, enrolments.is_blocked(connection, self.subject)

        device, blocked = await self._database.run(work, write=False)
        return models.Card.of(held, "blocked" if blocked else self._state(held), device)

    async def signing_key(self) -> IssuerKey:
        """The key that signs today."""
        return (await to_thread.run_sync(issuer_keys, self._keys))[-1]

    async def run(self, work: Callable[[Connection], T]) -> T:
        """One write, after any other write of the same resident: two phones cannot both win."""

        def alone(connection: Connection) -> T:
            take_turn(connection, f"cards {self.subject}")
            return work(connection)

        return await self._database.run(alone)

    def _state(self, held: Pass) -> str:
        if self._today() < held.valid_from:
            return "not_yet_valid"
        return "expired" if self._today() > held.valid_until else "active"

    def _today(self) -> date:
        return datetime.fromtimestamp(self.at, CITY).date()


def covers(held: Pass, slot: int) -> bool:
    """Whether the pass is valid on the city's day of that hour."""
    day = datetime.fromtimestamp(slot * SLOT_SECONDS, CITY).date()
    return held.valid_from <= day <= held.valid_until


def entitlement(held: Pass) -> Entitlement:
    """What the headers of that pass say."""
    days = (held.valid_until - _EPOCH).days
    return Entitlement(held.product.number, held.group.number, days)
