"""Buttons: one filled button a screen; its label is a verb (design guide, section 6)."""

from typing import Any

import flet as ft

from app.hooks import Action, component, use_look
from app.text import _
from app.theme import BUTTON_HEIGHT, TARGET, Look, Palette, focus_ring, style
from views.components.spinner import Spinner
from views.components.tappable import Handler


@component
def MainButton(
    label: str,
    action: Action | Handler,
    icon: ft.IconData | None = None,
    busy_label: str | None = None,
    disabled: bool = False,
    height: int = BUTTON_HEIGHT,
    second_line: str = "",
) -> ft.Control:
    """The screen's one filled button. With an `Action` it shows a spinner while that runs."""
    look = use_look()
    running = isinstance(action, Action) and action.running
    words = (busy_label or _("Sending…")) if running else label
    leading: list[ft.Control] = []
    if running:
        leading = [Spinner(look, 20, look.palette.on_primary)]
    elif icon is not None:
        leading = [ft.Icon(icon, size=look.icon(22))]
    return ft.FilledButton(
        content=_inside(words, leading, look.scale, second_line="" if running else second_line),
        height=_height(height, look),
        disabled=disabled,
        style=_filled(look.palette),
        on_click=_handler(action),
    )


@component
def TonalButton(
    label: str, action: Action | Handler, icon: ft.IconData | None = None
) -> ft.Control:
    """A second choice on the screen."""
    look = use_look()
    return ft.FilledTonalButton(
        content=_inside(label, _icon(icon, look.icon(22)), look.scale),
        height=_height(BUTTON_HEIGHT, look),
        style=_shape(),
        on_click=_handler(action),
    )


@component
def OutlineButton(
    label: str,
    action: Action | Handler,
    icon: ft.IconData | None = None,
    danger: bool = False,
    palette: Palette | None = None,
) -> ft.Control:
    """A choice that is not the screen's purpose; `danger` draws it in brick.

    `palette` is for a ground that keeps its colour in both themes, such as a white panel.
    """
    look = use_look()
    palette = palette or look.palette
    color = palette.error if danger else palette.primary
    return ft.OutlinedButton(
        content=_inside(label, _icon(icon, look.icon(22), color), look.scale, color),
        height=_height(BUTTON_HEIGHT, look),
        style=_shape(
            {
                ft.ControlState.FOCUSED: focus_ring(palette),
                ft.ControlState.DEFAULT: ft.BorderSide(1, color if danger else palette.outline),
            }
        ),
        on_click=_handler(action),
    )


@component
def LinkButton(label: str, action: Action | Handler, icon: ft.IconData | None = None) -> ft.Control:
    """A text button."""
    look = use_look()
    return ft.TextButton(
        content=_inside(
            label,
            _icon(icon, look.icon(20), look.palette.primary),
            look.scale,
            look.palette.primary,
        ),
        style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=8)),
        # Large words take two lines, as high as they need.
        height=None if look.large_text else max(TARGET, TARGET * look.scale * 0.8),
        on_click=_handler(action),
    )


def IconAction(icon: ft.IconData, label: str, action: Action | Handler) -> ft.Control:
    """An icon-only button; `label` is its name for a screen reader."""
    return ft.IconButton(
        icon=ft.Icon(icon, semantics_label=label),
        tooltip=label,
        width=TARGET,
        height=TARGET,
        on_click=_handler(action),
    )


def _height(height: int, look: Look) -> float | None:
    """The button's height; its own two lines decide when text is large."""
    return None if look.large_text else max(height, height * look.scale * 0.85)


def _handler(action: Action | Handler) -> Any:
    return action.run if isinstance(action, Action) else action


def _icon(icon: ft.IconData | None, size: float, color: str | None = None) -> list[ft.Control]:
    return [ft.Icon(icon, size=size, color=color)] if icon is not None else []


def _inside(
    label: str,
    leading: list[ft.Control],
    scale: float,
    color: str | None = None,
    second_line: str = "",
) -> ft.Control:
    words: ft.Control = ft.Text(
        label, style=style("label_large", scale, color), text_align=ft.TextAlign.CENTER, max_lines=2
    )
    if second_line:
        below = ft.Text(second_line, style=style("label_medium", scale, color))
        words = ft.Column(
            [words, below],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
    return ft.Row(
        [*leading, ft.Container(words, expand_loose=True, expand=True)],
        spacing=10,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
    )


def _filled(palette: Palette) -> ft.ButtonStyle:
    filled = _shape()
    filled.bgcolor = {
        ft.ControlState.DISABLED: palette.surface_container_highest,
        ft.ControlState.DEFAULT: palette.primary,
    }
    filled.color = {
        ft.ControlState.DISABLED: palette.on_surface_variant,
        ft.ControlState.DEFAULT: palette.on_primary,
    }
    return filled


def _shape(side: dict[ft.ControlState, ft.BorderSide] | None = None) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        shape=ft.StadiumBorder(), side=side, padding=ft.Padding.symmetric(horizontal=20, vertical=6)
    )
