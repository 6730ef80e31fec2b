"""Whether a copy of the record may lie on this device: asked once, when a record is first opened there."""

import flet as ft

from app.hooks import Ready, component, use_device, use_resource, use_revisions, use_services
from services.consents import HEALTH_COPIES, Purpose
from views.components import AskConsent


@component
def AskAboutCopies(patient_id: str | None) -> ft.Control:
    """The question above the record, which can be read meanwhile; nothing on the web."""
    services, revisions, device = use_services(), use_revisions(), use_device()

    async def fetch() -> tuple[Purpose, str] | None:
        if not device.keeps_health_copies:
            return None
        return await services.consents.copies_to_ask_about(patient_id)

    async def agreed() -> None:
        revisions.health_records += 1

    found = use_resource(fetch, patient_id)
    if not isinstance(found, Ready) or found.value is None:
        return ft.Container(height=0)
    return AskConsent(HEALTH_COPIES, found.value[1], agreed)
