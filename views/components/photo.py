"""Photos: some lie in memory, some have to be fetched with the resident's token first."""

import flet as ft

from app.hooks import Failed, Ready, component, use_look, use_resource, use_services
from views.components.tappable import Handler, Tappable


@component
def RemotePhoto(
    url: str,
    description: str,
    width: float | None = None,
    height: float | None = None,
    on_click: Handler | None = None,
) -> ft.Control:
    """The photo at a link of the gateway, fetched once while it is on the screen."""
    services = use_services()

    async def fetch() -> bytes:
        return await services.service_requests.media(url)

    photo = use_resource(fetch, url)
    if isinstance(photo, Ready):
        return PhotoFrame(photo.value, description, width, height, on_click=on_click)
    icon = ft.Icons.BROKEN_IMAGE_OUTLINED if isinstance(photo, Failed) else None
    return PhotoPlaceholder(icon, width, height)


@component
def PhotoFrame(
    data: bytes,
    description: str,
    width: float | None = None,
    height: float | None = None,
    *,
    on_click: Handler | None = None,
    edge: ft.Border | None = None,
) -> ft.Control:
    """JPEG bytes, cut to the frame, with rounded corners; `description` is read aloud."""
    picture = ft.Image(
        src=data,
        width=width,
        height=height,
        fit=ft.BoxFit.COVER,
        border_radius=12,
        gapless_playback=True,
        exclude_from_semantics=True,
    )
    framed = ft.Container(
        picture, border_radius=14 if edge else 12, border=edge, padding=3 if edge else 0
    )
    if on_click is None:
        return ft.Semantics(label=description, image=True, container=True, content=framed)
    # Inside the button, so that the description is the button's name.
    named = ft.Semantics(label=description, content=framed)
    return Tappable(named, on_click, use_look().palette, radius=14, padding=0)


@component
def PhotoPlaceholder(
    icon: ft.IconData | None = None, width: float | None = None, height: float | None = None
) -> ft.Control:
    """A grey block while a photo is on its way, or with a torn picture when it cannot be had."""
    palette = use_look().palette
    mark = ft.Icon(icon, color=palette.on_surface_variant) if icon is not None else None
    return ft.Container(
        mark,
        width=width,
        height=height,
        border_radius=12,
        bgcolor=palette.surface_container_highest,
        alignment=ft.Alignment.CENTER,
    )
