"""Whose record a request is about, and whether the caller may read or write in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.health_people.rights import PARENT
from gateway.health_records.access import OWN, readable
from gateway.health_records.accesses import Look, record
from gateway.health_records.right import Right
from gateway.health_records.store import find_patient, patient_of_subject
from gateway.problems import not_found, reference_of
from gateway.security import Caller, resident


@dataclass(frozen=True, slots=True)
class Place:
    """A record and the right by which it is open."""

    patient_id: str
    right: Right


class AtRecord:
    """One resident's request about their own record or one they may read: a route's dependency."""

    def __init__(
        self,
        request: Request,
        caller: Annotated[Caller, Depends(resident(scope="health"))],
        settings: CurrentSettings,
        database: CurrentDatabase,
    ) -> None:
        self.caller, self.settings, self.database = caller, settings, database
        self.subject, self.now = caller.subject, settings.clock()
        self._request_id = reference_of(request)

    def reading(
        self,
        connection: Connection,
        patient_id: str | None,
        interaction: str,
        part: tuple[str, str],
    ) -> Place | None:
        """The record to read, the look written down; None for one's own that is not begun.

        `part` is a resource type and a section. Raises a 404 `Problem` where there is no right.
        """
        place = self._place(connection, patient_id)
        if place is None:
            return None
        if not place.right.covers(*part):
            raise not_found()
        self.look(connection, place, interaction, part[0])
        return place

    def look(self, connection: Connection, place: Place, interaction: str, part: str) -> None:
        """Write a look into that record down; `part` is what was looked at."""
        look = Look(
            self.caller,
            interaction,
            self._request_id,
            self.now,
            basis=place.right.basis,
            part=part,
        )
        record(connection, place.patient_id, look)

    def writing(self, connection: Connection, patient_id: str | None) -> Place:
        """The record to write in: one's own, begun if need be, or one's child's.

        Raises a 404 `Problem` for every other: whom a patient lets read does not write.
        """
        place = self._place(connection, patient_id)
        if place is None:
            return Place(patient_of_subject(connection, self.subject), OWN)
        if place.right.basis not in (OWN.basis, PARENT):
            raise not_found()
        return place

    def _place(self, connection: Connection, patient_id: str | None) -> Place | None:
        wanted = patient_id or find_patient(connection, self.subject)
        if wanted is None:
            return None
        return Place(wanted, readable(connection, self.caller, wanted, self.now.timestamp()))


AtTheRecord = Annotated[AtRecord, Depends()]
