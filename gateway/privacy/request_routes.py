"""Requests about one's data under /privacy/requests, and the desk that answers them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.privacy import data_requests
from gateway.privacy.erasure_routes import Id, Resident
from gateway.security import Caller, resident
from gateway.service_requests.draft import plain_text

router = APIRouter(prefix="/privacy", tags=["privacy"])

Text = Annotated[str, AfterValidator(plain_text), Field(min_length=10, max_length=2000)]
Kind = Literal["correct", "restrict", "object"]
Area = Literal["reports", "health", "certificates", "cards", "consents", "support", "sign_in"]
Officer = Annotated[Caller, Depends(resident("desk", role="officer"))]


class RequestBody(BaseModel):
    """What is asked, and about which part of the data."""

    model_config = ConfigDict(strict=True, extra="forbid")

    kind: Kind
    area: Area
    description: Text


class AnswerBody(BaseModel):
    """What the office decided, and its words to the resident."""

    model_config = ConfigDict(strict=True, extra="forbid")

    state: Literal["granted", "refused"]
    answer: Text


class DataRequest(BaseModel):
    """One request; `due` is when it is to be answered at the latest."""

    request_id: str
    kind: str
    area: str
    description: str
    state: str
    answer: str
    created: datetime
    due: datetime
    answered: datetime | None


@router.post("/requests", status_code=201)
async def ask(
    body: RequestBody,
    caller: Resident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
) -> DataRequest:
    """Ask that data be corrected, used less, or not used; once for each Idempotency-Key."""
    now = settings.clock()
    attempt = Attempt(caller.subject, key, body_hash("privacy.ask", body.model_dump()), now)
    wanted = data_requests.Wanted(body.kind, body.area, body.description)

    def work(db: Connection) -> Row[Any]:
        request_id, _ = once(
            db, attempt, lambda: data_requests.ask(db, caller.subject, wanted, now)
        )
        return data_requests.get_mine(db, caller.subject, request_id)

    return _shown(await database.run(work))


@router.get("/requests")
async def list_requests(caller: Resident, database: CurrentDatabase) -> list[DataRequest]:
    """The caller's own requests, the newest first."""
    rows = await database.run(lambda db: data_requests.list_mine(db, caller.subject), write=False)
    return [_shown(row) for row in rows]


@router.get("/desk/requests")
async def list_waiting(officer: Officer, database: CurrentDatabase) -> list[DataRequest]:
    """What waits for an answer, due first; it does not say whose it is."""
    rows = await database.run(data_requests.waiting, write=False)
    return [_shown(row) for row in rows]


@router.post("/desk/requests/{request_id}/answer")
async def answer(
    request_id: Id,
    body: AnswerBody,
    officer: Officer,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> DataRequest:
    """Answer one; its resident finds the answer in the inbox."""
    now = settings.clock()

    def work(db: Connection) -> Row[Any]:
        given = request_id, body.state, body.answer, now
        return data_requests.answer(db, officer.subject, *given)

    return _shown(await database.run(work))


def _shown(row: Row[Any]) -> DataRequest:
    return DataRequest.model_validate(dict(row._mapping))
