"""Fields: a label always visible, 56 high, help or error text below."""

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.theme import Look, style
from views.components.words import Text, stacked

FLOATED = 0.75
"""How much Flutter shrinks a label that floats above what was typed; it must not fall under 14."""
LABEL_ABOVE_FROM = 1.5
"""The text scale from which a label stands above its field."""
NARROW_SEGMENT = 4
"""Room beside a choice: with more, two short words and their tick take two lines on a phone."""
UNSEEN = ft.TextStyle(size=1, color=ft.Colors.TRANSPARENT)
"""A label that only names the field for a screen reader."""

Shape = tuple[int, int | None, bool, bool, bool]
"""Lines, most letters, whether digits alone are typed, whether dots are shown instead, focus first."""


@component
def _text_box(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    help_text: str,
    error: str,
    shape: Shape,
    scale: float,
) -> ft.Control:
    """Alone in its own memoised component: a field in a busy one loses keys (Flet 1.0.5)."""
    lines, max_length, digits, secret, focus = shape

    def changed(e: Any) -> None:
        on_change(heard(value, e))

    above = scale >= LABEL_ABOVE_FROM
    field = ft.TextField(
        label=label,
        value=value,
        on_change=changed,
        helper=help_text or None,
        error=error or None,
        multiline=lines > 1,
        min_lines=lines,
        max_lines=lines + 4 if lines > 1 else 1,
        max_length=max_length,
        align_label_with_hint=True,
        keyboard_type=ft.KeyboardType.NUMBER if digits else _usual_keys(lines),
        password=secret,
        autofocus=focus,
        border={
            ft.ControlState.ERROR: _border(2, ft.Colors.ERROR),
            ft.ControlState.FOCUSED: _border(2, ft.Colors.PRIMARY),
            ft.ControlState.DEFAULT: _border(1, ft.Colors.OUTLINE),
        },
        fill_color=ft.Colors.SURFACE_CONTAINER_LOW,
        filled=True,
        text_style=style("body_large", scale, ft.Colors.ON_SURFACE),
        label_style=UNSEEN if above else style("label_medium", scale / FLOATED),
        helper_style=style("label_medium", scale),
        error_style=style("label_medium", scale),
        error_max_lines=3,
        helper_max_lines=3,
    )
    if not above:
        return field
    # Inside the field a large label takes two lines and is cut.
    seen = ft.Semantics(exclude_semantics=True, content=Text(label, "label"))
    return stacked([seen, field], 4)


def _usual_keys(lines: int) -> ft.KeyboardType:
    return ft.KeyboardType.MULTILINE if lines > 1 else ft.KeyboardType.TEXT


def _border(width: int, color: ft.Colors) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(side=ft.BorderSide(width, color), border_radius=10)


_memo_text_box = ft.memo(_text_box)


def TextBox(
    label: str,
    value: str,
    on_change: Callable[[str], None],
    *,
    help_text: str = "",
    error: str = "",
    lines: int = 1,
    max_length: int | None = None,
    scale: float = 1.0,
    digits: bool = False,
    secret: bool = False,
    focus: bool = False,
) -> ft.Control:
    """A field for typing. Pass a stable `on_change` (from a setter or `ft.use_callback`).

    `digits` asks the device for a keyboard of digits, `secret` shows dots instead of what is typed,
    `focus` puts the keyboard there at once.
    """
    shape = (lines, max_length, digits, secret, focus)
    drawn: ft.Control = _memo_text_box(label, value, on_change, help_text, error, shape, scale)
    return drawn


@component
def Segments(
    options: tuple[tuple[str, str], ...],
    selected: str,
    on_select: Callable[[str], None],
    counts: Mapping[str, int] | None = None,
) -> ft.Control:
    """One of a few (value, label) choices, side by side; below each other when text is large.

    `counts` puts a badge on a choice: how many of its items need the resident.
    """
    look = use_look()

    def changed(e: Any) -> None:
        on_select(next(iter(e.control.selected)))

    return ft.SegmentedButton(
        segments=[
            ft.Segment(value=value, label=_counted(label, (counts or {}).get(value, 0), look))
            for value, label in options
        ],
        selected=[selected],
        on_change=changed,
        direction=ft.Axis.VERTICAL if look.large_text else ft.Axis.HORIZONTAL,
        style=ft.ButtonStyle(shape=ft.RoundedRectangleBorder(radius=16))
        if look.large_text
        else ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=NARROW_SEGMENT)),
        selected_icon=ft.Icon(ft.Icons.CHECK_ROUNDED, size=look.icon(16)),
        expand=True,
    )


def _counted(label: str, count: int, look: Look) -> ft.Text:
    words = ft.Text(label, style=style("label_large", look.scale))
    if count:
        number = ft.Text(str(count), size=12, color=look.palette.on_error)
        words.badge = ft.Badge(label=number, bgcolor=look.palette.error, offset=ft.Offset(14, -7))
    return words


@component
def ChoiceChips(
    options: tuple[tuple[str, str], ...],
    selected: str,
    on_select: Callable[[str], None],
    scroll: bool = False,
) -> ft.Control:
    """One of several (value, label) choices as chips that wrap; or scroll, unless text is large."""
    look = use_look()

    def edge(chosen: bool) -> str:
        return ft.Colors.TRANSPARENT if chosen else look.palette.outline

    def chip(value: str, label: str) -> ft.Control:
        def select(e: Any) -> None:
            on_select(value)

        words: ft.Control = ft.Text(
            label, style=style("label_large", look.scale, look.palette.on_surface), max_lines=3
        )
        if look.large_text and value == selected:
            # The chip's own mark would leave its words one line and cut the second.
            mark = ft.Icon(ft.Icons.CHECK_ROUNDED, size=look.icon(18))
            inside = ft.Container(words, expand=True, expand_loose=True)
            words = ft.Row([mark, inside], spacing=8, tight=True)
        return ft.Chip(
            label=words,
            selected=value == selected,
            show_checkmark=not look.large_text,
            on_select=select,
            selected_color=look.palette.secondary_container,
            bgcolor=look.palette.surface,
            shape=ft.RoundedRectangleBorder(radius=10),
            border_side=ft.BorderSide(1, edge(value == selected)),
            key=value,
        )

    chips = [chip(*option) for option in options]
    if scroll and not look.large_text:
        return ft.Row(chips, scroll=ft.ScrollMode.HIDDEN, spacing=8)
    return ft.Row(chips, wrap=True, spacing=8, run_spacing=8)


@component
def SwitchRow(title: str, sentence: str, on: bool, on_change: Callable[[bool], None]) -> ft.Control:
    """A setting that is on or off."""
    below = [Text(sentence, "supporting")] if sentence else []
    words = ft.Column([Text(title, "label"), *below], spacing=2, tight=True, expand=True)
    switch = ft.Semantics(label=title, content=Toggle(on, on_change))
    return ft.Container(
        ft.Row([words, switch], spacing=16),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


def Toggle(on: bool, on_change: Callable[[bool], None]) -> ft.Control:
    """The switch itself; a tick says that it is on, also where colours are not seen."""

    def changed(e: Any) -> None:
        on_change(bool(heard(on, e)))

    tick = {ft.ControlState.SELECTED: ft.Icons.CHECK_ROUNDED}
    return ft.Switch(value=on, on_change=changed, thumb_icon=tick)


def heard(drawn: Any, e: Any) -> Any:
    """What was typed or chosen, of a control drawn with that value.

    The control knows of later keys than its event does, unless a drawing that was under way has set it
    back to what was drawn: then the event tells (Flet 1.0.5).
    """
    held = e.control.value
    return e.data if held == drawn and e.data is not None else held
