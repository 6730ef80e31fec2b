"""Photos of a report as large as the window allows, with a swipe or the buttons between them."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import Failed, Ready, component, use_look, use_resource, use_services, use_state
from app.text import _, explain
from services.service_requests import Media
from views.components import IconAction, Text, keyed
from views.components.spinner import Spinner

LARGEST = 720
SIDES = 48
"""Width of the window that is kept free beside a photo, in dp."""


def use_gallery(media: tuple[Media, ...]) -> Callable[[int], Any]:
    """Give what opens the photos at a number; closing it is the dialog's own affair."""
    chosen, set_chosen = use_state(-1)
    nothing: Any = None
    pages = ft.use_ref(nothing)

    def close() -> None:
        set_chosen(-1)

    def opener(number: int) -> Any:
        return lambda e: set_chosen(number)

    async def turn(by: int) -> None:
        to = chosen + by
        if 0 <= to < len(media):
            set_chosen(to)
            if pages.current is not None:
                await pages.current.go_to_page(to)

    shown = 0 <= chosen < len(media)
    ft.use_dialog(_dialog(media, chosen, set_chosen, turn, pages, close) if shown else None)
    return opener


def said_of(photo: Media, number: int, total: int) -> str:
    """What a screen reader says of a photo: before or after, and what it shows."""
    shows = photo.description or _("Photo {n} of {total}").format(n=number + 1, total=total)
    if photo.stage == "after":
        return shows if shows.startswith(_("Photo after:")) else f"{_('Photo after:')} {shows}"
    return shows


def _dialog(
    media: tuple[Media, ...],
    chosen: int,
    choose: Callable[[int], None],
    turn: Callable[[int], Any],
    pages: Any,
    close: Callable[[], None],
) -> ft.AlertDialog:
    page = ft.context.page
    side = min(LARGEST, (page.width or 412) - SIDES)

    async def back(e: Any) -> None:
        await turn(-1)

    async def on(e: Any) -> None:
        await turn(1)

    def swiped(e: Any) -> None:
        choose(int(e.data))

    large = [
        keyed(photo.url, LargePhoto, photo, said_of(photo, n, len(media)), side)
        for n, photo in enumerate(media)
    ]
    swipe = ft.PageView(
        large,
        ref=pages,
        selected_index=chosen,
        on_change=swiped,
        width=side,
        height=side,
    )
    counted = _("Photo {n} of {total}").format(n=chosen + 1, total=len(media))
    buttons: list[ft.Control] = []
    if len(media) > 1:
        buttons = [
            IconAction(ft.Icons.ARROW_BACK_ROUNDED, _("Previous photo"), back),
            ft.Semantics(live_region=True, content=Text(counted, "supporting")),
            IconAction(ft.Icons.ARROW_FORWARD_ROUNDED, _("Next photo"), on),
        ]
    return ft.AlertDialog(
        content=ft.Column([swipe, ft.Row(buttons, wrap=True)], spacing=4, tight=True),
        content_padding=12,
        inset_padding=12,
        actions=[ft.TextButton(_("Close"), on_click=close)],
        on_dismiss=close,
    )


@component
def LargePhoto(photo: Media, said: str, side: float) -> ft.Control:
    """One photo, which can be enlarged further with two fingers, over what it shows in words."""
    services, look = use_services(), use_look()

    async def fetch() -> bytes:
        return await services.service_requests.media(photo.url)

    found = use_resource(fetch, photo.url)
    if isinstance(found, Failed):
        return ft.Container(Text(explain(found.error)), padding=24)
    if not isinstance(found, Ready):
        return ft.Container(Spinner(look, 36), alignment=ft.Alignment.CENTER)
    picture = ft.Image(
        src=found.value, fit=ft.BoxFit.CONTAIN, width=side, semantics_label=said, expand=True
    )
    words = [Text(photo.description, "supporting")] if photo.description else []
    return ft.Column(
        [
            ft.Container(ft.InteractiveViewer(picture, min_scale=1, max_scale=5), expand=True),
            *words,
        ],
        spacing=4 * look.scale,
    )
