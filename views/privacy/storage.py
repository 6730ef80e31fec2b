"""How much lies on this device, by kind: one bar in parts, and a line each."""

import flet as ft

from app.hooks import component, use_look
from app.text import _
from app.theme import Palette
from services.privacy import Stored
from views.components import Card, Heading, Text
from views.components.waiting_words import show_size
from views.privacy.words import kind_word


@component
def Storage(stored: tuple[Stored, ...]) -> ft.Control:
    """The sum, the bar and the kinds that take something."""
    look = use_look()
    total = sum(one.size for one in stored)
    shown = [one for one in stored if one.size]
    sum_words = show_size(total) if total else _("Nothing")
    name, sum_text = Heading(_("Stored on this device"), 2, "label"), Text(sum_words, "title")
    title: ft.Control = ft.Row([ft.Container(name, expand=True), sum_text])
    if look.large_text:
        # What expands inside a row that wraps cannot be drawn.
        title = ft.Column([name, sum_text], spacing=2, tight=True)
    bar = ft.Row(
        [
            ft.Container(
                height=12,
                border_radius=4,
                expand=max(1, round(1000 * one.size / total)),
                bgcolor=color_of(one.kind, look.palette),
            )
            for one in shown
        ],
        spacing=4,
    )
    spoken = _("Stored on this device: {size}.").format(size=sum_words)
    return Card(
        ft.Semantics(label=spoken, content=title),
        *([ft.Semantics(exclude_semantics=True, content=bar)] if shown else []),
        *(_Kind(one) for one in shown),
    )


@component
def _Kind(one: Stored) -> ft.Control:
    look = use_look()
    dot = ft.Container(
        width=14, height=14, border_radius=4, bgcolor=color_of(one.kind, look.palette)
    )
    name = ft.Container(Text(kind_word(one.kind)), expand=True)
    size = Text(show_size(one.size), "body", look.palette.on_surface_variant)
    if look.large_text:
        words = ft.Column([Text(kind_word(one.kind)), size], spacing=2, tight=True, expand=True)
        return ft.Row([dot, words], spacing=12)
    return ft.Row([dot, name, size], spacing=12)


def color_of(kind: str, palette: Palette) -> str:
    """The colour of a kind, the same in the bar and beside its line."""
    table = {
        "unsent": palette.primary,
        "saved": palette.tertiary,
        "recorded": palette.outline,
        "tied": palette.lake,
    }
    return str(table[kind])
