"""What a resident does with their own report after sending it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from gateway.problems import FieldError, Problem, invalid
from gateway.service_requests.agencies import agencies
from gateway.service_requests.draft import Text, known_ward
from gateway.service_requests.moving import Actor, Scene, move
from gateway.service_requests.publicity import public_cell
from gateway.service_requests.services import deadline_of, graver, notice_of, services
from gateway.service_requests.states import Act, after
from gateway.service_requests.viewing import act_ends
from gateway.service_requests.wards import probable_ward
from gateway.settings import Settings
from gateway.working_time import HANOI, put_back, working_time_between

MEDIA_MOST = 5
NOBODY = {"assigned_subject": None, "assigned_name": ""}
"""The columns of a report that no officer has been given."""

MediaIds = Annotated[
    list[Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]], Field(max_length=MEDIA_MOST)
]


class Body(BaseModel):
    """A body in JSON, read strictly: what is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Body):
    """A body without fields."""


class Answer(Body):
    """The answer to the officer's question."""

    description: Annotated[Text, Field(min_length=1, max_length=2000)]
    media_ids: MediaIds = []


class Reopening(Body):
    """Why the result is not one: in words, or by a photo."""

    description: Annotated[Text, Field(max_length=2000)] = ""
    media_ids: MediaIds = []

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.description and not self.media_ids:
            raise PydanticCustomError("photo_or_reason_required", "Give a reason or a photo")
        return self


class Rated(Body):
    """What the resident thinks of the result."""

    rating: Literal["satisfied", "acceptable", "unsatisfied"]
    comment: Annotated[Text, Field(max_length=1000)] = ""


class Correction(Body):
    """What was meant instead; what is left out stays."""

    description: Annotated[Text, Field(min_length=10, max_length=2000)] | None = None
    address: Annotated[Text, Field(max_length=300)] | None = None
    address_id: Annotated[str, AfterValidator(known_ward)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    long: Annotated[float, Field(ge=-180, le=180)] | None = None
    hide_name: bool | None = None
    urgency: Literal["normal", "complex", "urgent"] | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise PydanticCustomError("nothing_to_change", "Give at least one field")
        if (self.lat is None) != (self.long is None):
            raise PydanticCustomError("lat_long_together", "lat and long come together")
        return self


def answer(scene: Scene, row: Row[Any], body: Answer) -> None:
    """Answer the officer's question: the deadline moves by the office hours it was paused for."""
    move(
        scene,
        row,
        "answer",
        _resident(row),
        body.description,
        media_ids=body.media_ids,
        values=going_on(scene, row),
    )


def going_on(scene: Scene, row: Row[Any]) -> dict[str, Any]:
    """The deadline of a paused report that goes on now."""
    paused = working_time_between(row.paused_since or scene.now, scene.now)
    later = put_back(row.expected_datetime, paused, _begun(row))
    return {
        "expected_datetime": later.due,
        "working_days": [day.isoformat() for day in later.working_days],
    }


def _begun(row: Row[Any]) -> datetime:
    """When the present deadline began: after a reopening that is not when the report was sent."""
    if not row.working_days:
        begun: datetime = row.paused_since or row.requested_datetime
        return begun
    first = datetime.combine(date.fromisoformat(row.working_days[0]), time(), HANOI)
    return first - timedelta(days=1)


def withdraw(scene: Scene, row: Row[Any], body: Nothing) -> None:
    """Take back a report that nobody has begun to handle."""
    move(scene, row, "withdraw", _resident(row))


def reopen(scene: Scene, row: Row[Any], body: Reopening) -> None:
    """Open again what was closed in the last days, with a new deadline from now."""
    _check(scene, row, "reopen")
    deadline = deadline_of(row.urgency, scene.now, scene.settings.deadlines)
    move(
        scene,
        row,
        "reopen",
        _resident(row),
        body.description,
        media_ids=body.media_ids,
        values={
            "expected_datetime": deadline.due,
            "working_days": [day.isoformat() for day in deadline.working_days],
            "rating": None,
            "rating_comment": "",
            "overdue_reason": "",
            "escalation": 0,
        },
    )


def rate(scene: Scene, row: Row[Any], body: Rated) -> None:
    """Say what the result is worth; a later rating replaces an earlier one."""
    values = {"rating": body.rating, "rating_comment": body.comment}
    move(scene, row, "rate", _resident(row), body.comment, values=values)


def correct(scene: Scene, row: Row[Any], body: Correction) -> None:
    """Mend what was sent, in the first minutes: agency and deadline follow."""
    _check(scene, row, "correct")
    move(scene, row, "correct", _resident(row), values=_corrected(scene.settings, row, body))


def _corrected(settings: Settings, row: Row[Any], body: Correction) -> dict[str, Any]:
    given = body.model_dump(exclude_none=True)
    place = given.pop("address_id", None)
    if body.lat is not None and body.long is not None:
        if not settings.bounding_box.holds(body.lat, body.long):
            errors = [FieldError(field=name, code="outside_city") for name in ("lat", "long")]
            raise invalid(errors)
        place = place or probable_ward(body.lat, body.long).code
    given["ward_code"] = place or row.ward_code
    agency = agencies(settings).route(row.service_code, given["ward_code"], row.requested_datetime)
    service = services().get(row.service_code)
    urgency = row.urgency
    if body.urgency is not None:
        urgency = graver(service.urgency, body.urgency) if service else body.urgency
    deadline = deadline_of(urgency, row.requested_datetime, settings.deadlines)
    return {
        **given,
        **_place_of(row, given),
        **({} if agency.code == row.agency_code else NOBODY),
        "urgency": urgency,
        "agency_code": agency.code,
        "agency_responsible": agency.name,
        "service_notice": notice_of(agency.name, urgency, settings.deadlines),
        "expected_datetime": deadline.due,
        "working_days": [day.isoformat() for day in deadline.working_days],
    }


def _place_of(row: Row[Any], given: dict[str, Any]) -> dict[str, Any]:
    """The cell that questions about a place find the report in: of where it lies now."""
    lat, long = given.get("lat", row.lat), given.get("long", row.long)
    return {"cell": public_cell(row.service_code, lat, long)}


def _check(scene: Scene, row: Row[Any], act: Act) -> None:
    """Refuse an act whose time is over with 409; the state is what is looked at first."""
    after(row.status_code, act, "resident")
    ends = act_ends(row, scene.settings).get(act)
    if ends is not None and scene.now > ends:
        title = "The time for this is over"
        raise Problem(409, "too-late", title, act=act, until=ends.isoformat())


def _resident(row: Row[Any]) -> Actor:
    return Actor("resident", row.subject)
