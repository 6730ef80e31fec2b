"""When to come again: FHIR's Appointment, and what a CarePlan schedules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.health_records.document import Document, Resource
from services.health_records.fhir import FhirDate, date, many, mapping, paragraph, text
from services.health_records.items import Visit
from services.health_records.reading import key_of, parties

_NOT_TO_SHOW = frozenset({"entered-in-error", "cancelled"})
_NO_APPOINTMENT = _NOT_TO_SHOW | {"noshow", "fulfilled"}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """When to come again, from an Appointment or a CarePlan's activity; `at` keeps its precision."""

    key: str
    at: FhirDate
    title: str = ""
    instructions: str = ""
    place: str = ""
    minutes: int | None = None


def follow_ups_of(
    document: Document, resources: list[Resource], visit: Visit
) -> tuple[FollowUp, ...]:
    """Of appointments and care plans of a visit, one for each day, the nearest first."""
    found: list[FollowUp] = []
    for resource in resources:
        if resource.get("resourceType") == "Appointment":
            found += _appointment(document, resource, visit)
        else:
            found += _planned(document, resource, visit)
    by_day = {follow_up.at.as_given[:10]: follow_up for follow_up in reversed(found)}
    return tuple(sorted(by_day.values(), key=lambda follow_up: follow_up.at.sort_key))


def _appointment(document: Document, resource: Resource, visit: Visit) -> Iterator[FollowUp]:
    at = date(resource.get("start"))
    if at is None or text(resource.get("status")) in _NO_APPOINTMENT:
        return
    place = document.concept(resource.get("serviceType"))
    who = parties(document, resource, resource.get("participant"), "actor")
    yield FollowUp(
        key_of(document.address(resource)),
        at,
        text(resource.get("description")) or place,
        paragraph(resource.get("patientInstruction")) or paragraph(resource.get("comment")),
        visit.facility or ", ".join(who),
        _minutes(resource, at),
    )


def _minutes(appointment: Resource, at: FhirDate) -> int | None:
    """How long it takes, as it was given or from start to end."""
    given, end = appointment.get("minutesDuration"), date(appointment.get("end"))
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 1440:
        return given
    if (
        at.at is None
        or end is None
        or end.at is None
        or at.at.tzinfo is None
        or end.at.tzinfo is None
    ):
        return None
    between = round((end.at - at.at).total_seconds() / 60)
    return between if 0 < between < 1440 else None


def _planned(document: Document, resource: Resource, visit: Visit) -> Iterator[FollowUp]:
    """A CarePlan's scheduled activities; what has no date is no follow-up."""
    for place, activity in enumerate(map(mapping, many(resource.get("activity")))):
        detail = mapping(activity.get("detail"))
        pointed = document.resolve(activity.get("reference"), resource) or {}
        if pointed.get("resourceType") == "Appointment":
            yield from _appointment(document, pointed, visit)
            continue
        timing = mapping(detail.get("scheduledTiming"))
        event = next(iter(many(timing.get("event"))), None)
        period = mapping(detail.get("scheduledPeriod"))
        at = date(period.get("start")) or date(event) or date(pointed.get("occurrenceDateTime"))
        if at is None or text(detail.get("status")) in ("completed", *_NOT_TO_SHOW):
            continue
        yield FollowUp(
            key_of(f"{document.address(resource)}#{place}"),
            at,
            document.concept(detail.get("code")) or text(resource.get("title")),
            paragraph(detail.get("description")),
            visit.facility,
        )
