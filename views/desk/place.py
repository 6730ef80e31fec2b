"""Where it is: the address, the ward, and a map where the city has configured tiles."""

from __future__ import annotations

import flet as ft
import flet_map as fm

from app.hooks import component, use_look, use_session
from app.text import _
from services.service_requests import ServiceRequest
from views.components import Text, stacked

HEIGHT = 160
CLOSE = 16.0


@component
def PlaceCard(request: ServiceRequest) -> ft.Control:
    """Address and coordinates, which can be copied; the pin on the map."""
    look, tiles = use_look(), use_session().offer.tiles
    place = ", ".join(part for part in (request.address, request.ward_name) if part)
    ink = look.palette.on_surface_variant
    icon = ft.Icon(ft.Icons.LOCATION_ON_OUTLINED, size=look.icon(22), color=ink)
    line = ft.Row(
        [icon, Text(place or _("No address"), expand=True)],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    if request.lat is None or request.long is None:
        return line
    where = ft.Text(
        f"{request.lat:.6f}, {request.long:.6f}",
        selectable=True,
        theme_style=ft.TextThemeStyle.BODY_MEDIUM,
        color=look.palette.on_surface_variant,
    )
    parts = [line, where]
    return stacked([*parts, *([_map(request, tiles)] if tiles else [])], 4)


def _map(request: ServiceRequest, tiles: str) -> ft.Control:
    at = fm.MapLatitudeLongitude(request.lat or 0.0, request.long or 0.0)
    pin = fm.Marker(
        content=ft.Icon(ft.Icons.LOCATION_ON_ROUNDED, size=48, color=ft.Colors.ERROR),
        coordinates=at,
        width=48,
        height=48,
        alignment=ft.Alignment.TOP_CENTER,
    )
    drawn = fm.Map(
        layers=[fm.TileLayer(url_template=tiles), fm.MarkerLayer(markers=[pin])],
        initial_center=at,
        initial_zoom=CLOSE,
        interaction_configuration=fm.InteractionConfiguration(flags=fm.InteractionFlag.NONE),
        expand=True,
    )
    return ft.Container(
        ft.Semantics(label=_("Map of the place"), container=True, content=drawn),
        height=HEIGHT,
        border_radius=12,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
