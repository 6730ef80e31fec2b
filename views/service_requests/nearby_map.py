"""Reports around a place on a map: one mark a spot, with its state; the list says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flet as ft
import flet_map as fm

from app.hooks import component, use_look, use_services, use_session
from app.text import _, ngettext
from app.theme import Look, style
from services.service_requests import Nearby, ServiceRequest
from services.wards import Ward
from views.components import Tappable, shown_status, title_of
from views.service_requests.place_map import Pin

HEIGHT, DESKTOP_HEIGHT = 420, 480
MARK = 48
ZOOMS = {500: 15.5, 1000: 14.5, 3000: 13.0}
METRES_ALIKE = 4
"""Digits of a degree within which reports share a mark: about 11 m."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Reports at one place, in the order of the list."""

    lat: float
    long: float
    requests: tuple[ServiceRequest, ...]


def spots_of(found: Sequence[Nearby]) -> list[Spot]:
    """Reports by place; one without coordinates is in the list only."""
    spots: dict[tuple[float, float], list[ServiceRequest]] = {}
    for one in found:
        request = one.request
        if request.lat is not None and request.long is not None:
            place = (round(request.lat, METRES_ALIKE), round(request.long, METRES_ALIKE))
            spots.setdefault(place, []).append(request)
    return [Spot(lat, long, tuple(requests)) for (lat, long), requests in spots.items()]


@component
def NearbyMap(
    center: Pin,
    radius: int,
    found: tuple[Nearby, ...],
    choose: Callable[[tuple[ServiceRequest, ...]], None],
) -> ft.Control:
    """The circle that was searched, the place in its middle, and the marks, which can be pressed."""
    services, session, look = use_services(), use_session(), use_look()
    now, tiles = services.clock.now(), session.offer.tiles
    near = [one.ward for one in services.wards.nearest(center.lat, center.long, 6)]
    layers: list[fm.MapLayer] = [fm.TileLayer(url_template=tiles)] if tiles else []
    layers.append(fm.CircleLayer(circles=[_circle(center, radius, look)]))
    marks = [] if tiles else [_name(ward, look) for ward in near]
    marks += [_middle(center, look)]
    marks += [_mark(spot, now, look, choose) for spot in spots_of(found)]
    layers.append(fm.MarkerLayer(markers=marks))
    drawn = fm.Map(
        layers=layers,
        initial_center=fm.MapLatitudeLongitude(center.lat, center.long),
        initial_zoom=ZOOMS.get(radius, 14.0),
        min_zoom=9,
        max_zoom=18,
        bgcolor=look.palette.surface_container,
        expand=True,
        key=f"{center.lat} {center.long} {radius}",
    )
    words = ngettext("Map with {n} report", "Map with {n} reports", len(found))
    return ft.Container(
        ft.Semantics(label=words, container=True, content=drawn),
        height=HEIGHT if look.compact else DESKTOP_HEIGHT,
        border_radius=16,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        border=ft.Border.all(1, look.palette.outline_variant),
    )


def _mark(
    spot: Spot,
    now: datetime,
    look: Look,
    choose: Callable[[tuple[ServiceRequest, ...]], None],
) -> fm.Marker:
    status = shown_status(spot.requests[0], now)
    palette = look.palette
    tone = "on_surface_variant" if status.tone == "neutral" else status.tone
    several = len(spot.requests) > 1
    ink = palette.surface_container_low
    inside: ft.Control = (
        ft.Text(str(len(spot.requests)), style=style("label_large", 1, ink))
        if several
        else ft.Icon(status.icon, size=20, color=ink)
    )
    said = f"{status.word}: {title_of(spot.requests[0])}"
    if several:
        said = ngettext("{n} report here", "{n} reports here", len(spot.requests))

    def press(e: Any) -> None:
        choose(spot.requests)

    button = Tappable(
        ft.Semantics(label=said, content=inside),
        press,
        palette,
        radius=MARK / 2,
        padding=0,
        bgcolor=getattr(palette, tone),
        edge=ft.BorderSide(2, ink),
        width=36,
        height=36,
        tooltip=said,
        alignment=ft.Alignment.CENTER,
    )
    return fm.Marker(
        content=ft.Container(button, alignment=ft.Alignment.CENTER),
        coordinates=fm.MapLatitudeLongitude(spot.lat, spot.long),
        width=MARK,
        height=MARK,
    )


def _circle(center: Pin, radius: int, look: Look) -> fm.CircleMarker:
    return fm.CircleMarker(
        radius=radius,
        coordinates=fm.MapLatitudeLongitude(center.lat, center.long),
        use_radius_in_meter=True,
        color=ft.Colors.with_opacity(0.08, look.palette.primary),
        border_color=ft.Colors.with_opacity(0.5, look.palette.primary),
        border_stroke_width=1,
    )


def _middle(center: Pin, look: Look) -> fm.Marker:
    label = _("The place you look around")
    icon = ft.Icon(
        ft.Icons.MY_LOCATION_ROUNDED, size=28, color=look.palette.error, semantics_label=label
    )
    return fm.Marker(
        content=icon,
        coordinates=fm.MapLatitudeLongitude(center.lat, center.long),
        width=28,
        height=28,
    )


def _name(ward: Ward, look: Look) -> fm.Marker:
    words = ft.Text(
        ward.name,
        size=12,
        weight=ft.FontWeight.W_500,
        color=look.palette.on_surface_variant,
        text_align=ft.TextAlign.CENTER,
        max_lines=2,
    )
    return fm.Marker(
        content=words,
        coordinates=fm.MapLatitudeLongitude(ward.lat, ward.long),
        width=120,
        height=32,
    )
