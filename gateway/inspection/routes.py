"""Routes for inspectors and the hotline under /inspection/v1, and what the resident sees of them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from gateway.cards import enrolments
from gateway.cards.holder import CITY, pass_register
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.inspection import acts
from gateway.problems import Problem, not_found
from gateway.registers.passes import Pass, PassRegister, entries
from gateway.security import Caller, resident

ROLES = frozenset({"support", "officer"})
_NUMBER = re.compile(r"\d{12}")

State = Literal["active", "not_yet_valid", "expired", "blocked"]


class BlockBody(BaseModel):
    """Why the hotline blocks a card."""

    model_config = ConfigDict(strict=True, extra="forbid")

    reason: Literal["lost", "stolen", "misused"]


class InspectedCard(BaseModel):
    """What an inspector may know: never who holds it, nor why the fare class is what it is."""

    number_end: str
    product: int
    product_name: dict[str, str]
    group: int
    group_name: dict[str, str]
    valid_from: str
    valid_until: str
    state: State


class Named(BaseModel):
    """A number of a code's header with its names."""

    number: int
    name: dict[str, str]


class CodeWords(BaseModel):
    """What the numbers in a code's header are called."""

    products: list[Named]
    groups: list[Named]


class StaffAct(BaseModel):
    """What staff did to the resident's card; `at` is UTC seconds."""

    act: Literal["looked_up", "blocked"]
    reason: str
    at: int


class StaffActs(BaseModel):
    """The newest first."""

    acts: list[StaffAct]


class Inspector:
    """One request of staff: the dependency of every route that looks at another's card."""

    def __init__(
        self,
        caller: Annotated[Caller, Depends(resident("cards"))],
        passes: Annotated[PassRegister, Depends(pass_register)],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        if not caller.roles & ROLES:
            raise Problem(403, "missing-role", "This sign-in does not permit that")
        self.caller, self.database = caller, database
        self.at = int(settings.clock().timestamp())
        self.today: date = datetime.fromtimestamp(self.at, CITY).date()
        self._passes = passes

    async def held(self, number: str) -> tuple[str, Pass]:
        """Whose pass has that number. Raises a 404 `Problem`."""
        found = None
        if _NUMBER.fullmatch(number):
            found = await self._passes.find_by_number(number, self.today)
        if found is None:
            raise not_found()
        return found

    def act(self, subject: str, done: str, reason: str) -> acts.Act:
        """What is to be logged."""
        return acts.Act(subject, self.caller.subject, done, reason, self.at)

    def show(self, held: Pass, blocked: bool) -> InspectedCard:
        """The card as an inspector sees it."""
        state: State = "active"
        if self.today < held.valid_from:
            state = "not_yet_valid"
        elif self.today > held.valid_until:
            state = "expired"
        return InspectedCard(
            number_end=held.number[-4:],
            product=held.product.number,
            product_name=dict(held.product.name),
            group=held.group.number,
            group_name=dict(held.group.name),
            valid_from=held.valid_from.isoformat(),
            valid_until=held.valid_until.isoformat(),
            state="blocked" if blocked else state,
        )


OnDuty = Annotated[Inspector, Depends()]
router = APIRouter(tags=["inspection"])


@router.get("/inspection/v1/words")
async def words(inspector: OnDuty) -> CodeWords:
    """What the numbers of products and fare classes are called today."""
    products = [
        Named(number=e.number, name=dict(e.name)) for e in entries("products", inspector.today)
    ]
    groups = [Named(number=e.number, name=dict(e.name)) for e in entries("groups", inspector.today)]
    return CodeWords(products=products, groups=groups)


@router.get("/inspection/v1/cards/{number}")
async def look_up(number: str, inspector: OnDuty) -> InspectedCard:
    """Look a card up by its 12 digits; it is logged, and its holder can see that it was."""
    subject, held = await inspector.held(number)
    act = inspector.act(subject, "looked_up", "inspection")

    def work(connection: Connection) -> bool:
        acts.log(connection, act)
        return enrolments.is_blocked(connection, subject)

    return inspector.show(held, await inspector.database.run(work))


@router.post("/inspection/v1/cards/{number}/block")
async def block(number: str, body: BlockBody, inspector: OnDuty) -> InspectedCard:
    """Block a card whose holder called the hotline: role support; the holder unblocks it."""
    if "support" not in inspector.caller.roles:
        raise Problem(403, "missing-role", "This sign-in does not permit that")
    subject, held = await inspector.held(number)
    act = inspector.act(subject, "blocked", body.reason)

    def work(connection: Connection) -> None:
        acts.log(connection, act)
        enrolments.block(connection, subject, inspector.at)

    await inspector.database.run(work)
    return inspector.show(held, blocked=True)


@router.get("/cards/v1/staff-acts")
async def staff_acts(
    caller: Annotated[Caller, Depends(resident("cards"))], database: CurrentDatabase
) -> StaffActs:
    """What staff did to the resident's own card."""
    rows = await database.run(
        lambda connection: acts.acts_on(connection, caller.subject), write=False
    )
    return StaffActs(acts=[StaffAct(act=row.act, reason=row.reason, at=row.at) for row in rows])
