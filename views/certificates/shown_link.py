"""A link that shows a part of a certificate: as a code, as letters, to copy or share."""

import flet as ft

from app.hooks import component, use_action, use_device, use_look, use_state
from app.text import _
from views.certificates.verify_code import LinkCode
from views.components import Card, ErrorPanel, Heading, MainButton, Note, Text, stacked

SIDE = 260


@component
def ShownLink(link: str) -> ft.Control:
    """Whoever has it sees the chosen parts until it ends or is stopped."""
    device, look = use_device(), use_look()
    copied, set_copied = use_state(False)

    async def share() -> None:
        set_copied(await device.share_link(_("A part of my certificate"), link))

    sharing = use_action(share)
    label = _("QR code of the link")
    side = min(SIDE, int(look.width) - 96)
    code = ft.Semantics(label=label, image=True, container=True, content=LinkCode(link, side))
    return stacked(
        [
            Heading(_("Ready to show"), 2, "headline_small"),
            Text(_("Let the code be scanned, or send the link. No account is needed to look.")),
            Card(ft.Container(code, alignment=ft.Alignment.CENTER), Text(link, "supporting")),
            *([Note(_("The link was copied."), tone="primary", live=True)] if copied else []),
            *([ErrorPanel(sharing.error)] if sharing.error else []),
            MainButton(_("Share the link"), sharing, ft.Icons.SHARE_ROUNDED),
            Text(_("You can stop it on the certificate's screen, and see there who looked.")),
        ]
    )
