"""Every field of the wire and of the device's store, classified once; one module an area."""

from services.diagnostics.classes import (
    cards,
    certificates,
    health,
    parking,
    people,
    privacy,
    problems,
    reports,
    sessions,
    stored,
)

AREAS = (
    reports.REQUESTS,
    reports.SERVICES,
    reports.DESK,
    cards.CARDS,
    cards.TRIPS,
    cards.INSPECTION,
    parking.PARKING,
    health.FHIR,
    health.SHARES,
    people.PEOPLE,
    certificates.CERTIFICATES,
    privacy.PRIVACY,
    privacy.SUPPORT,
    sessions.SESSIONS,
)
PROBLEM = problems.PROBLEM
STORED = stored.STORED

__all__ = ["AREAS", "PROBLEM", "STORED"]
