"""Under /support/v1/desk/personas, in the sandbox alone: support staff open the app as one of its residents."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.problems import not_found
from gateway.support import persona_wire as wire
from gateway.support import personas
from gateway.support.desk_routes import Agent


async def in_the_sandbox(settings: CurrentSettings) -> None:
    """Raise a 404 `Problem` in a real city, whoever asks: there is nothing here."""
    if not settings.sandbox:
        raise not_found()


router = APIRouter(
    prefix="/support/v1/desk/personas",
    tags=["Support"],
    dependencies=[Depends(in_the_sandbox)],
)


def minting(request: Request) -> personas.Mint:
    """The sandbox provider's minting. Raises a 404 `Problem` where the provider is another's."""
    found = request.app.state.mint_persona
    if found is None:
        raise not_found()
    return cast(personas.Mint, found)


@router.get("")
async def list_residents(staff: Agent) -> wire.SandboxResidents:
    """As whom of the sandbox the app can be opened."""
    return wire.SandboxResidents(residents=list(map(wire.described, personas.may_be_opened())))


@router.post("", status_code=201)
async def begin(
    response: Response,
    body: wire.PersonaBody,
    staff: Agent,
    settings: CurrentSettings,
    database: CurrentDatabase,
    mint: Annotated[personas.Mint, Depends(minting)],
) -> wire.Persona:
    """Begin a persona: logged for the supervisor and for the resident whose it is. It ends by itself,
    or by `DELETE /sessions/current` with its own token.
    """
    now, rules = settings.clock(), settings.support
    wanted = personas.Wanted(body.resident, body.purpose, body.faults.model_dump())
    begun = await database.run(lambda db: personas.begin(db, staff, wanted, rules, mint, now))
    response.headers["Cache-Control"] = "no-store"
    return wire.begun(begun)
