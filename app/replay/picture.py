"""What stood on the replayed screen at one moment, as plain data: packed, kept, and drawn again for staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import flet as ft
import msgpack
from flet.controls.id_counter import ControlId
from flet.messaging.protocol import decode_ext_from_msgpack

from app.replay.mirror import Node, opened, top_view
from app.replay.stage import encode

SHEETS = ("BottomSheet", "CupertinoBottomSheet")
BAR = 80
"""The height in dp of a navigation bar."""
INTERNALS: dict[str, dict[str, Any]] = {
    "Column": {"host_expanded": True},
    "Container": {"skip_properties": ["width", "height", "margin"]},
}
"""What Flet's own classes tell the client of themselves; without it nothing in a column expands."""
LIVING = ("on_", "autofocus", "key", "open")
"""What a picture of a control leaves out: it hears nothing, takes no focus, and is nobody's twin."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen: its address, its size in dp, and everything drawn on it."""

    route: str
    width: float
    height: float
    packed: bytes = field(repr=False)

    @classmethod
    def of(cls, screen: Node) -> Picture:
        """Take the picture of a mirrored screen."""
        dialogs = [*opened(screen.get("_dialogs")), *opened(screen.get("_overlay"))]
        kept = {
            "view": top_view(screen) or {},
            "dialogs": dialogs,
            "theme": screen.get("theme"),
            "dark_theme": screen.get("dark_theme"),
            "theme_mode": screen.get("theme_mode"),
            "dark": screen.get("platform_brightness") == "dark",
        }
        packed: bytes = msgpack.packb(kept, default=encode)
        return cls(str(screen.get("route", "/")), screen["width"], screen["height"], packed)

    def open(self) -> dict[str, Any]:
        """Return `view`, `dialogs`, `theme`, `dark_theme`, `theme_mode` and `dark`."""
        kept: dict[str, Any] = msgpack.unpackb(
            self.packed, ext_hook=decode_ext_from_msgpack, strict_map_key=False
        )
        return kept


def draw(picture: Picture) -> ft.Control:
    """Draw it in its own theme, with nothing on it that reacts: no event of it has a handler."""
    kept = picture.open()
    view = kept["view"]
    layers: list[Any] = [_drawn(_screen(view, picture))]
    layers += [_drawn(_dialog(node)) for node in kept["dialogs"]]
    mode = kept["theme_mode"] or "system"
    dark = mode == "dark" or (mode == "system" and kept["dark"])
    theme = kept["dark_theme"] if dark and kept["dark_theme"] else kept["theme"]
    return ft.Container(
        ft.Stack(layers, width=picture.width, height=picture.height),
        width=picture.width,
        height=picture.height,
        bgcolor=view.get("bgcolor") or ft.Colors.SURFACE,
        theme=theme,
        dark_theme=theme,
        theme_mode=ft.ThemeMode.DARK if dark else ft.ThemeMode.LIGHT,
        ignore_interactions=True,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def _screen(view: Node, picture: Picture) -> Node:
    """A view as a column: what a page draws around its views has no meaning inside a frame."""
    bar = view.get("navigation_bar")
    foot = _made("Container", content=bar, width=picture.width, height=BAR) if bar else None
    parts = [part for part in (view.get("appbar"), _body(view), foot) if part]
    column = _made("Column", controls=parts, spacing=0)
    return _made("Container", content=column, width=picture.width, height=picture.height)


def _body(view: Node) -> Node:
    controls = view.get("controls") or []
    column = _made(
        "Column",
        controls=controls if isinstance(controls, list) else [controls],
        spacing=view.get("spacing", 10),
        horizontal_alignment=view.get("horizontal_alignment", "stretch"),
    )
    return _made("Container", content=column, padding=view.get("padding", 10), expand=True)


def _dialog(node: Node) -> Node:
    """A dialog as a card in the middle, a sheet or a bar at the foot; behind it all a shade."""
    sheet, bar = node["_c"] in SHEETS, node["_c"] == "SnackBar"
    parts = [node.get("title"), node.get("content"), *(node.get("actions") or ())]
    controls = [_made("Text", value=p) if isinstance(p, str) else p for p in parts if p]
    card = _made(
        "Container",
        content=_made("Column", controls=controls, spacing=12, tight=True),
        padding=16 if bar else 24,
        border_radius=16,
        bgcolor="inversesurface" if bar else "surface",
    )
    return _made(
        "Container",
        content=card,
        expand=True,
        padding=0 if sheet else 16,
        alignment={"x": 0, "y": 1} if sheet or bar else {"x": 0, "y": 0},
        bgcolor=None if bar else "#52000000",
    )


def _made(kind: str, **values: Any) -> Node:
    given = {name: value for name, value in values.items() if value is not None}
    return {"_c": kind, "_i": 0, "_internals": INTERNALS.get(kind, {}), **given}


def _drawn(value: Any) -> Any:
    """Copy nodes without what makes them live, each with an identifier of its own."""
    if isinstance(value, list):
        return [_drawn(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "_c" not in value:
        return {name: _drawn(item) for name, item in value.items()}
    kept = {name: _drawn(item) for name, item in value.items() if not name.startswith(LIVING)}
    return {**kept, "_i": ControlId.next()}
