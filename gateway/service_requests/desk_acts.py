"""What an officer does with a report of their agency. Each act stands in the desk's log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, insert

from gateway.problems import FieldError, invalid
from gateway.service_requests import desk_bodies as bodies
from gateway.service_requests import records
from gateway.service_requests.agencies import agencies
from gateway.service_requests.handling_tables import desk_log
from gateway.service_requests.moving import Actor, Scene, move
from gateway.service_requests.officers import Officer, officers
from gateway.service_requests.reasons import reasons
from gateway.service_requests.resident_acts import NOBODY, Nothing
from gateway.service_requests.states import Act, after

Publishing = Literal["publish", "hide"]
"""What an officer does to one photo: the report itself stays as it is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work: where, and for which agency."""

    scene: Scene
    officer: Officer

    @property
    def actor(self) -> Actor:
        """The officer, as residents read of them."""
        agency = agencies(self.scene.settings).name_of(self.officer.agency_code)
        return Actor("officer", self.officer.subject, self.officer.name, agency)

    def log(self, row: Row[Any], act: Act | Publishing, after_code: str, detail: str = "") -> None:
        """Keep who did what, and when. What words say to residents stands in the timeline."""
        self.scene.connection.execute(
            insert(desk_log).values(
                service_request_id=row.service_request_id,
                moment=self.scene.now,
                actor_subject=self.officer.subject,
                actor_name=self.officer.name,
                agency_code=self.officer.agency_code,
                act=act,
                before_code=row.status_code,
                after_code=after_code,
                detail=detail,
            )
        )

    def move(
        self,
        row: Row[Any],
        act: Act,
        description: str = "",
        *,
        detail: str = "",
        reason_code: str = "",
        media_ids: Sequence[str] = (),
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Do the act and log it."""
        self.log(row, act, after(row.status_code, act, "officer"), detail)
        move(
            self.scene,
            row,
            act,
            self.actor,
            description,
            reason_code=reason_code,
            media_ids=media_ids,
            values=values,
        )


def accept(desk: Desk, row: Row[Any], body: Nothing) -> None:
    """Begin to handle it; whoever accepts it has it, unless a colleague was named."""
    values: dict[str, Any] = {}
    if row.assigned_subject is None:
        values = {"assigned_subject": desk.officer.subject, "assigned_name": desk.officer.name}
    desk.move(row, "accept", values=values)


def ask(desk: Desk, row: Row[Any], body: bodies.Ask) -> None:
    """Ask the resident; the deadline is paused until they answer."""
    desk.move(row, "ask", body.description)


def transfer(desk: Desk, row: Row[Any], body: bodies.Transfer) -> None:
    """Hand it to another agency, which sees it from now on."""
    settings = desk.scene.settings
    reason = next((r for r in reasons(settings).transfer if r.code == body.reason_code), None)
    target = agencies(settings).find(body.agency_code, desk.scene.now)
    errors = []
    if target is None or target.code == row.agency_code:
        errors.append(FieldError(field="agency_code", code="unknown"))
    if reason is None:
        errors.append(FieldError(field="reason_code", code="unknown"))
    if target is None or reason is None or errors:
        raise invalid(errors)
    desk.move(
        row,
        "transfer",
        body.description or reason.text,
        detail=target.code,
        reason_code=reason.code,
        values={
            "agency_code": target.code,
            "agency_responsible": target.name,
            **NOBODY,
        },
    )


def done(desk: Desk, row: Row[Any], body: bodies.Done) -> None:
    """Close it with words and proof."""
    desk.move(row, "done", body.description, media_ids=body.media_ids)


def reject(desk: Desk, row: Row[Any], body: bodies.Reject) -> None:
    """Refuse it for a coded reason."""
    known = {reason.code for reason in reasons(desk.scene.settings).reject}
    if body.reason_code not in known:
        raise invalid([FieldError(field="reason_code", code="unknown")])
    desk.move(
        row, "reject", body.description, detail=body.reason_code, reason_code=body.reason_code
    )


def note(desk: Desk, row: Row[Any], body: bodies.Note) -> None:
    """Say in public why it takes longer."""
    desk.move(row, "note", body.description, values={"overdue_reason": body.description})


def assign(desk: Desk, row: Row[Any], body: bodies.Assign) -> None:
    """Give it to a colleague of the agency that has it. Residents are not told."""
    colleagues = officers(desk.scene.settings).values()
    found = [o for o in colleagues if o.subject_key == body.subject_key]
    chosen = next((o for o in found if o.agency_code in _desks_of(desk, row)), None)
    if chosen is None:
        raise invalid([FieldError(field="subject_key", code="unknown")])
    _quietly(
        desk, row, "assign", chosen.name, assigned_subject=chosen.subject, assigned_name=chosen.name
    )


def hoax(desk: Desk, row: Row[Any], body: Nothing) -> None:
    """Flag it as a hoax: the public does not see it any more, and its sender may send less."""
    _quietly(desk, row, "hoax", "", hoax=True)


def _desks_of(desk: Desk, row: Row[Any]) -> set[str]:
    return {row.agency_code, desk.officer.agency_code}


def _quietly(desk: Desk, row: Row[Any], act: Act, detail: str, **values: Any) -> None:
    """An act of the desk alone: in its log, not in the timeline, and nobody is told."""
    desk.log(row, act, after(row.status_code, act, "officer"), detail)
    records.change(desk.scene.connection, row, desk.scene.now, **values)
