"""Rows of a record: an item, a test, a visit; each opens what is behind it."""

import flet as ft
import flet.canvas as cv

from app import paths
from app.hooks import component, use_look
from app.text import _
from app.theme import Look
from services.health_records.items import Immunization, Item, Result, Visit
from services.health_records.trends import Trend
from services.health_records.visits import visit_key
from views.components import Tappable, Text, open_path
from views.health_records.words import (
    interpretation_word,
    mark_of,
    second_line,
    show_fhir_date,
    show_value,
)

Icons = ft.Icons


@component
def ItemRow(item: Item, section: str, patient_id: str | None, waiting: bool = False) -> ft.Control:
    """One line of a section; it opens everything that is known of it. `waiting`: to be corrected."""
    look = use_look()
    below: list[ft.Control] = []
    if words := second_line(item):
        below = [Text(words, "supporting")]
    if waiting:
        below.append(Text(_("Waiting for a correction"), "supporting", look.palette.tertiary))
    lines = ft.Column([Text(item.title, "label"), *below], spacing=2, tight=True, expand=True)
    return _row([*_tile(item, look), lines], address_of(item, section, patient_id), look)


def address_of(item: Item, section: str, patient_id: str | None) -> str:
    """Where an item opens: a visit has a screen of its own."""
    if isinstance(item, Visit):
        return paths.health_visit(visit_key(item), patient_id)
    return paths.health_item(section, item.key, patient_id)


@component
def TrendRow(trend: Trend, patient_id: str | None) -> ft.Control:
    """A test with its newest value and what the laboratory said of it; it opens all its results."""
    look = use_look()
    palette, latest = look.palette, trend.latest
    word, _tone = interpretation_word(latest)
    pieces = (show_value(latest), word.lower(), show_fhir_date(latest.date))
    several = [_("{n} times").format(n=trend.count)] if trend.count > 1 else []
    lines = ft.Column(
        [
            Text(trend.title, "label"),
            Text(" · ".join(p for p in (*pieces, *several) if p), "supporting"),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    fill = palette.primary_container if mark_of(latest) == "in_range" else None
    return _row(
        [_square(Sign(latest), fill, look), lines], paths.health_trend(trend.key, patient_id), look
    )


@component
def Sign(result: Result, size: float = 22) -> ft.Control:
    """A triangle for high (up) or low (down), a tick in range, else a flask."""
    look = use_look()
    palette, size = look.palette, look.icon(size)
    mark = mark_of(result)
    if mark in ("high", "low"):
        tip, foot = (0.12, 0.82) if mark == "high" else (0.88, 0.18)
        corners = [cv.Path.MoveTo(size / 2, size * tip), cv.Path.LineTo(size, size * foot)]
        outline = [*corners, cv.Path.LineTo(0, size * foot), cv.Path.Close()]
        shape = cv.Path(outline, paint=ft.Paint(color=palette.tertiary))
        return cv.Canvas([shape], width=size, height=size)
    icon, color = {
        "abnormal": (Icons.ERROR_OUTLINE_ROUNDED, palette.tertiary),
        "in_range": (Icons.CHECK_CIRCLE_OUTLINE_ROUNDED, palette.primary),
    }.get(mark, (Icons.SCIENCE_OUTLINED, palette.on_surface_variant))
    return ft.Icon(icon, size=size, color=color)


def _tile(item: Item, look: Look) -> list[ft.Control]:
    palette = look.palette
    if isinstance(item, Immunization) and item.status == "due":
        return [
            _square(_icon(Icons.EVENT_ROUNDED, "tertiary", look), palette.tertiary_container, look)
        ]
    icons = {
        "Immunization": Icons.VACCINES_ROUNDED,
        "Encounter": Icons.MEDICAL_SERVICES_ROUNDED,
    }
    icon = icons.get(item.resource_type)
    return [_square(_icon(icon, "primary", look), palette.primary_container, look)] if icon else []


def _icon(icon: ft.IconData, tone: str, look: Look) -> ft.Control:
    return ft.Icon(icon, size=look.icon(22), color=getattr(look.palette, f"on_{tone}_container"))


def _square(sign: ft.Control, fill: str | None, look: Look) -> ft.Control:
    return ft.Container(
        sign,
        width=44,
        height=44,
        border_radius=12,
        bgcolor=fill or look.palette.surface_container_high,
        alignment=ft.Alignment.CENTER,
    )


def _row(parts: list[ft.Control], path: str, look: Look) -> ft.Control:
    palette = look.palette
    chevron = ft.Icon(Icons.CHEVRON_RIGHT_ROUNDED, color=palette.on_surface_variant)
    return Tappable(
        ft.Row([*parts, chevron], spacing=16),
        open_path(path),
        palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
        row=True,
    )
