"""The resident's own pictures in the preview: each is seen, with its size, before anybody sends it."""

from collections.abc import Mapping

import flet as ft

from app.hooks import component
from app.text import _, ngettext
from services.diagnostics.pictures import size_of
from views.components import Text, stacked
from views.components.photo import PhotoFrame
from views.components.waiting_words import show_size

SIDE = 96


@component
def OwnPhotos(photos: Mapping[str, bytes], on: bool) -> ft.Control:
    """The pictures with their sizes, and what it means to send them."""
    count = len(photos)
    words = ngettext("{n} photo as it is.", "{n} photos as they are.", count)
    told = words + " " + _("Whoever opens the bundle sees what is on them.")
    frames = [_picture(number, jpeg, count) for number, jpeg in enumerate(photos.values(), 1)]
    return stacked(
        [
            Text(told if on else _("Off, is not sent."), "body" if on else "supporting"),
            ft.Row(frames, wrap=True, spacing=12, run_spacing=12),
        ],
        8,
    )


def _picture(number: int, jpeg: bytes, count: int) -> ft.Control:
    width, height = size_of(jpeg)
    size = f"{width} × {height} · {show_size(len(jpeg))}"
    spoken = _("Your photo {n} of {total}, {size}").format(n=number, total=count, size=size)
    return ft.Column(
        [PhotoFrame(jpeg, spoken, SIDE, SIDE), Text(size, "supporting")], spacing=4, tight=True
    )
