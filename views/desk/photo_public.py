"""A photo for the public: blur what nobody else should see, look at it, clear it or keep it hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_look,
    use_resource,
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
    stacked,
)
from views.desk.admission import Admitted
from views.desk.box_canvas import BoxCanvas, by_key
from views.desk.box_tools import BoxTools
from views.desk.boxes import Drawing
from views.desk.covering import Opened, use_covering, use_opening

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
    found = use_resource(use_opening(service_request_id, media_id), media_id)
    back = paths.desk_report(service_request_id)
    title, code = _("Photo for the public"), _("Report {code}").format(code=service_request_id)
    if not isinstance(found, Ready):
        return Screen(title, Loaded(found, _nothing), back=back, subtitle=code)
    if found.value.media is None:
        nothing = EmptyState(ft.Icons.IMAGE_NOT_SUPPORTED_OUTLINED, _("This photo is not here"))
        return Screen(title, nothing, back=back, subtitle=code)
    return Screen(title, Editor(found.value.media, found.value, back), back=back, subtitle=code)


@component
def Editor(media: Media, opened: Opened, back: str) -> ft.Control:
    """Boxes on the photo, the preview, and the ways to end."""
    covering = use_covering(media.media_id, opened.covered, back)
    preview, set_preview = use_state(False)
    said = media.description or _("Photo of the report")
    width, height = fitted(size_of(opened.data), use_look())
    drawing, draw = covering.drawing, covering.draw
    canvas = BoxCanvas(opened.data, said, drawing, draw, width, height, preview)
    tools = BoxTools(drawing, draw, preview, set_preview)
    failed = covering.publish.error or covering.hide.error or covering.leave.error
    hide = _("Keep hidden from the public")
    return stacked(
        [
            _state(media),
            Text(_("Cover faces, number plates and doors. Residents' own copy stays whole.")),
            Keys(stacked([ft.Row([canvas]), tools], 12), drawing, draw, preview),
            *([ErrorPanel(failed)] if failed else []),
            MainButton(_clear_words(drawing), covering.publish, ft.Icons.PUBLIC_ROUNDED),
            OutlineButton(hide, covering.hide, ft.Icons.VISIBILITY_OFF_OUTLINED),
            LinkButton(_("Back without changing"), covering.leave),
        ],
        16,
    )


@component
def Keys(
    content: ft.Control, drawing: Drawing, draw: Callable[[Drawing], None], preview: bool
) -> ft.Control:
    """Arrow keys, Shift and Delete for the chosen box, wherever in `content` the focus is."""
    sizing = ft.use_ref(False)

    def pressed(e: Any) -> None:
        if "Shift" in e.key:
            sizing.current = True
        elif not preview:
            draw(by_key(drawing, e.key, bool(sizing.current)))

    def released(e: Any) -> None:
        if "Shift" in e.key:
            sizing.current = False

    return ft.KeyboardListener(
        content, on_key_down=pressed, on_key_repeat=pressed, on_key_up=released
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
