"""The photos of a sent report: small in a row, one large on a tap."""

from typing import Any

import flet as ft

from app.hooks import Failed, Ready, component, use_look, use_resource, use_services, use_state
from app.text import _, explain
from services.service_requests import Media
from views.components import RemotePhoto, Text, keyed

LARGEST = 720


@component
def ReportPhotos(
    media: tuple[Media, ...], width: float | None, height: float, most: int = 5
) -> ft.Control:
    """Up to `most` small photos; a tap opens one as large as the window allows."""
    chosen, set_chosen = use_state(-1)
    picture = use_picture(media[chosen].url if 0 <= chosen < len(media) else "")

    def close() -> None:
        set_chosen(-1)

    def opener(number: int) -> Any:
        return lambda e: set_chosen(number)

    ft.use_dialog(_large(picture, close) if chosen >= 0 else None)
    if not media:
        return ft.Container(width=0)
    frames = [
        keyed(
            photo.url,
            RemotePhoto,
            photo.thumbnail_url or photo.url,
            photo.description or _("Photo {n} of {total}").format(n=n + 1, total=len(media)),
            width,
            height,
            opener(n),
        )
        for n, photo in enumerate(media[:most])
    ]
    return ft.Row(frames, spacing=8, run_spacing=8, wrap=True, tight=True)


def use_picture(url: str) -> ft.Control:
    """The whole photo at a link, or what stands in for it; nothing for an empty link."""
    services, look = use_services(), use_look()

    async def fetch() -> bytes:
        return await services.service_requests.media(url) if url else b""

    photo = use_resource(fetch, url)
    if isinstance(photo, Failed):
        return Text(explain(photo.error))
    if not isinstance(photo, Ready) or not photo.value:
        return ft.ProgressRing()
    side = min(LARGEST, look.width - 48)
    label = _("The photo, large")
    return ft.Image(src=photo.value, fit=ft.BoxFit.CONTAIN, width=side, semantics_label=label)


def _large(picture: ft.Control, close: Any) -> ft.AlertDialog:
    return ft.AlertDialog(
        content=ft.InteractiveViewer(picture, min_scale=1, max_scale=5),
        content_padding=12,
        inset_padding=12,
        actions=[ft.TextButton(_("Close"), on_click=close)],
        on_dismiss=close,
    )
