"""Under /privacy: who saw what of the resident, or of their child."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Connection

from gateway.access_log.reading import Wanted, page
from gateway.consents import representing
from gateway.consents.routes import AnyResident, ChildKey
from gateway.dependencies import CurrentDatabase, CurrentSettings

router = APIRouter(prefix="/privacy", tags=["privacy"])

Service = Literal["", "reports", "health", "certificates", "cards", "support", "privacy"]


class AccessEntry(BaseModel):
    """A line of the log; what the words mean stands in docs/access-log.md."""

    access_id: str
    at: datetime
    service: str
    act: str
    actor: str
    name: str
    office: str
    thing: str
    purpose: str
    reference: str
    client: str


class AccessPage(BaseModel):
    """Lines, the newest first; `following` is the `after` of the next page, empty at the end."""

    accesses: list[AccessEntry]
    following: str


@router.get("/accesses")
async def list_accesses(
    caller: AnyResident,
    settings: CurrentSettings,
    database: CurrentDatabase,
    child: ChildKey = "",
    service: Service = "",
    own: bool = False,
    after: Annotated[str, Query(max_length=400)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AccessPage:
    """What others saw and did, or with `own` what the resident did, in every service."""
    now = settings.clock()

    def read(connection: Connection) -> AccessPage:
        about = representing.person(connection, caller.subject, child, now)
        wanted = Wanted(about.subject, service, own, after, limit)
        lines, following = page(connection, settings, wanted)
        found = [AccessEntry(access_id=name, **asdict(line)) for name, line in lines]
        return AccessPage(accesses=found, following=following)

    return await database.run(read, write=False)
