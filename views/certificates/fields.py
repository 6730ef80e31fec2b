"""The fields of the form: locked ones, the purpose, and the phone number."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _
from app.theme import Look, style
from services.certificates import Purpose
from views.certificates.words import show_phone
from views.components import IconAction, LinkButton, Tappable, Text, TextBox, keyed, stacked
from views.components.certificate_card import purpose_word

PADDING = ft.Padding.only(left=16, right=4, top=8, bottom=8)
"""Inside a field's frame."""


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

    def toggle() -> None:
        set_opened(not opened)

    icon = ft.Icons.ARROW_DROP_UP_ROUNDED if opened else ft.Icons.ARROW_DROP_DOWN_ROUNDED
    value = named or _("Choose one")
    arrow = ft.Container(ft.Icon(icon, size=look.icon(24)), padding=12)
    edge = look.palette.error if error else look.palette.outline
    head = Tappable(
        _inside(_words(_("What it is for"), value, look), arrow),
        toggle,
        look.palette,
        radius=10,
        padding=PADDING,
        bgcolor=look.palette.surface_container_low,
        edge=ft.BorderSide(1, edge),
    )
    field = ft.Semantics(expanded=opened, content=head)
    rows = [keyed(one.code, PurposeRow, one, one.code == chosen, pick) for one in purposes]
    below = [Text(error, "small_label", look.palette.error)] if error else []
    return stacked([field, *below, *(rows if opened else [])], 4)


@component
def PurposeRow(purpose: Purpose, chosen: bool, pick: Callable[[str], None]) -> ft.Control:
    """One purpose with its mark."""
    look = use_look()

    def choose() -> None:
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
        content=Tappable(row, choose, look.palette, radius=10, padding=12),
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
        words = _words(label, show_phone(registered or ""), look)
        return _framed(words, pencil, palette.surface_container_low, palette.outline)
    help_text = _("Ten digits, for example 0912 345 678")
    # Shorter than the label above: a label inside a field does not wrap when text is large.
    box = TextBox(
        _("Phone number"), typed, write, help_text=help_text, error=error, scale=look.scale
    )
    back = [LinkButton(_("Use the registered number"), use_registered)] if registered else []
    return stacked([box, *back], 4)


def _words(label: str, value: str, look: Look) -> ft.Control:
    strong = style("body_large", look.scale, look.palette.on_surface)
    strong.weight = ft.FontWeight.W_500
    return ft.Column(
        [
            Text(label, "small_label", look.palette.on_surface_variant),
            ft.Text(value, style=strong),
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
) -> ft.Control:
    return ft.Container(
        _inside(words, mark),
        padding=PADDING,
        border_radius=10,
        bgcolor=fill,
        border=ft.Border.all(1, edge),
    )


def _inside(words: ft.Control, mark: ft.Control) -> ft.Control:
    return ft.Row(
        [ft.Container(words, expand=True), mark],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
