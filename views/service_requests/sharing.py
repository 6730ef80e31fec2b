"""The address of a report's public page, which opens without sign-in and names nobody."""

import flet as ft

from app.hooks import component, use_action, use_device, use_services, use_state
from app.text import _
from services.service_requests import ServiceRequest
from views.components import ErrorPanel, LinkButton, Note, stacked, title_of


@component
def SharePublicPage(request: ServiceRequest) -> ft.Control:
    """Hands the address to the device's share sheet, or copies it and says so."""
    services, device = use_services(), use_device()
    copied, set_copied = use_state(False)
    url = services.gateway.link(request.public_url) if request.public_url else ""

    async def share() -> None:
        set_copied(await device.share_link(title_of(request), url))

    async def open_page() -> None:
        await device.open_link(url)

    sharing, opening = use_action(share), use_action(open_page)
    if not url:
        return ft.Container(height=0)
    buttons = [
        LinkButton(_("Share the public page"), sharing, ft.Icons.SHARE_OUTLINED),
        LinkButton(_("Open the public page"), opening, ft.Icons.OPEN_IN_NEW_ROUNDED),
    ]
    parts: list[ft.Control] = [ft.Row(buttons, wrap=True)]
    if copied:
        words = _("Anyone can open it. Your name is not on it.")
        parts.append(Note(_("Address copied."), words, "primary", live=True))
    failed = sharing.error or opening.error
    parts += [ErrorPanel(failed)] if failed else []
    return stacked(parts, 8)
