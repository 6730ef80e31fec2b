"""The white panel with the QR code, the six figures and the time that is left."""

import flet as ft

from app.hooks import component, use_action, use_device, use_look, use_services, use_state
from app.text import _
from app.theme import LIGHT, QR_LIGHT, style
from services.health_sharing import HealthShare, SharedLink
from views.components import Card, ErrorPanel, LinkButton, Note, StatusChip, Text, stacked
from views.components.link_code import draw_link
from views.health_sharing.words import closing_words, left_words, minutes_left, share_status

QR_SIDE = 288


@component
def CodePanel(share: HealthShare, link: SharedLink | None) -> ft.Control:
    """White in both themes, because a camera has to read it; or why there is no code here."""
    if link is None:
        words = _("It is only on the device that made it. You can still stop this share here.")
        return stacked(
            [
                Card(StatusChip(share_status(share)), TimeLeft(share)),
                Note(_("The code is not on this device."), words, icon=ft.Icons.PHONELINK_OUTLINED),
            ]
        )
    parts: list[ft.Control] = [
        ft.Semantics(
            label=_("QR code for the doctor"),
            image=True,
            container=True,
            content=LinkCode(link.link),
        )
    ]
    if link.passcode:
        parts += [
            Text(
                _("The doctor scans it, then enters the passcode"),
                "body",
                LIGHT.on_surface_variant,
                align=ft.TextAlign.CENTER,
            ),
            Figures(link.passcode),
        ]
    else:
        parts.append(
            Text(
                _("The doctor scans it; no passcode is asked"),
                "body",
                LIGHT.on_surface_variant,
                align=ft.TextAlign.CENTER,
            )
        )
    parts.append(TimeLeft(share, on_white=True))
    panel = ft.Container(
        ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
        padding=16,
        border_radius=16,
        bgcolor=QR_LIGHT,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        alignment=ft.Alignment.CENTER,
    )
    return stacked([panel, GiveLink(link)])


@component
def _link_code(link: str) -> ft.Control:
    return ft.Image(
        src=draw_link(link),
        width=QR_SIDE,
        height=QR_SIDE,
        filter_quality=ft.FilterQuality.NONE,
        gapless_playback=True,
        exclude_from_semantics=True,
    )


LinkCode = ft.memo(_link_code)


@component
def Figures(passcode: str) -> ft.Control:
    """Six boxes in two groups, read aloud figure by figure."""
    look = use_look()
    spaced = [" ".join(passcode[:3]), " ".join(passcode[3:])]
    label = _("Passcode: {figures}").format(figures=", ".join(spaced))
    boxes: list[ft.Control] = [
        ft.Container(
            ft.Text(figure, style=style("headline_small", min(look.scale, 1.35), LIGHT.on_surface)),
            width=44,
            height=52,
            border_radius=10,
            bgcolor=LIGHT.surface_container,
            alignment=ft.Alignment.CENTER,
            margin=ft.Margin.only(left=12 if place == 3 else 0),
        )
        for place, figure in enumerate(passcode)
    ]
    return ft.Semantics(
        label=label,
        exclude_semantics=True,
        container=True,
        content=ft.Row(boxes, spacing=6, tight=True, alignment=ft.MainAxisAlignment.CENTER),
    )


@component
def TimeLeft(share: HealthShare, on_white: bool = False) -> ft.Control:
    """A ring and words; it steps by the minute and is not announced."""
    now = use_services().clock.now()
    palette = LIGHT if on_white else use_look().palette
    whole, number = 1.0, ""
    if share.ends_at is not None:
        minutes = minutes_left(share.ends_at, now)
        total = max((share.ends_at - share.created_at).total_seconds(), 1)
        whole = min(1.0, max(0.0, (share.ends_at - now).total_seconds() / total))
        number = str(minutes if minutes < 120 else minutes // 60)
    ring: list[ft.Control] = [
        ft.ProgressRing(
            value=whole,
            width=48,
            height=48,
            stroke_width=5,
            color=palette.primary,
            bgcolor=palette.surface_container_highest,
        )
    ]
    if share.ends_at is not None:
        figure = ft.Text(number, style=style("label_large", 1, palette.on_surface))
        ring.append(ft.Container(figure, width=48, height=48, alignment=ft.Alignment.CENTER))
    words = ft.Column(
        [
            Text(left_words(share, now), "label", palette.on_surface),
            Text(closing_words(share), "supporting", palette.on_surface_variant),
        ],
        spacing=0,
        tight=True,
    )
    return ft.Row(
        [ft.Semantics(exclude_semantics=True, content=ft.Stack(ring)), words],
        spacing=12,
        tight=True,
        wrap=True,
    )


@component
def GiveLink(link: SharedLink) -> ft.Control:
    """Hands the link to the share sheet, or copies it; the passcode goes another way."""
    device = use_device()
    copied, set_copied = use_state(False)

    async def give() -> None:
        set_copied(await device.share_link(_("Health record"), link.link))

    giving = use_action(give)
    parts: list[ft.Control] = [
        LinkButton(_("Send or copy the link"), giving, ft.Icons.SHARE_OUTLINED)
    ]
    if copied:
        words = _("Send the passcode another way, best by voice.") if link.passcode else ""
        parts.append(Note(_("Link copied."), words, "primary", live=True))
    parts += [ErrorPanel(giving.error)] if giving.error else []
    return stacked(parts, 8)
