"""The map of a place: the pin and the nearest wards' points, on tiles where some are configured.

Without tiles nothing is drawn that we do not know: no streets, only the wards' points by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import flet as ft
import flet_map as fm

from app.hooks import component, use_look
from app.text import _
from app.theme import Look
from services.wards import Ward, distance

HEIGHT = 240
CLOSE, NEAR, FAR = 16.0, 14.0, 13.0
"""Scales: around a pin on tiles, around a pin without, and of a part of the city."""
COVERED_METRES = 500
METRES_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on the map in WGS 84 degrees; `accuracy` is a radius in metres, 0 when unknown."""

    lat: float
    long: float
    accuracy: float = 0.0

    def moved(self, north: float, east: float) -> "Pin":
        """The same pin, moved by metres."""
        lat = self.lat + north / METRES_A_DEGREE
        long = self.long + east / (METRES_A_DEGREE * cos(radians(self.lat)))
        return Pin(round(lat, 6), round(long, 6))


@component
def PlaceMap(
    pin: Pin | None,
    center: Pin,
    wards: tuple[Ward, ...],
    on_place: Callable[[Pin], None] | None,
    tile_url: str | None = None,
    *,
    height: float = HEIGHT,
    rounded: bool = False,
    numbered: tuple[Pin, ...] = (),
) -> ft.Control:
    """A map to tap on; `on_place` hears where. None makes it a picture of the place.

    `numbered` are other places, marked 1, 2, … in their order.
    """
    look = use_look()
    no_map: Any = None
    the_map = ft.use_ref(no_map)
    shown = pin or center

    def tapped(e: Any) -> None:
        if on_place is not None:
            on_place(Pin(round(e.coordinates.latitude, 6), round(e.coordinates.longitude, 6)))

    async def follow() -> None:
        if the_map.current is not None and pin is not None:
            await the_map.current.move_to(_at(pin), zoom=CLOSE if tile_url else NEAR)

    ft.use_effect(follow, [pin], cleanup=lambda: None)
    drawn = fm.Map(
        ref=the_map,
        layers=_layers(pin, wards, tile_url, numbered, look),
        initial_center=_at(shown),
        initial_zoom=(CLOSE if tile_url else NEAR) if pin else FAR,
        min_zoom=9,
        max_zoom=18,
        bgcolor=look.palette.surface_container,
        interaction_configuration=fm.InteractionConfiguration(flags=_flags(on_place is not None)),
        on_tap=tapped if on_place is not None else None,
        expand=True,
    )
    label = _("Map. Tap to put the pin on the place.") if on_place else _("Map of the place")
    return ft.Container(
        ft.Semantics(label=label, container=True, content=drawn),
        height=height,
        border_radius=16 if rounded else 0,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        border=ft.Border.all(1, look.palette.outline_variant) if rounded else None,
    )


def _flags(interactive: bool) -> fm.InteractionFlag:
    if not interactive:
        return fm.InteractionFlag.NONE
    flag = fm.InteractionFlag
    return flag.DRAG | flag.PINCH_MOVE | flag.PINCH_ZOOM | flag.DOUBLE_TAP_ZOOM


def _layers(
    pin: Pin | None,
    wards: tuple[Ward, ...],
    tile_url: str | None,
    numbered: tuple[Pin, ...],
    look: Look,
) -> list[fm.MapLayer]:
    layers: list[fm.MapLayer] = []
    if tile_url:
        layers.append(fm.TileLayer(url_template=tile_url))
    if pin is not None:
        layers.append(fm.CircleLayer(circles=[_around(pin, look)]))
    named = () if tile_url else tuple(ward for ward in wards if not _under(pin, ward))
    marks = [_ward_mark(ward, look) for ward in named]
    pins = [_pin_mark(pin, look)] if pin is not None else []
    others = [_number_mark(n, one, look) for n, one in enumerate(numbered, start=1)]
    layers.append(fm.MarkerLayer(markers=[*marks, *others, *pins]))
    return layers


def _under(pin: Pin | None, ward: Ward) -> bool:
    """Whether the pin would cover the name."""
    return pin is not None and distance(pin.lat, pin.long, ward.lat, ward.long) < COVERED_METRES


def _at(pin: Pin) -> fm.MapLatitudeLongitude:
    return fm.MapLatitudeLongitude(pin.lat, pin.long)


def _around(pin: Pin, look: Look) -> fm.CircleMarker:
    return fm.CircleMarker(
        radius=max(pin.accuracy, 40),
        coordinates=_at(pin),
        use_radius_in_meter=True,
        color=ft.Colors.with_opacity(0.18, look.palette.primary),
        border_color=ft.Colors.with_opacity(0.35, look.palette.primary),
        border_stroke_width=1,
    )


def _ward_mark(ward: Ward, look: Look) -> fm.Marker:
    words = ft.Text(
        ward.name,
        size=12,
        weight=ft.FontWeight.W_500,
        color=look.palette.on_surface_variant,
        text_align=ft.TextAlign.CENTER,
        max_lines=2,
    )
    dot = ft.Container(width=8, height=8, border_radius=4, bgcolor=look.palette.outline)
    return fm.Marker(
        content=ft.Column(
            [dot, words],
            spacing=2,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        coordinates=fm.MapLatitudeLongitude(ward.lat, ward.long),
        width=120,
        height=48,
    )


def _pin_mark(pin: Pin, look: Look) -> fm.Marker:
    return fm.Marker(
        content=ft.Icon(ft.Icons.LOCATION_ON_ROUNDED, size=48, color=look.palette.error),
        coordinates=_at(pin),
        width=48,
        height=48,
        alignment=ft.Alignment.TOP_CENTER,
    )


def _number_mark(number: int, pin: Pin, look: Look) -> fm.Marker:
    palette = look.palette
    words = ft.Text(str(number), size=14, weight=ft.FontWeight.W_700, color=palette.on_lake)
    dot = ft.Container(
        words,
        width=28,
        height=28,
        border_radius=14,
        bgcolor=palette.lake,
        border=ft.Border.all(2, palette.on_lake),
        alignment=ft.Alignment.CENTER,
    )
    return fm.Marker(content=dot, coordinates=_at(pin), width=28, height=28)
