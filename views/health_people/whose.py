"""Whose record a screen here is about, and whether the resident writes in it."""

from urllib.parse import unquote

import flet as ft

from app.hooks import Ready, use_resource, use_revisions, use_services


def use_patient() -> str | None:
    """The FHIR id in the address; None for one's own record."""
    return unquote(ft.use_route_params().get("patient_id", "")) or None


def use_may_write(patient_id: str | None) -> bool:
    """Whether it is one's own record or one's child's: whom a patient lets read only reads."""
    services, revisions = use_services(), use_revisions()
    people = use_resource(services.health_people.people, revisions.health_people)
    if patient_id is None:
        return True
    found = people.value.dependants if isinstance(people, Ready) else ()
    return any(child.patient_id == patient_id and not child.ended for child in found)
