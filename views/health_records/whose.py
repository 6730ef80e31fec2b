"""Whose record is on the screen: one's own, or someone's whom the resident may read."""

from urllib.parse import unquote

import flet as ft


def use_patient() -> str | None:
    """The FHIR id in the address of the record that is open; None for one's own."""
    return unquote(ft.use_route_params().get("patient_id", "")) or None


def whose(patient_id: str | None) -> list[ft.Control]:
    """What stands above the overview when there are several records to choose from.

    To open another's record, go to `paths.health(patient_id)`.
    """
    return []
