"""The photos of a sent report: small in a row, one large on a tap."""

import flet as ft

from app.hooks import component
from services.service_requests import Media
from views.components import RemotePhoto, keyed
from views.service_requests.gallery import said_of, use_gallery


def pictures_of(media: tuple[Media, ...]) -> tuple[Media, ...]:
    """What can be drawn: photos, not documents."""
    return tuple(one for one in media if one.kind == "photo")


@component
def ReportPhotos(
    media: tuple[Media, ...], width: float | None, height: float, most: int = 5
) -> ft.Control:
    """Up to `most` small photos; a tap opens one as large as the window allows."""
    pictures = pictures_of(media)
    open_at = use_gallery(pictures)
    if not pictures:
        return ft.Container(width=0)
    frames = [
        keyed(
            photo.url,
            RemotePhoto,
            photo.thumbnail_url or photo.url,
            said_of(photo, n, len(pictures)),
            width,
            height,
            open_at(n),
        )
        for n, photo in enumerate(pictures[:most])
    ]
    return ft.Row(frames, spacing=8, run_spacing=8, wrap=True, tight=True)
