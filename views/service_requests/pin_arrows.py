"""Moves the pin without a pointer: four buttons and the arrow keys, by a step of three sizes."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import component, use_state
from app.text import _
from views.components import ChoiceChips, IconAction, Text, stacked
from views.service_requests.place_map import Pin

STEPS = (5, 20, 100)
"""Metres: a house door, a house, a block."""
NORTH, SOUTH, WEST, EAST = (1, 0), (-1, 0), (0, -1), (0, 1)
KEYS = {"ArrowUp": NORTH, "ArrowDown": SOUTH, "ArrowLeft": WEST, "ArrowRight": EAST}


@component
def PinArrows(pin: Pin, on_place: Callable[[Pin], None]) -> ft.Control:
    """Four named buttons; while one of them has the focus the arrow keys do the same."""
    chosen, set_chosen = use_state("20")
    ways = (
        (ft.Icons.ARROW_UPWARD_ROUNDED, _("Move the pin north"), NORTH),
        (ft.Icons.ARROW_DOWNWARD_ROUNDED, _("Move the pin south"), SOUTH),
        (ft.Icons.ARROW_BACK_ROUNDED, _("Move the pin west"), WEST),
        (ft.Icons.ARROW_FORWARD_ROUNDED, _("Move the pin east"), EAST),
    )

    def move(way: tuple[int, int]) -> None:
        step = int(chosen)
        on_place(pin.moved(way[0] * step, way[1] * step))

    def pressed(e: Any) -> None:
        way = KEYS.get(str(e.key).replace(" ", ""))
        if way is not None:
            move(way)

    def arrow(icon: ft.IconData, label: str, way: tuple[int, int]) -> ft.Control:
        return IconAction(icon, label, lambda: move(way))

    buttons = ft.Row([arrow(*way) for way in ways], spacing=8, tight=True)
    sizes = ChoiceChips(tuple((str(n), _("{n} m").format(n=n)) for n in STEPS), chosen, set_chosen)
    row = ft.Row(
        [ft.KeyboardListener(buttons, on_key_down=pressed, on_key_repeat=pressed), sizes],
        wrap=True,
        spacing=16,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return stacked([Text(_("Move the pin, each time by:"), "supporting"), row], 4)
