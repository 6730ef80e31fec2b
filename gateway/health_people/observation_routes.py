"""Under /health/v1/observations: what residents measured or noted themselves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection, Row

from gateway.health_people import observations
from gateway.health_people.whose import AtTheRecord, Place
from gateway.health_people.wire import Strict, Words
from gateway.health_records.outcomes import MEDIA_TYPE, fhir
from gateway.health_records.sections import VITAL_SIGNS

router = APIRouter(prefix="/health/v1/observations", tags=["health_people"])

Kind = Literal["blood_pressure", "pulse", "weight", "glucose", "note"]
_PART = ("Observation", VITAL_SIGNS)
_Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9\-]{8,64}$")]
_Patient = Annotated[str | None, Query(max_length=64)]
_AS_FHIR: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
}
_Number = Annotated[str, Field(pattern=r"^([0-9]{1,4}(\.[0-9]{1,2})?)?$")]


class ObservationBody(Strict):
    """A line as it was typed; numbers are text with a decimal point, `patient_id` None is one's own."""

    kind: Kind
    values: dict[str, _Number] = Field(default_factory=dict, max_length=4)
    unit: str = Field(default="", max_length=16)
    effective: Annotated[AwareDatetime, Field(strict=False)]
    note: Annotated[Words, Field(max_length=2000)] = ""
    patient_id: str | None = Field(default=None, max_length=64)


class OwnObservation(BaseModel):
    """A line as it is kept. `by` says who wrote it: the patient, or a parent."""

    observation_id: str
    kind: Kind
    values: dict[str, str]
    unit: str
    effective: datetime
    updated: datetime
    note: str
    by: Literal["patient", "other"]

    @classmethod
    def of(cls, row: Row[Any], owner: str | None) -> OwnObservation:
        """A row of the record of `owner`."""
        return cls(
            observation_id=row.observation_id,
            kind=row.kind,
            effective=row.effective,
            updated=row.updated,
            by="patient" if row.subject == owner else "other",
            **json.loads(row.content),
        )


class OwnObservations(BaseModel):
    """The lines of one record, the newest first."""

    observations: list[OwnObservation]


@router.get("", response_model=OwnObservations, responses=_AS_FHIR)
async def list_observations(
    at: AtTheRecord, patient: _Patient = None, accept: Annotated[str, Header()] = ""
) -> OwnObservations | Response:
    """What the resident, or somebody whose record they may read, wrote down themselves; as a FHIR
    Bundle of Observations, each with its mark, where `application/fhir+json` is asked for.
    """

    def work(connection: Connection) -> OwnObservations | Response:
        place = at.reading(connection, patient, "search-type", _PART)
        if MEDIA_TYPE in accept:
            found = observations.own_observations_of(connection, place.patient_id) if place else []
            return fhir(_searchset(found))
        if place is None:
            return OwnObservations(observations=[])
        owner = observations.owner_of(connection, place.patient_id)
        rows = observations.own_rows(connection, place.patient_id)
        return OwnObservations(observations=[OwnObservation.of(row, owner) for row in rows])

    return await at.database.run(work)


@router.put("/{observation_id}")
async def put(observation_id: _Id, body: ObservationBody, at: AtTheRecord) -> OwnObservation:
    """Write or change a line of one's own record or of one's child's; twice is once."""
    own = observations.Own(body.kind, _typed(body), body.unit, body.effective, body.note)
    observations.check(own, at.now)

    def work(connection: Connection) -> OwnObservation:
        place = at.writing(connection, body.patient_id)
        where = _where(place, observation_id)
        observations.put(connection, where, at.subject, own, at.now)
        owner = observations.owner_of(connection, place.patient_id)
        return OwnObservation.of(observations.find(connection, where), owner)

    return await at.database.run(work)


@router.delete("/{observation_id}", status_code=204, response_class=Response)
async def delete(observation_id: _Id, at: AtTheRecord, patient: _Patient = None) -> None:
    """Delete a line for good; one that is not there is deleted already."""

    def work(connection: Connection) -> None:
        observations.remove(connection, _where(at.writing(connection, patient), observation_id))

    await at.database.run(work)


def _searchset(found: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in found]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": entries}


def _where(place: Place, observation_id: str) -> tuple[str, str]:
    return place.patient_id, observation_id


def _typed(body: ObservationBody) -> dict[str, str]:
    return {name: typed for name, typed in body.values.items() if typed}
