"""Whose record a screen here is about."""

from urllib.parse import unquote

import flet as ft


def use_patient() -> str | None:
    """The FHIR id in the address; None for one's own record."""
    return unquote(ft.use_route_params().get("patient_id", "")) or None
