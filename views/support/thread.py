"""A thread: what the resident and support wrote to each other, oldest first."""

import flet as ft

from app.hooks import component, use_look
from app.text import _, show_moment
from services.support_cases import Case, Message, Opening
from views.components import CardList, Heading, Text, keyed, stacked
from views.support.words import act_word, opening_icon, purpose_word


@component
def Thread(messages: tuple[Message, ...], reader: str) -> ft.Control:
    """`reader` is resident or support: their own messages stand on the right."""
    rows: list[ft.Control] = [
        keyed(message.message_id, Bubble, message, message.author == reader) for message in messages
    ]
    return stacked(rows, 8)


@component
def Bubble(message: Message, own: bool) -> ft.Control:
    """Who, when, what; `Chờ gửi` while it has not left the device."""
    palette = use_look().palette
    fill, ink = (
        (palette.secondary_container, palette.on_secondary_container)
        if own
        else (palette.surface_container_low, palette.on_surface)
    )
    when = show_moment(message.at) if message.at else ""
    state = _("Waiting to send") if message.waiting else when
    # The gap keeps the two sides apart also where colours are not seen.
    gap = ft.Padding.only(left=40) if own else ft.Padding.only(right=40)
    inside = stacked(
        [
            Text(f"{_author(message, own)} · {state}", "small_label", ink),
            Text(message.text, color=ink),
        ],
        4,
    )
    bubble = ft.Container(
        inside,
        padding=14,
        border_radius=16,
        bgcolor=fill,
        border=None if own else ft.Border.all(1, palette.outline_variant),
    )
    return ft.Container(bubble, padding=gap)


def _author(message: Message, own: bool) -> str:
    if own and not message.name:
        return _("You")
    if message.author == "support":
        return _("{name}, support").format(name=message.name or _("Support"))
    return _("The resident")


@component
def Looks(case: Case) -> ft.Control:
    """Who of the staff opened the bundle, when and why, newest first."""
    rows: list[ft.Control] = [
        keyed(f"{n}", LookRow, opening) for n, opening in enumerate(case.openings)
    ]
    if not rows:
        return stacked([Heading(_("Who opened it")), Text(_("Not opened yet."), "supporting")], 8)
    return stacked([Heading(_("Who opened it")), CardList(*rows)], 8)


@component
def LookRow(opening: Opening) -> ft.Control:
    """`Bùi Thu Hà · 09:36, 12/10` and why."""
    look = use_look()
    when = show_moment(opening.at) if opening.at else ""
    words = ft.Column(
        [
            Text(act_word(opening.act), "label"),
            Text(f"{opening.name} · {when}", "supporting"),
            Text(purpose_word(opening.purpose), "supporting"),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    icon = ft.Icon(opening_icon(opening), size=look.icon(24), color=look.palette.on_surface_variant)
    return ft.Container(
        ft.Row([icon, words], spacing=16, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )
