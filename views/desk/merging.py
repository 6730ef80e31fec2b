"""Which report a duplicate goes into: one of the similar ones nearby, or one by its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import component, use_look, use_resource, use_services
from app.text import _, ngettext
from services.service_requests import Similar
from views.components import (
    Loaded,
    RemotePhoto,
    Tappable,
    Text,
    TextBox,
    keyed,
    stacked,
    title_of,
)
from views.desk.acting import Acting, error_of

PICTURE = 96


@component
def MergeFields(acting: Acting) -> ft.Control:
    """The similar reports, large enough to compare, then a field for a code."""
    services, look = use_services(), use_look()
    request = acting.desk.report.request

    async def fetch() -> list[Similar]:
        if request.lat is None or request.long is None:
            return []
        found = await services.service_requests.similar(
            request.service_code, request.lat, request.long
        )
        return [one for one in found if one.request.service_request_id != _code(acting)]

    similar = use_resource(fetch, request.service_request_id)
    write: Callable[[str], None] = ft.use_callback(
        lambda text: acting.drafting.change(into=text), []
    )
    return stacked(
        [
            Text(_("Similar open reports nearby"), "label"),
            Loaded(similar, lambda found: _Similar(acting, tuple(found))),
            TextBox(
                _("Or the code of the other report"),
                acting.drafting.draft.into,
                write,
                help_text=_("For example: HN-2611-00042"),
                error=error_of(acting, "into"),
                max_length=40,
                scale=look.scale,
            ),
        ],
        12,
    )


@component
def _Similar(acting: Acting, found: tuple[Similar, ...]) -> ft.Control:
    if not found:
        return Text(_("There is none near this place."), "supporting")
    return stacked([keyed(one.request.service_request_id, _Row, acting, one) for one in found], 8)


@component
def _Row(acting: Acting, similar: Similar) -> ft.Control:
    look = use_look()
    request = similar.request
    code = request.service_request_id
    chosen = acting.drafting.draft.into == code

    def pick(e: Any) -> None:
        acting.drafting.change(into=code)

    age = ngettext("{n} day ago", "{n} days ago", similar.age_days)
    far = _("{n} m away").format(n=round(similar.distance_m))
    words = ft.Column(
        [
            Text(title_of(request), "label"),
            Text(f"{far} · {age} · {code}", "supporting"),
            Text(request.description, max_lines=3),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    palette = look.palette
    row = Tappable(
        ft.Row(
            [words, *_picture(similar)],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        pick,
        palette,
        padding=12,
        bgcolor=palette.primary_container if chosen else palette.surface,
        edge=ft.BorderSide(2 if chosen else 1, palette.primary if chosen else palette.outline),
    )
    return ft.Semantics(selected=chosen, content=row)


def _picture(similar: Similar) -> list[ft.Control]:
    media = similar.request.media
    if not media:
        return []
    photo = media[0]
    said = photo.description or _("Photo of the report")
    return [RemotePhoto(photo.thumbnail_url or photo.url, said, PICTURE, PICTURE)]


def _code(acting: Acting) -> str:
    return acting.desk.report.request.service_request_id
