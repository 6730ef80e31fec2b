"""Before and after, side by side: the proof that something was mended (picture 07b)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flet as ft

from app.hooks import component, use_device, use_look
from app.text import _, local, show_day_month
from app.theme import style
from services.service_requests import Media, ServiceRequest
from views.components import LinkButton, Note, RemotePhoto, Text, stacked
from views.service_requests.gallery import said_of, use_gallery
from views.service_requests.report_photos import pictures_of

HEIGHT = 150
LARGE_HEIGHT = 220


@dataclass(frozen=True, slots=True)
class Pair:
    """The first photo before and the last one after; either may be missing."""

    before: Media | None
    after: Media | None

    @property
    def photos(self) -> tuple[Media, ...]:
        """Those that are there, in their order."""
        return tuple(one for one in (self.before, self.after) if one is not None)


def pair_of(request: ServiceRequest) -> Pair:
    """The photo pair of a finished report."""
    pictures = pictures_of(request.media)
    before = next((one for one in pictures if one.stage != "after"), None)
    after = next((one for one in reversed(pictures) if one.stage == "after"), None)
    return Pair(before, after)


@component
def PhotoPair(request: ServiceRequest) -> ft.Control:
    """Two equal photos with word and date; a tap shows them large, with a swipe between."""
    look = use_look()
    pair = pair_of(request)
    open_at = use_gallery(pair.photos)
    labels = {"before": request.requested_datetime, "after": request.updated_datetime}
    tiles = [
        _tile(photo, n, len(pair.photos), labels.get(photo.stage), open_at)
        for n, photo in enumerate(pair.photos)
    ]
    parts: list[ft.Control] = []
    if tiles and look.large_text:
        parts += tiles
    elif tiles:
        parts.append(ft.Row([ft.Container(tile, expand=True) for tile in tiles], spacing=8))
    if pair.after is None:
        parts.append(Note(_("The agency has sent no photo after the work.")))
    documents = [one for one in request.media if one.kind == "document"]
    parts += [_Document(one, n + 1) for n, one in enumerate(documents)]
    return stacked(parts, 8)


def _tile(
    photo: Media, number: int, total: int, moment: datetime | None, open_at: Callable[[int], Any]
) -> ft.Control:
    return _Framed(photo, said_of(photo, number, total), moment, open_at(number))


@component
def _Framed(photo: Media, said: str, moment: datetime | None, open_large: Any) -> ft.Control:
    look = use_look()
    height = LARGE_HEIGHT if look.large_text else HEIGHT
    word = _("After") if photo.stage == "after" else _("Before")
    when = f" · {show_day_month(local(moment).date())}" if moment else ""
    ink = look.palette.on_inverse_surface
    label = ft.Container(
        ft.Text(word + when, style=style("label_medium", min(look.scale, 1.5), ink)),
        bgcolor=look.palette.inverse_surface,
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
        left=8,
        top=8,
    )
    picture = RemotePhoto(
        photo.thumbnail_url or photo.url, f"{word}{when}. {said}", float("inf"), height, open_large
    )
    return ft.Stack([ft.Container(picture, left=0, right=0, top=0, bottom=0), label], height=height)


@component
def _Document(document: Media, number: int) -> ft.Control:
    """A paper that proves the work, opened outside the app."""
    device = use_device()

    async def open_paper() -> None:
        await device.open_link(document.url)

    words = document.description or _("Document {n} of the agency").format(n=number)
    return ft.Row([LinkButton(words, open_paper, ft.Icons.DESCRIPTION_OUTLINED)], wrap=True)


@component
def OfficersWords(request: ServiceRequest) -> ft.Control:
    """What was done, in the officer's words, and who did it."""
    look = use_look()
    who = request.agency.name or request.agency_responsible
    if not request.status_notes:
        return ft.Container(height=0)
    return ft.Container(
        stacked([Text(request.status_notes), *([Text(who, "supporting")] if who else [])], 4),
        padding=16,
        border_radius=12,
        bgcolor=look.palette.surface_container,
    )
