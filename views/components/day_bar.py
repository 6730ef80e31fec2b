"""The day bar: one cell per working day, always beside a sentence (design guide, section 6)."""

from datetime import date

import flet as ft

from app.hooks import component, use_look
from app.text import _, show_weekday_short
from app.theme import Look, style

LONGEST = 15


@component
def DayBar(
    working_days: tuple[date, ...],
    today: date,
    tone: str = "lake",
    *,
    labels: bool = False,
    running: bool = True,
) -> ft.Control:
    """Working days from the day after sending to the deadline; past ones filled, today half.

    Where time has stopped (`running` False), `today` is the day after it did, and no cell is half.
    Over fifteen days a plain progress bar stands instead. A thin mark stands for a gap of
    non-working days. A screen reader hears it as one item.
    """
    look = use_look()
    color = getattr(look.palette, tone)
    passed, total = sum(day < today for day in working_days), len(working_days)
    begun = passed + (running and today in working_days)
    spoken = _("Day {n} of {total}").format(n=begun, total=total)
    if total > LONGEST:
        drawn: ft.Control = ft.ProgressBar(
            value=passed / total, color=color, bar_height=10, border_radius=5
        )
    else:
        half_way = today if running else None
        drawn = ft.Row(
            _cells(working_days, passed, half_way, color, look, labels),
            spacing=6,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Semantics(label=spoken, exclude_semantics=True, content=drawn)


def _cells(
    days: tuple[date, ...], passed: int, today: date | None, color: str, look: Look, labels: bool
) -> list[ft.Control]:
    drawn: list[ft.Control] = []
    for index, day in enumerate(days):
        if index and (day - days[index - 1]).days > 1:
            drawn.append(ft.Container(width=2, height=14, bgcolor=look.palette.outline))
        cell = _cell(index < passed, day == today, color, look.palette.outline)
        drawn.append(
            ft.Column(
                [cell, *([_label(day, day == today, look)] if labels else [])],
                expand=True,
                spacing=4,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    return drawn


def _label(day: date, is_today: bool, look: Look) -> ft.Control:
    palette = look.palette
    name = show_weekday_short(day)
    if is_today:
        name = _("Now") if look.large_text else _("Today")
    words = style(
        "label_medium", look.scale, palette.on_surface if is_today else palette.on_surface_variant
    )
    words.weight = ft.FontWeight.W_600 if is_today else words.weight
    return ft.Text(name, style=words, no_wrap=True)


def _cell(past: bool, is_today: bool, color: str, outline: str) -> ft.Control:
    half = ft.LinearGradient(
        begin=ft.Alignment.CENTER_LEFT,
        end=ft.Alignment.CENTER_RIGHT,
        colors=[color, color, ft.Colors.TRANSPARENT, ft.Colors.TRANSPARENT],
        stops=[0, 0.5, 0.5, 1],
    )
    return ft.Container(
        height=10,
        border_radius=5,
        bgcolor=color if past else None,
        gradient=half if is_today else None,
        border=ft.Border.all(1, color if past or is_today else outline),
    )
