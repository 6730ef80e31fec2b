"""What the resident sent, and who they are: for officers, whatever is hidden from the public."""

from __future__ import annotations

from typing import Any

import flet as ft

from app import paths
from app.hooks import component, use_device, use_look
from app.text import _
from services.desk_records import DeskReport
from services.service_requests import Media
from views.components import (
    Card,
    Heading,
    LinkButton,
    RemotePhoto,
    Text,
    keyed,
    stacked,
)
from views.desk.answers import Answers
from views.desk.place import PlaceCard

PHOTO = 132


@component
def Reporter(report: DeskReport) -> ft.Control:
    """Name and phone, and whether the public sees the name."""
    device, look = use_device(), use_look()
    reporter, phone = report.reporter, report.reporter.phone

    async def call() -> None:
        await device.open_link(f"tel:{phone}")

    heading = Heading(_("Who reported it"), 2, "title_small")
    if not reporter.name:
        words = _("Sent by another service: {name}").format(name=reporter.submitter)
        return Card(heading, Text(words))
    parts: list[ft.Control] = [heading, Text(reporter.name, "label")]
    if phone:
        parts.append(ft.Row([LinkButton(phone, call, ft.Icons.CALL_OUTLINED)], wrap=True))
    hidden = report.request.hide_name
    icon = ft.Icons.VISIBILITY_OFF_OUTLINED if hidden else ft.Icons.VISIBILITY_OUTLINED
    words = _("Hidden from the public: tell nobody.") if hidden else _("Name not hidden.")
    parts.append(
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(20), color=look.palette.on_surface_variant),
                Text(words, "supporting", expand=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )
    return Card(*parts)


@component
def About(report: DeskReport) -> ft.Control:
    """The words, the photos, the answers to the kind's questions, the place."""
    request = report.request
    parts: list[ft.Control] = [Heading(_("What was sent"), 2, "title_small")]
    if request.description:
        parts.append(_Copyable(request.description))
    photos = [one for one in request.media if one.kind == "photo"]
    parts += [keyed(one.url, PhotoTile, request.service_request_id, one) for one in photos]
    parts += [keyed(one.url, _Paper, one) for one in request.media if one.kind == "document"]
    if request.attributes:
        parts.append(Answers(request))
    return Card(*parts, PlaceCard(request))


def _Copyable(words: str) -> ft.Control:
    style, ink = ft.TextThemeStyle.BODY_LARGE, ft.Colors.ON_SURFACE
    return ft.Text(words, selectable=True, theme_style=style, color=ink)


@component
def PhotoTile(service_request_id: str, media: Media) -> ft.Control:
    """A photo with what it shows and whether the public sees it; opens the blur screen."""
    look = use_look()
    said = media.description or _("Photo of the report")
    after = media.stage == "after"

    async def open_photo() -> None:
        await ft.context.page.push_route(paths.desk_photo(service_request_id, media.media_id))

    icon = ft.Icons.PUBLIC_ROUNDED if media.cleared else ft.Icons.VISIBILITY_OFF_OUTLINED
    state = _("Shown to the public") if media.cleared else _("Hidden from the public")
    mark = ft.Icon(icon, size=look.icon(18), color=look.palette.on_surface_variant)
    label = _("After") if after else _("Before")
    link = LinkButton(_("For the public…"), open_photo, ft.Icons.BLUR_ON_ROUNDED)
    words: list[Any] = [
        Text(label, "small_label"),
        Text(said),
        ft.Row(
            [mark, Text(state, "supporting", expand=True)],
            spacing=6,
        ),
    ]
    picture = RemotePhoto(media.url, said, None, PHOTO, open_photo)
    return stacked([picture, *words, ft.Row([link], wrap=True)], 4)


@component
def _Paper(media: Media) -> ft.Control:
    device = use_device()

    async def open_paper() -> None:
        await device.open_link(media.url)

    words = media.description or _("Document")
    return ft.Row([LinkButton(words, open_paper, ft.Icons.DESCRIPTION_OUTLINED)], wrap=True)
