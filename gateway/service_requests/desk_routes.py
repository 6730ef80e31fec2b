"""The officers' desk over HTTP, for the role `officer` with the scope `desk`: an officer reaches
the reports of their own agency, the city's desks reach all.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from gateway.access_log.looks import keep
from gateway.conditional import json_answer
from gateway.database import Database
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.problems import Problem, reference_of
from gateway.security import Caller, resident
from gateway.service_requests import report_answers as wire
from gateway.service_requests.agencies import agencies
from gateway.service_requests.desk_reading import Wanted, be_present, beside, others, queue
from gateway.service_requests.officers import Officer, looks_at, officers
from gateway.service_requests.reading import of_desk, show_one, timeline
from gateway.service_requests.reasons import reasons
from gateway.service_requests.viewing import Viewer, shown
from gateway.settings import Settings

router = APIRouter(prefix="/desk", tags=["Desk"])


async def officer_of(
    caller: Annotated[Caller, Depends(resident(scope="desk", role="officer"))],
    settings: CurrentSettings,
) -> Officer:
    """The officer who calls. Raises a 403 `Problem` for one who is on no agency's list."""
    found = officers(settings).get(caller.subject)
    if found is None:
        raise Problem(403, "no-agency", "This officer is on no agency's list")
    return found


AtDesk = Annotated[Officer, Depends(officer_of)]


class AgencyEntry(BaseModel):
    """An agency of the register."""

    code: str
    name: str
    kind: str


class ReasonEntry(BaseModel):
    """A coded reason in words; `objection` is empty where one cannot object."""

    code: str
    text: str
    objection: str


class Overview(BaseModel):
    """What an officer's desk begins with."""

    agency: AgencyEntry
    agencies: list[AgencyEntry]
    colleagues: list[wire.Colleague]
    reasons: dict[str, list[ReasonEntry]]


class Present(BaseModel):
    """Who else has the report open."""

    others: list[wire.Seen]


class QueueQuery(BaseModel):
    """The queue's filters; lists are separated by commas. `after` is the cursor of a next page."""

    model_config = {"extra": "forbid"}

    status: str = ""
    urgency: str = ""
    service_code: str = ""
    ward: str = ""
    assigned: Literal["", "me", "none"] = ""
    overdue: bool = False
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = ""
    sort: Literal["deadline", "newest", "oldest"] = "deadline"
    after: Annotated[str, Query(max_length=200)] = ""
    limit: Annotated[int, Query(ge=1, le=500)] = 100

    def wanted(self) -> Wanted:
        """What is asked for."""
        return Wanted(
            statuses=_items(self.status),
            urgencies=_items(self.urgency),
            service_codes=_items(self.service_code),
            wards=_items(self.ward),
            assigned=self.assigned,
            overdue=self.overdue,
            text=self.q.strip(),
            sort=self.sort,
            after=self.after,
            limit=self.limit,
        )


def _items(text: str) -> tuple[str, ...]:
    clean = text.replace("\0", "")
    return tuple(part.strip() for part in clean.split(",") if part.strip())


@router.get("", response_model=Overview)
async def overview(request: Request, officer: AtDesk, settings: CurrentSettings) -> Response:
    """The officer's agency, the others to hand over to, colleagues, and the coded reasons."""
    register, now = agencies(settings), settings.clock()
    standing = [AgencyEntry(code=a.code, name=a.name, kind=a.kind) for a in register.standing(now)]
    own = next((a for a in standing if a.code == officer.agency_code), None)
    if own is None:
        raise Problem(403, "no-agency", "The officer's agency does not stand any more")
    known = reasons(settings)
    found = Overview(
        agency=own,
        agencies=standing,
        colleagues=[
            wire.Colleague(subject_key=one.subject_key, name=one.name)
            for one in officers(settings).values()
            if one.agency_code == officer.agency_code and one.subject != officer.subject
        ],
        reasons={
            kind: [ReasonEntry(code=r.code, text=r.text, objection=r.objection) for r in listed]
            for kind, listed in (("reject", known.reject), ("transfer", known.transfer))
        },
    )
    return json_answer(request, found.model_dump(mode="json"))


@router.get("/queue", response_model=list[wire.ServiceRequest])
async def show_queue(
    request: Request,
    query: Annotated[QueueQuery, Query()],
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The agency's reports, by deadline unless sorted otherwise; `Link: rel="next"` leads on."""

    def read(connection: Connection) -> tuple[list[dict[str, Any]], str]:
        rows, following = queue(connection, officer, settings, query.wanted())
        return shown(connection, rows, Viewer(settings, officer.subject, officer)), following

    found, following = await database.run(read, write=False)
    answer = json_answer(request, found)
    if following:
        url = request.url.include_query_params(after=following)
        address = f"{settings.api_url}/desk/queue?{url.query}"
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


@router.get("/{service_request_id}", response_model=wire.ServiceRequest)
async def show(
    request: Request,
    service_request_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """One report with its resident, its log, and who else has it open."""
    look = await _look_down(request, service_request_id, officer, settings, database)
    found = await database.run(lambda db: _shown(db, officer, settings, look), write=False)
    return json_answer(request, found)


@router.get("/{service_request_id}/updates", response_model=list[wire.UpdateEntry])
async def list_updates(
    request: Request,
    service_request_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """The timeline of a report of the agency, oldest first."""
    await _look_down(request, service_request_id, officer, settings, database)

    def read(connection: Connection) -> list[dict[str, Any]]:
        row = of_desk(connection, officer, settings, service_request_id)
        return timeline(connection, row, Viewer(settings, officer.subject, officer))

    return json_answer(request, await database.run(read, write=False))


@router.put("/{service_request_id}/presence", response_model=Present)
async def say_present(
    service_request_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
) -> Response:
    """Say that the officer has the report open; the answer is who else has. Repeat it within a
    minute.
    """

    def write(connection: Connection) -> list[wire.Seen]:
        of_desk(connection, officer, settings, service_request_id)
        be_present(connection, service_request_id, officer, settings)
        return others(connection, service_request_id, officer, settings)

    found = await database.run(write)
    return JSONResponse(Present(others=found).model_dump(mode="json"))


async def _look_down(
    request: Request, found: str, officer: Officer, settings: Settings, database: Database
) -> str:
    """Write down, for its resident, that the officer opens the report; gives its id back."""
    row = await database.run(lambda db: of_desk(db, officer, settings, found), write=False)
    await keep(database, looks_at(row, officer, settings, "opened", reference_of(request)))
    return str(row.service_request_id)


def _shown(
    connection: Connection, officer: Officer, settings: Settings, found: str
) -> dict[str, Any]:
    row = of_desk(connection, officer, settings, found)
    report = show_one(connection, row, Viewer(settings, officer.subject, officer))
    report["extended_attributes"] |= beside(connection, row, officer, settings)
    return report
