"""The replayed screen in its frame: the watermark over it, and nothing on it that reacts."""

from __future__ import annotations

import flet as ft

from app.hooks import component, use_look
from app.replay.picture import Picture, draw
from app.text import _
from app.theme import Palette, style

STRIP = 44
"""The height in dp of the strip above the screen."""
EDGE = 2
TILT = -0.5
"""Radians by which the watermark is turned."""
EVERY = 300
"""The distance in dp between two watermarks."""


@component
def ReplayedPhone(picture: Picture, width: float, height: float) -> ft.Control:
    """The picture as large as fits into `width` x `height` dp, never larger than it was."""
    look = use_look()
    scale = fitting(picture, width - 2 * EDGE, height - STRIP - 2 * EDGE)
    wide, high = picture.width * scale, picture.height * scale
    screen = ft.Container(
        ft.Stack([draw(picture), watermark(picture, look.palette)]),
        left=0,
        top=0,
        width=picture.width,
        height=picture.height,
        scale=ft.Scale(scale=scale, alignment=ft.Alignment.TOP_LEFT),
    )
    return ft.Semantics(
        label=_("Replayed screen, view only"),
        container=True,
        content=ft.Container(
            ft.Column(
                [_strip(look.palette), ft.Stack([screen], width=wide, height=high)], spacing=0
            ),
            width=wide + 2 * EDGE,
            height=high + STRIP + 2 * EDGE,
            border=ft.Border.all(EDGE, look.palette.lotus),
            border_radius=16,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ),
    )


def fitting(picture: Picture, width: float, height: float) -> float:
    """By how much the picture is made smaller to fit; at least a fifth of it is shown."""
    return max(0.2, min(1.0, width / picture.width, height / picture.height))


def watermark(picture: Picture, palette: Palette) -> ft.Control:
    """REPLAY across every frame, so that a photo of it is never taken for a resident's phone."""
    marks = max(1, int(picture.height // EVERY))
    return ft.Container(
        ft.Column(
            [_mark(palette, picture.width) for _each in range(marks)],
            alignment=ft.MainAxisAlignment.SPACE_EVENLY,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        width=picture.width,
        height=picture.height,
        ignore_interactions=True,
        opacity=0.22,
    )


def _mark(palette: Palette, width: float) -> ft.Control:
    words = ft.Text(
        _("REPLAY"),
        style=ft.TextStyle(size=56, weight=ft.FontWeight.W_700, color=palette.lotus),
        no_wrap=True,
    )
    return ft.Semantics(exclude_semantics=True, content=ft.Container(words, rotate=ft.Rotate(TILT)))


def _strip(palette: Palette) -> ft.Control:
    words = style("label_large", 1.0, palette.on_lotus_container)
    return ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.REPLAY_ROUNDED, size=22, color=palette.on_lotus_container),
                ft.Text(_("REPLAY · view only"), style=words),
            ],
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=10,
        ),
        height=STRIP,
        bgcolor=palette.lotus_container,
    )
