"""The acts of the desk over HTTP: each demands the revision the officer has seen, so that nobody
overwrites what a colleague did meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from sqlalchemy import ColumnElement, Connection, Row, select
from starlette.responses import JSONResponse, Response

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.idempotency import Attempt, IdempotencyKey, body_hash, once
from gateway.media_store import MediaStore
from gateway.problems import Problem
from gateway.service_requests import desk_acts, desk_bodies, desk_parts
from gateway.service_requests import report_answers as wire
from gateway.service_requests.desk_acts import Desk
from gateway.service_requests.desk_reading import beside, reporter_of
from gateway.service_requests.desk_routes import AtDesk
from gateway.service_requests.moving import Scene
from gateway.service_requests.officers import Officer
from gateway.service_requests.reading import desk_sees, of_desk, show_one
from gateway.service_requests.records import is_id
from gateway.service_requests.resident_acts import Body, Nothing
from gateway.service_requests.tables import service_requests
from gateway.service_requests.viewing import Viewer
from gateway.service_requests.watching import live_of
from gateway.settings import Settings

router = APIRouter(prefix="/desk", tags=["Desk"])

B = TypeVar("B", bound=Body)
Work = Callable[[Desk, Row[Any], Any], Any]
_REVISION = re.compile(r'"([0-9]{1,9})"')


def revision_of(value: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    """The revision the officer has seen. Raises a 428 `Problem` without one."""
    found = _REVISION.fullmatch((value or "").strip())
    if found is None:
        raise Problem(428, "precondition-required", "Say which revision was seen, in If-Match")
    return int(found[1])


SeenRevision = Annotated[int, Depends(revision_of)]


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt of an officer at an act: on which report, and which revision they had seen."""

    officer: Officer
    settings: Settings
    attempt: Attempt
    service_request_id: str
    revision: int

    def once(self, connection: Connection, work: Work, body: Body) -> tuple[Any, bool]:
        """Do it unless an earlier attempt did: the report as JSON, and whether it repeats one. The
        reporter's name and phone are read anew each time, and never remembered with the answer.

        Raises a 412 `Problem` when somebody changed the report meanwhile.
        """
        report, is_repeated = once(
            connection, self.attempt, lambda: self._do(connection, work, body)
        )
        row = connection.execute(select(service_requests).where(self._is_this())).one_or_none()
        if row is not None:
            reporter = reporter_of(row, self.settings).model_dump(mode="json")
            attributes = {**report["extended_attributes"], "reporter": reporter}
            report = {**report, "extended_attributes": attributes}
        return report, is_repeated

    def _is_this(self) -> ColumnElement[bool]:
        return service_requests.c.service_request_id == self.service_request_id

    def _do(self, connection: Connection, work: Work, body: Body) -> dict[str, Any]:
        found = self.service_request_id
        if isinstance(body, desk_bodies.Merge):
            _lock_both(connection, found, body.into)
        row = of_desk(connection, self.officer, self.settings, found, lock=True)
        if row.revision != self.revision:
            title = "Somebody changed this report meanwhile"
            raise Problem(412, "changed-meanwhile", title, revision=row.revision)
        work(Desk(Scene(connection, self.settings, self.attempt.now), self.officer), row, body)
        return self._shown(connection)

    def _shown(self, connection: Connection) -> dict[str, Any]:
        """The report after the act, once more also where it has left this desk by it."""
        mine = desk_sees(self.officer, self.settings).label("is_ours")
        wanted = select(service_requests, mine)
        row = connection.execute(wanted.where(self._is_this())).one()
        report = show_one(
            connection, row, Viewer(self.settings, self.officer.subject, self.officer)
        )
        report["extended_attributes"] |= beside(connection, row, self.officer, self.settings)
        report["extended_attributes"].pop("reporter", None)
        if not row.is_ours:
            report["extended_attributes"]["acts"] = []
        return report


def _lock_both(connection: Connection, *ids: str) -> None:
    """Lock two reports in the order of their numbers, so that two merges cannot block each
    other.
    """
    known = [found for found in ids if is_id(found)]
    column = service_requests.c.service_request_id
    wanted = select(column).where(column.in_(known)).order_by(column)
    connection.execute(wanted.with_for_update(key_share=True)).all()


def _attempted(
    name: str,
    service_request_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    key: IdempotencyKey,
    revision: SeenRevision,
    body: Body,
) -> Attempted:
    hashed = body_hash(f"desk.{name}", service_request_id, body.model_dump())
    attempt = Attempt(officer.subject, key, hashed, settings.clock())
    return Attempted(officer, settings, attempt, service_request_id, revision)


def _answer(request: Request, report: Any, is_repeated: bool) -> Response:
    live_of(request).nudge()
    headers = {"Idempotency-Replayed": "true"} if is_repeated else None
    return JSONResponse(report, headers=headers)


def _act(name: str, model: type[B], work: Callable[[Desk, Row[Any], B], Any]) -> None:
    """Serve one act of the officer at `/{service_request_id}/name`."""

    async def endpoint(
        request: Request,
        service_request_id: str,
        officer: AtDesk,
        settings: CurrentSettings,
        database: CurrentDatabase,
        key: IdempotencyKey,
        revision: SeenRevision,
        body: Any,
    ) -> Response:
        tried = _attempted(name, service_request_id, officer, settings, key, revision, body)
        report, is_repeated = await database.run(lambda db: tried.once(db, work, body))
        return _answer(request, report, is_repeated)

    endpoint.__annotations__["body"] = model  # What FastAPI reads the body with.
    router.add_api_route(
        f"/{{service_request_id}}/{name}",
        endpoint,
        methods=["POST"],
        name=name,
        description=work.__doc__,
        response_model=wire.ServiceRequest,
    )


_act("accept", Nothing, desk_acts.accept)
_act("ask", desk_bodies.Ask, desk_acts.ask)
_act("transfer", desk_bodies.Transfer, desk_acts.transfer)
_act("merge", desk_bodies.Merge, desk_parts.merge)
_act("done", desk_bodies.Done, desk_acts.done)
_act("reject", desk_bodies.Reject, desk_acts.reject)
_act("assign", desk_bodies.Assign, desk_acts.assign)
_act("note", desk_bodies.Note, desk_acts.note)
_act("hoax", Nothing, desk_acts.hoax)


@router.post("/{service_request_id}/split", response_model=wire.ServiceRequest)
async def split(
    request: Request,
    service_request_id: str,
    officer: AtDesk,
    settings: CurrentSettings,
    database: CurrentDatabase,
    key: IdempotencyKey,
    revision: SeenRevision,
    body: desk_bodies.Split,
) -> Response:
    """Make two reports of one; both show the photos, so their files are copied first."""
    tried = _attempted("split", service_request_id, officer, settings, key, revision, body)
    store = cast(MediaStore, request.app.state.media_store)
    copied = await database.run(
        lambda db: desk_parts.copies(db, officer, settings, service_request_id), write=False
    )
    work = partial(desk_parts.split, copied=copied)
    is_new = False
    try:
        await to_thread.run_sync(desk_parts.copy_files, store, copied)
        report, is_repeated = await database.run(lambda db: tried.once(db, work, body))
        is_new = not is_repeated
    finally:
        if not is_new:
            await to_thread.run_sync(desk_parts.drop_files, store, copied)
    return _answer(request, report, is_repeated)
