"""The photo with its boxes: drawn and dragged with a pointer, moved and sized with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _
from app.theme import Look, style
from views.desk.boxes import STEP, Box, Drawing, Point, spanned

HANDLE = 24
"""Side of the corner that sizes a box, in dp; a finger may miss it by as much."""
EVERY = 30
"""Milliseconds between two moves of a drag."""

Change = Callable[[Drawing], None]


@dataclass(slots=True)
class Drag:
    """One drag that goes on: where it began, on what, and the box as it was then."""

    start: Point = (0.0, 0.0)
    what: str = ""
    box: Box | None = None


@component
def BoxCanvas(
    photo: bytes,
    description: str,
    drawing: Drawing,
    change: Change,
    width: float,
    height: float,
    preview: bool,
) -> ft.Control:
    """The photo at `width` x `height` dp; with `preview` the boxes are blurred and nothing moves."""
    look = use_look()
    drag, _set = use_state(Drag())
    picture = ft.Image(
        src=photo,
        width=width,
        height=height,
        fit=ft.BoxFit.FILL,
        gapless_playback=True,
        semantics_label=description,
    )

    def started(e: Any) -> None:
        change(begin(drawing, drag, _point(e, width, height), (HANDLE / width, HANDLE / height)))

    def moved(e: Any) -> None:
        change(go_on(drawing, drag, _point(e, width, height)))

    def chosen(e: Any) -> None:
        change(drawing.choose(drawing.at(_point(e, width, height))))

    drawn = [
        _box(box, n, n == drawing.chosen and not preview, width, height, look, preview)
        for n, box in enumerate(drawing.boxes)
    ]
    stack = ft.Stack(
        [picture, *drawn], width=width, height=height, clip_behavior=ft.ClipBehavior.HARD_EDGE
    )
    if preview:
        return stack
    return ft.GestureDetector(
        stack,
        drag_interval=EVERY,
        on_pan_start=started,
        on_pan_update=moved,
        on_tap_down=chosen,
        mouse_cursor=ft.MouseCursor.PRECISE,
    )


def begin(drawing: Drawing, drag: Drag, point: Point, reach: Point) -> Drawing:
    """Take hold of the chosen box's corner, of a box, or of nothing: then a new one is drawn."""
    drag.start = point
    if drawing.box is not None and drawing.box.corner_near(point, reach):
        drag.what, drag.box = "size", drawing.box
        return drawing.remember()
    under = drawing.at(point)
    if under >= 0:
        drag.what, drag.box = "move", drawing.boxes[under]
        return drawing.choose(under).remember()
    drag.what, drag.box = "draw", None
    return drawing.add(spanned(point, point))


def go_on(drawing: Drawing, drag: Drag, point: Point) -> Drawing:
    """The drawing with the drag at a point."""
    right, down = point[0] - drag.start[0], point[1] - drag.start[1]
    if drag.what == "draw":
        return drawing.change(spanned(drag.start, point), remember=False)
    if drag.box is None:
        return drawing
    box = drag.box.moved(right, down) if drag.what == "move" else drag.box.sized(right, down)
    return drawing.change(box, remember=False)


def by_key(drawing: Drawing, key: str, sizing: bool) -> Drawing:
    """The drawing after a key: arrows move the chosen box, or size it; Delete removes it."""
    ways = {
        "Arrow Left": (-STEP, 0.0),
        "Arrow Right": (STEP, 0.0),
        "Arrow Up": (0.0, -STEP),
        "Arrow Down": (0.0, STEP),
    }
    if key in ("Delete", "Backspace"):
        return drawing.remove()
    if drawing.box is None or key not in ways:
        return drawing
    way = ways[key]
    return drawing.change(drawing.box.sized(*way) if sizing else drawing.box.moved(*way))


def _point(e: Any, width: float, height: float) -> Point:
    return (e.local_position.x / width, e.local_position.y / height)


def _box(
    box: Box, number: int, chosen: bool, width: float, height: float, look: Look, preview: bool
) -> ft.Control:
    """One box where it lies on the picture: what it blurs, or its edge with number and corner."""
    drawn = (
        ft.Container(blur=ft.Blur(18, 18), bgcolor=ft.Colors.with_opacity(0.12, "#000000"))
        if preview
        else _edge(number, chosen, look)
    )
    drawn.left, drawn.top = box.x * width, box.y * height
    drawn.width, drawn.height = box.width * width, box.height * height
    return drawn


def _edge(number: int, chosen: bool, look: Look) -> ft.Container:
    palette = look.palette
    label = ft.Container(
        ft.Text(str(number + 1), style=style("label_medium", 1, palette.on_inverse_surface)),
        bgcolor=palette.inverse_surface,
        padding=ft.Padding.symmetric(horizontal=6),
        border_radius=4,
        left=0,
        top=0,
    )
    handle = ft.Container(
        ft.Icon(ft.Icons.OPEN_IN_FULL_ROUNDED, size=14, color=palette.on_primary),
        width=HANDLE,
        height=HANDLE,
        right=0,
        bottom=0,
        bgcolor=palette.primary,
        alignment=ft.Alignment.CENTER,
    )
    # White inside black is seen on any picture.
    inner = ft.Container(
        ft.Stack([label, *([handle] if chosen else [])]),
        border=ft.Border.all(3 if chosen else 1, "#FFFFFF"),
        bgcolor=ft.Colors.with_opacity(0.45, "#000000"),
    )
    name = _("Box {n}").format(n=number + 1)
    return ft.Container(
        ft.Semantics(label=name, selected=chosen, content=inner),
        border=ft.Border.all(2 if chosen else 1, "#000000"),
    )
