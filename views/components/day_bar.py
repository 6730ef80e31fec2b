"""The day bar: one cell per working day, always beside a sentence (design guide, section 6)."""

from datetime import date

import flet as ft

from app.hooks import component, use_look
from app.text import _, show_weekday_short

LONGEST = 15


@component
def DayBar(
    working_days: tuple[date, ...], today: date, tone: str = "lake", labels: bool = False
) -> ft.Control:
    """Working days from the day after sending to the deadline; past ones filled, today half.

    Over fifteen days a plain progress bar stands instead. A thin mark stands for a gap of
    non-working days. A screen reader hears it as one item.
    """
    look = use_look()
    color = getattr(look.palette, tone)
    passed = sum(day < today for day in working_days)
    spoken = _("Day {n} of {total}").format(
        n=min(passed + 1, len(working_days)), total=len(working_days)
    )
    if len(working_days) > LONGEST:
        drawn: ft.Control = ft.ProgressBar(
            value=passed / len(working_days), color=color, bar_height=10, border_radius=5
        )
    else:
        drawn = ft.Row(
            _cells(working_days, today, color, look.palette.outline, labels, look.large_text),
            spacing=6,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Semantics(label=spoken, exclude_semantics=True, content=drawn)


def _cells(
    days: tuple[date, ...], today: date, color: str, outline: str, labels: bool, short: bool
) -> list[ft.Control]:
    drawn: list[ft.Control] = []
    for index, day in enumerate(days):
        if index and (day - days[index - 1]).days > 1:
            drawn.append(ft.Container(width=2, height=14, bgcolor=outline))
        cell = _cell(day, today, color, outline)
        name = (_("Now") if short else _("Today")) if day == today else show_weekday_short(day)
        under = (
            [ft.Text(name, theme_style=ft.TextThemeStyle.LABEL_MEDIUM, no_wrap=True)]
            if labels
            else []
        )
        drawn.append(
            ft.Column(
                [cell, *under],
                expand=True,
                spacing=4,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    return drawn


def _cell(day: date, today: date, color: str, outline: str) -> ft.Control:
    past = day < today
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
        gradient=half if day == today else None,
        border=ft.Border.all(1, color if day <= today else outline),
    )
