"""Under /sessions: where one is signed in, and ending that elsewhere or here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.problems import not_found
from gateway.security import FRESH_SECONDS, PUBLIC, Caller, resident
from gateway.sessions import store
from gateway.sessions.standing import Standing
from gateway.sessions.tables import session_id_of

ASKED_MOST = 500
"""How many sign-ins one call may ask about."""

router = APIRouter(prefix="/sessions", tags=["sessions"])

SignedIn = Annotated[Caller, Depends(resident(scope="openid"))]
JustSignedIn = Annotated[
    Caller, Depends(resident(scope="openid", max_age=FRESH_SECONDS, in_person=True))
]


class Session(BaseModel):
    """One sign-in: `kind` is browser, phone, computer, program, or persona for
    support staff who open the sandbox as this resident; times are RFC 3339, UTC.

    `current` is the one that asks.
    """

    session_id: str
    kind: str
    platform: str
    signed_in_datetime: datetime | None
    last_seen_datetime: datetime
    current: bool


class ReplacedBody(BaseModel):
    """The provider's name (`sid`) of an earlier sign-in of the device that asks."""

    sid: str = Field(min_length=1, max_length=255)


class AskedBody(BaseModel):
    """Sign-ins by the gateway's names, which are the first 32 hexadecimal digits of the SHA-256 of
    subject, line feed and `sid`: only who held their tokens knows them.
    """

    session_ids: list[Annotated[str, Field(pattern="^[0-9a-f]{32}$")]] = Field(
        max_length=ASKED_MOST
    )


class Erased(BaseModel):
    """Those whose account was erased."""

    session_ids: list[str]


class EndedOthers(BaseModel):
    """How many sign-ins were ended."""

    ended: int


def standing_of(request: Request) -> Standing:
    """What this application knows of its callers' sign-ins."""
    return cast(Standing, request.app.state.standing)


CurrentStanding = Annotated[Standing, Depends(standing_of)]


@router.get("")
async def list_sessions(caller: SignedIn, database: CurrentDatabase) -> list[Session]:
    """Where the caller is signed in, the one used last first."""
    current = _current(caller)
    rows = await database.run(lambda db: store.list_mine(db, caller.subject), write=False)
    return [
        Session(
            session_id=row.session_id,
            kind=row.kind,
            platform=row.platform,
            signed_in_datetime=row.signed_in,
            last_seen_datetime=row.last_seen,
            current=row.session_id == current,
        )
        for row in rows
    ]


@router.delete("/current", status_code=204, response_class=Response)
async def end_current(
    caller: SignedIn,
    settings: CurrentSettings,
    database: CurrentDatabase,
    standing: CurrentStanding,
) -> None:
    """End the sign-in that asks: its tokens are worth nothing from now on."""
    await _end(caller, _current(caller), settings.clock(), database, standing)


@router.post("/replaced", status_code=204, response_class=Response)
async def end_replaced(
    body: ReplacedBody,
    caller: SignedIn,
    settings: CurrentSettings,
    database: CurrentDatabase,
    standing: CurrentStanding,
) -> None:
    """End an earlier sign-in of the same device, which a newer one took the place of."""
    replaced = session_id_of(caller.subject, body.sid)
    await _end(caller, replaced, settings.clock(), database, standing)


@router.post("/erased", openapi_extra=PUBLIC)
async def find_erased(body: AskedBody, database: CurrentDatabase) -> Erased:
    """Which of these sign-ins belonged to an account that was erased: what lies somewhere for them
    is to go. Asked without a token, since theirs are worth nothing any more.
    """
    asked = body.session_ids
    found = await database.run(lambda db: store.erased_among(db, asked), write=False)
    return Erased(session_ids=sorted(found))


@router.post("/end-others")
async def end_others(
    caller: JustSignedIn,
    settings: CurrentSettings,
    database: CurrentDatabase,
    standing: CurrentStanding,
) -> EndedOthers:
    """End every sign-in of the caller but the one that asks."""
    now, current = settings.clock(), _current(caller)

    def work(connection: Connection) -> frozenset[str]:
        ended = store.end_others(connection, caller.subject, current, now)
        if standing.at_provider is not None:
            standing.at_provider(connection, caller.subject, ended)
        return ended

    ended = await database.run(work)
    standing.end_now(ended)
    return EndedOthers(ended=len(ended))


@router.delete("/{session_id}", status_code=204, response_class=Response)
async def end_one(
    session_id: str,
    caller: JustSignedIn,
    settings: CurrentSettings,
    database: CurrentDatabase,
    standing: CurrentStanding,
) -> None:
    """End one of the caller's own sign-ins; twice is once. Another's is a 404."""
    now, one = settings.clock(), frozenset({session_id})

    def work(connection: Connection) -> None:
        if not store.end(connection, caller.subject, session_id, now):
            raise not_found()
        if standing.at_provider is not None:
            standing.at_provider(connection, caller.subject, one)

    await database.run(work)
    standing.end_now(one)


def _current(caller: Caller) -> str:
    """The gateway's name of the sign-in that asks; empty where the provider names none."""
    return session_id_of(caller.subject, caller.sid) if caller.sid else ""


async def _end(
    caller: Caller, session_id: str, now: datetime, database: CurrentDatabase, standing: Standing
) -> None:
    if not session_id:
        return
    one = frozenset({session_id})

    def work(connection: Connection) -> None:
        store.end_unseen(connection, caller.subject, session_id, now)
        if standing.at_provider is not None:
            standing.at_provider(connection, caller.subject, one)

    await database.run(work)
    standing.end_now(one)
