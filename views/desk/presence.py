"""Who else has the report open now; this officer is seen by the others meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import flet as ft

from app.hooks import component, use_loop, use_services, use_state
from app.text import _
from services.errors import ServiceError
from views.components import Note

EVERY = 40.0
"""Seconds between two words to the gateway that the report is still open here."""


@component
def Presence(service_request_id: str) -> ft.Control:
    """Names, as long as somebody else is here."""
    services = use_services()
    nobody: tuple[str, ...] = ()
    others, set_others = use_state(nobody)

    async def stay() -> None:
        while True:
            with suppress(ServiceError):
                found = await services.desk.presence(service_request_id)
                set_others(tuple(one.name for one in found))
            await asyncio.sleep(EVERY)

    use_loop(stay, service_request_id)
    if not others:
        return ft.Container(height=0)
    names = ", ".join(others)
    note = Note(
        _("{names} also has this open.").format(names=names),
        _("Agree who goes on before you do anything."),
        "tertiary",
        ft.Icons.GROUP_ROUNDED,
        live=True,
    )
    return ft.Container(note, padding=ft.Padding.only(top=12))
