"""Says once that a report moved on while its screen was open."""

import flet as ft

from app.hooks import component, use_state
from app.text import _, status_of
from services.service_requests import ServiceRequest
from views.components import Note


@component
def ChangeNote(request: ServiceRequest) -> ft.Control:
    """Nothing at first; after a change the new state in words, read aloud politely and once."""
    seen = ft.use_ref((request.status_code, request.revision))
    news, set_news = use_state("")

    def notice() -> None:
        before = seen.current
        seen.current = (request.status_code, request.revision)
        if before is None or before == seen.current:
            return
        moved = before[0] != request.status_code
        set_news(status_of(request.status_code).word if moved else _("There is news below."))

    ft.use_effect(notice, [request.status_code, request.revision])
    if not news:
        return ft.Container(height=0)
    note = Note(_("Just now:"), news, "primary", ft.Icons.UPDATE_ROUNDED, live=True)
    return ft.Container(note, padding=ft.Padding.only(bottom=16))
