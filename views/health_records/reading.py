"""A record for a screen: what is kept here at once, then what the server says now."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import flet as ft

from app.hooks import (
    Loading,
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
)
from app.text import _, show_moment
from services.health_records import HealthSummary
from services.saved import Saved
from views.components import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """The record, or why there is none. `refreshing` is the time of a copy that is being renewed."""

    found: Resource[HealthSummary]
    refreshing: datetime | None = None

    @property
    def summary(self) -> HealthSummary | None:
        """The record where it is there."""
        return self.found.value if isinstance(self.found, Ready) else None


def use_record(patient_id: str | None) -> Record:
    """Read a record: the copy of this device is drawn first, without asking anyone."""
    services, revisions = use_services(), use_revisions()
    records = services.health_records

    async def copy() -> Saved[HealthSummary | None]:
        found = await records.copy(patient_id)
        return Saved(found.value, found.as_of) if found else Saved(None)

    async def fetch() -> Saved[HealthSummary]:
        return await records.summary(patient_id)

    kept: Resource[HealthSummary | None] = use_resource(copy, patient_id)
    fresh: Resource[HealthSummary] = use_resource(fetch, patient_id, revisions.health_records)
    if not isinstance(fresh, Loading):
        return Record(fresh)
    at_hand = records.at_hand(patient_id)
    if at_hand is not None:
        return Record(Ready(at_hand.value), at_hand.as_of)
    if isinstance(kept, Ready) and kept.value is not None:
        return Record(Ready(kept.value), kept.as_of)
    return Record(fresh)


def quiet(resource: Resource[T]) -> Resource[T]:
    """The same without its note of a saved copy, for a screen whose record says so already."""
    return Ready(resource.value) if isinstance(resource, Ready) else resource


@component
def Refreshing(as_of: datetime) -> ft.Control:
    """A copy is shown while the server is asked."""
    look = use_look()
    words = _("Copy of {time}, checking for news…").format(time=show_moment(as_of))
    return ft.Row(
        [
            ft.Icon(ft.Icons.UPDATE_ROUNDED, size=look.icon(20)),
            ft.Container(Text(words, "supporting"), expand=True),
        ],
        spacing=8,
    )
