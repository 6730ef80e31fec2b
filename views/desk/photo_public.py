"""A photo for the public: blur what nobody else should see, look at it, clear it or keep it hidden."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, ngettext
from app.theme import Look
from services.photos import size_of
from services.service_requests import Media
from views.components import (
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.desk.admission import Admitted
from views.desk.box_canvas import BoxCanvas, by_key
from views.desk.box_tools import BoxTools
from views.desk.boxes import Box, Drawing

TALLEST = 460
"""Height of the picture at most, in dp, so that the tools stand beside it on the screen."""
WIDEST = 736


@view
def DeskPhotoView() -> ft.Control:
    """The photo that the address names."""
    parameters = ft.use_route_params()
    service_request_id = unquote(parameters.get("service_request_id", ""))
    media_id = unquote(parameters.get("media_id", ""))
    return Admitted(lambda: keyed(media_id, PhotoScreen, service_request_id, media_id))


@component
def PhotoScreen(service_request_id: str, media_id: str) -> ft.Control:
    """The photo with its tools, on a screen of its own on every width."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> tuple[Media | None, bytes]:
        report = await services.desk.get(service_request_id)
        media = next((one for one in report.request.media if one.media_id == media_id), None)
        data = await services.service_requests.media(media.url) if media is not None else b""
        return media, data

    found = use_resource(fetch, media_id)
    back = paths.desk_report(service_request_id)
    if not isinstance(found, Ready):
        return Screen(_("Photo for the public"), Loaded(found, _nothing), back=back)
    media, data = found.value
    if media is None:
        nothing = EmptyState(ft.Icons.IMAGE_NOT_SUPPORTED_OUTLINED, _("This photo is not here"))
        return Screen(_("Photo for the public"), nothing, back=back)

    def changed() -> None:
        revisions.service_requests += 1

    return Screen(
        _("Photo for the public"),
        Editor(media, data, back, changed),
        back=back,
        subtitle=_("Report {code}").format(code=service_request_id),
    )


@component
def Editor(media: Media, data: bytes, back: str, changed: Any) -> ft.Control:
    """Boxes on the photo, the preview, and the two ways to end."""
    services, look = use_services(), use_look()
    drawing, set_drawing = use_state(Drawing(tuple(Box(*one) for one in media.boxes)))
    preview, set_preview = use_state(False)
    sizing = ft.use_ref(False)
    width, height = fitted(size_of(data), look)

    async def publish() -> None:
        await _save(True)

    async def hide() -> None:
        await _save(False)

    async def _save(cleared: bool) -> None:
        boxes = [(one.x, one.y, one.width, one.height) for one in drawing.boxes]
        await services.desk.set_public(media.media_id, cleared, boxes)
        changed()
        await ft.context.page.push_route(back)

    publishing, hiding = use_action(publish), use_action(hide)

    def pressed(e: Any) -> None:
        if "Shift" in e.key:
            sizing.current = True
        elif not preview:
            set_drawing(by_key(drawing, e.key, bool(sizing.current)))

    def released(e: Any) -> None:
        if "Shift" in e.key:
            sizing.current = False

    said = media.description or _("Photo of the report")
    canvas = BoxCanvas(data, said, drawing, set_drawing, width, height, preview)
    tools = BoxTools(drawing, set_drawing, preview, set_preview)
    edited = ft.KeyboardListener(
        stacked([ft.Row([canvas]), tools], 12),
        on_key_down=pressed,
        on_key_repeat=pressed,
        on_key_up=released,
    )
    failed = publishing.error or hiding.error
    hidden = OutlineButton(
        _("Keep hidden from the public"), hiding, ft.Icons.VISIBILITY_OFF_OUTLINED
    )
    return stacked(
        [
            _state(media),
            Text(_("Cover faces, number plates and doors. Residents' own copy stays whole.")),
            edited,
            *([ErrorPanel(failed)] if failed else []),
            MainButton(_clear_words(drawing), publishing, ft.Icons.PUBLIC_ROUNDED),
            hidden,
            LinkButton(_("Back without changing"), open_path(back)),
        ],
        16,
    )


def fitted(size: tuple[int, int], look: Look) -> tuple[float, float]:
    """The picture's size on the screen in dp: as wide as there is room, and not too tall."""
    rail = 0 if look.compact else 105
    width = min(WIDEST, max(look.width - rail - 2 * look.margin, 200))
    height = width * size[1] / size[0]
    if height > TALLEST:
        return TALLEST * size[0] / size[1], TALLEST
    return width, height


def _clear_words(drawing: Drawing) -> str:
    n = len(drawing.boxes)
    if not n:
        return _("Show to the public as it is")
    return ngettext("Show with {n} box blurred", "Show with {n} boxes blurred", n)


def _state(media: Media) -> ft.Control:
    if media.cleared:
        return Note(_("The public sees this photo now."), tone="primary")
    words = _("Nobody but the resident and officers sees this photo.")
    return Note(words, tone="neutral", icon=ft.Icons.VISIBILITY_OFF_OUTLINED)


def _nothing(_found: object) -> ft.Control:
    return ft.Container(height=0)
