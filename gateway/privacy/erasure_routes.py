"""Erasing an account under /privacy/erasures: looked at first, asked once, proven by a receipt."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlalchemy import Connection, Row

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.privacy import erasures, wire
from gateway.privacy.remembering import remember
from gateway.security import FRESH_SECONDS, PUBLIC, Caller, resident
from gateway.sessions.routes import CurrentStanding
from gateway.sessions.store import end_others

router = APIRouter(prefix="/privacy", tags=["privacy"])

Resident = Annotated[Caller, Depends(resident("openid"))]
FreshResident = Annotated[
    Caller, Depends(resident("openid", max_age=FRESH_SECONDS, in_person=True))
]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("/erasures/preview")
async def preview(caller: Resident, database: CurrentDatabase) -> wire.Preview:
    """What an erasure would erase and keep now, counted; what must be ended before it."""
    found = await database.run(lambda db: erasures.preview(db, caller.subject), write=False)
    return wire.Preview.model_validate(found)


@router.post("/erasures", status_code=202)
async def erase(
    body: wire.Confirmation,
    caller: FreshResident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    standing: CurrentStanding,
) -> wire.Erasure:
    """Erase the caller's account: every sign-in ends, the rest follows within a minute. Asked again
    meanwhile it is the same erasure; its id alone reads the receipt afterwards.
    """
    now = settings.clock()

    def work(db: Connection) -> tuple[Row[Any], frozenset[str]]:
        row = erasures.find(db, erasures.ask(db, caller.subject, now))
        remember(db, settings, caller.subject, now)
        ended = end_others(db, caller.subject, "", now)
        if standing.at_provider is not None:
            standing.at_provider(db, caller.subject, ended)
        return row, ended

    row, ended = await database.run(work)
    standing.end_now(ended)
    await standing.look()
    return _shown(row)


@router.get("/erasures/{erasure_id}", openapi_extra=PUBLIC)
async def receipt(erasure_id: Id, database: CurrentDatabase) -> wire.Erasure:
    """How far an erasure is, and its receipt. Nobody is signed in any more: the id is the key, and
    what it opens are numbers.
    """
    return _shown(await database.run(lambda db: erasures.find(db, erasure_id), write=False))


def _shown(row: Row[Any]) -> wire.Erasure:
    return wire.Erasure.model_validate(
        {
            "erasure_id": row.erasure_id,
            "state": row.state,
            "asked": row.asked,
            "finished": row.finished,
            "erased": row.receipt.get("erased", []),
            "kept": row.receipt.get("kept", []),
        }
    )
