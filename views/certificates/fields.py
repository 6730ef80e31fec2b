"""The fields of the form: locked ones, the purpose, and the phone number."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _
from app.theme import Look
from services.certificates import Purpose
from views.certificates.words import purpose_word
from views.components import IconAction, LinkButton, Text, TextBox, keyed, stacked


@component
def LockedField(label: str, value: str, action: ft.Control | None = None) -> ft.Control:
    """A value that cannot be changed here; `action` stands in the place of the lock."""
    look = use_look()
    ink = look.palette.on_surface_variant
    lock = ft.Icon(ft.Icons.LOCK_OUTLINE_ROUNDED, size=look.icon(24), color=ink)
    spoken = _("{label}: {value}. Cannot be changed here.").format(label=label, value=value)
    words = ft.Semantics(
        label=spoken, exclude_semantics=True, container=True, content=_words(label, value, look)
    )
    return _framed(
        words,
        action or ft.Container(lock, padding=12),
        look.palette.surface_container,
        look.palette.outline_variant,
    )


@component
def PurposeField(
    purposes: tuple[Purpose, ...], chosen: str, choose: Callable[[str], None], error: str = ""
) -> ft.Control:
    """One of the coded purposes; open until one is chosen."""
    look = use_look()
    opened, set_opened = use_state(not chosen)
    named = next((purpose_word(one) for one in purposes if one.code == chosen), "")

    def pick(code: str) -> None:
        choose(code)
        set_opened(False)

    def toggle(e: Any) -> None:
        set_opened(not opened)

    icon = ft.Icons.ARROW_DROP_UP_ROUNDED if opened else ft.Icons.ARROW_DROP_DOWN_ROUNDED
    value = named or _("Choose one")
    head = _framed(
        _words(_("What it is for"), value, look),
        ft.Container(ft.Icon(icon, size=look.icon(24)), padding=12),
        look.palette.surface_container_low,
        look.palette.error if error else look.palette.outline,
        toggle,
    )
    field = ft.Semantics(button=True, expanded=opened, container=True, content=head)
    rows = [keyed(one.code, PurposeRow, one, one.code == chosen, pick) for one in purposes]
    below = [Text(error, "small_label", look.palette.error)] if error else []
    return stacked([field, *below, *(rows if opened else [])], 4)


@component
def PurposeRow(purpose: Purpose, chosen: bool, pick: Callable[[str], None]) -> ft.Control:
    """One purpose with its mark."""
    look = use_look()

    def choose(e: Any) -> None:
        pick(purpose.code)

    icons = ft.Icons
    icon = icons.RADIO_BUTTON_CHECKED_ROUNDED if chosen else icons.RADIO_BUTTON_UNCHECKED_ROUNDED
    row = ft.Row(
        [
            ft.Icon(icon, size=look.icon(24), color=look.palette.primary),
            Text(purpose_word(purpose), expand=True),
        ],
        spacing=14,
    )
    return ft.Semantics(
        checked=chosen,
        container=True,
        content=ft.Container(
            row,
            padding=ft.Padding.symmetric(horizontal=12, vertical=12),
            border_radius=10,
            ink=True,
            on_click=choose,
        ),
    )


@component
def PhoneField(
    registered: str | None, typed: str, write: Callable[[str], None], error: str = ""
) -> ft.Control:
    """The registered number, masked, until another one is wanted."""
    look = use_look()
    editing, set_editing = use_state(bool(typed) or not registered)

    def edit() -> None:
        set_editing(True)

    def use_registered() -> None:
        write("")
        set_editing(False)

    label = _("Phone number for news")
    if not editing and not error:
        pencil = IconAction(ft.Icons.EDIT_OUTLINED, _("Enter another number"), edit)
        palette = look.palette
        words = _words(label, registered or "", look)
        return _framed(words, pencil, palette.surface_container_low, palette.outline)
    help_text = _("Ten digits, for example 0912 345 678")
    box = TextBox(label, typed, write, help_text=help_text, error=error, scale=look.scale)
    back = [LinkButton(_("Use the registered number"), use_registered)] if registered else []
    return stacked([box, *back], 4)


def _words(label: str, value: str, look: Look) -> ft.Control:
    return ft.Column(
        [
            Text(label, "small_label", look.palette.on_surface_variant),
            ft.Text(value, theme_style=ft.TextThemeStyle.BODY_LARGE, weight=ft.FontWeight.W_500),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )


def _framed(
    words: ft.Control,
    mark: ft.Control,
    fill: str,
    edge: str,
    on_click: Callable[[Any], None] | None = None,
) -> ft.Control:
    return ft.Container(
        ft.Row(
            [ft.Container(words, expand=True), mark],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        padding=ft.Padding.only(left=16, right=4, top=8, bottom=8),
        border_radius=10,
        bgcolor=fill,
        border=ft.Border.all(1, edge),
        ink=on_click is not None,
        on_click=on_click,
    )
