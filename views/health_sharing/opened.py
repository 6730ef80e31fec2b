"""Who opened a share, by the name they typed, and who did not get in."""

import flet as ft

from app.hooks import component, use_look
from app.text import _, show_moment
from services.health_sharing import HealthShare, Opening
from views.components import CardList, Heading, Text, stacked


@component
def Openings(share: HealthShare) -> ft.Control:
    """Newest first; that a name was typed and not checked stands below."""
    parts: list[ft.Control] = [Heading(_("Who opened it"), 2, "title_small")]
    if not share.openings:
        parts.append(Text(_("Not opened yet"), "supporting"))
    else:
        parts.append(CardList(*[OpeningRow(one) for one in share.openings]))
        if any(one.outcome == "opened" for one in share.openings):
            parts.append(
                Text(_("They typed these names themselves; nobody checked them."), "supporting")
            )
    return ft.Semantics(live_region=True, content=stacked(parts, 8))


@component
def OpeningRow(opening: Opening) -> ft.Control:
    """A name and a time, or a wrong passcode and a time."""
    look = use_look()
    palette = look.palette
    if opening.outcome == "opened":
        icon, color = ft.Icons.VISIBILITY_OUTLINED, palette.primary
        title, below = opening.recipient, _("saw all that is shared · name not verified")
    else:
        icon, color = ft.Icons.LOCK_OUTLINE_ROUNDED, palette.tertiary
        title = _("Wrong passcode entered")
        below = _("saw nothing · typed the name {name}").format(name=opening.recipient)
    words = ft.Column(
        [Text(title, "label"), Text(f"{show_moment(opening.at)} · {below}", "supporting")],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Container(
        ft.Row([ft.Icon(icon, size=look.icon(24), color=color), words], spacing=14),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )
