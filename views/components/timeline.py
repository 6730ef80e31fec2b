"""The timeline of a case: done, now, next; newest last (design guide, section 6)."""

from dataclasses import dataclass

import flet as ft

from app.hooks import component, use_look
from app.theme import Look
from views.components.words import Text


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step; `state` is done, now or next; `below` is drawn under its words, such as photos."""

    title: str
    detail: str
    state: str
    icon: ft.IconData = ft.Icons.CHECK_ROUNDED
    note: str = ""
    below: ft.Control | None = None


@component
def Timeline(steps: tuple[TimelineStep, ...]) -> ft.Control:
    """Dots of 28 on a 2 px line, with title, time and actor, and an officer's note in a box."""
    look = use_look()
    last = len(steps) - 1
    return ft.Column(
        [_row(step, index == last, look) for index, step in enumerate(steps)], spacing=0, tight=True
    )


def _row(step: TimelineStep, last: bool, look: Look) -> ft.Control:
    palette = look.palette
    note = [
        ft.Container(
            Text(step.note), padding=16, border_radius=12, bgcolor=palette.surface_container
        )
    ]
    below = [step.below] if step.below is not None else []
    words = ft.Column(
        [
            Text(step.title, "label"),
            Text(step.detail, "supporting"),
            *(note if step.note else []),
            *below,
        ],
        spacing=4,
        tight=True,
    )
    line = [] if last else [ft.Container(width=2, bgcolor=palette.outline_variant, expand=True)]
    return ft.Row(
        [
            ft.Column(
                [_dot(step, look), *line],
                spacing=4,
                width=28,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            ft.Container(words, expand=True, padding=ft.Padding.only(bottom=0 if last else 20)),
        ],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        intrinsic_height=True,
    )


def _dot(step: TimelineStep, look: Look) -> ft.Control:
    palette = look.palette
    fill, ink, edge = {
        "done": (palette.primary_container, palette.on_primary_container, None),
        "now": (palette.lake, palette.on_lake, None),
        "next": (None, palette.on_surface_variant, ft.Border.all(2, palette.outline)),
    }[step.state]
    icon = ft.Icons.CHECK_ROUNDED if step.state == "done" else step.icon
    return ft.Container(
        ft.Icon(icon, size=18, color=ink),
        width=28,
        height=28,
        border_radius=14,
        bgcolor=fill,
        border=edge,
        alignment=ft.Alignment.CENTER,
    )
