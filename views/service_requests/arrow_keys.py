"""Arrow keys inside the list pane: up and down choose a report and keep the focus on its row."""

from dataclasses import dataclass
from typing import Any

import flet as ft

from app import paths
from app.hooks import use_look

STEPS = {"Arrow Down": 1, "Arrow Up": -1}


@dataclass(frozen=True, slots=True)
class ArrowKeys:
    """The rows' own buttons by report, and who listens to the keys; nothing on a phone."""

    rows: dict[str, ft.Ref[Any]]
    pressed: Any

    def ref_of(self, service_request_id: str) -> ft.Ref[Any] | None:
        """Where a row's button is put."""
        return self.rows.get(service_request_id)

    def listen(self, content: ft.Control) -> ft.Control:
        """The list, with its keys heard where there are two panes."""
        if self.pressed is None:
            return content
        return ft.KeyboardListener(content, on_key_down=self.pressed, on_key_repeat=self.pressed)


def use_arrow_keys(shown: tuple[str, ...], selected: str | None) -> ArrowKeys:
    """Move through the reports in the order that they are shown in."""
    none: dict[str, ft.Ref[Any]] = {}
    rows = ft.use_ref(none)
    assert rows.current is not None
    kept = {one: rows.current.get(one) or ft.Ref[Any]() for one in shown}
    rows.current = kept
    expanded = use_look().expanded

    async def pressed(e: Any) -> None:
        step = STEPS.get(e.key)
        if step is None or not shown:
            return
        beyond = -1 if step > 0 else len(shown)
        at = (shown.index(selected) if selected in shown else beyond) + step
        if not 0 <= at < len(shown):
            return
        chosen = shown[at]
        if chosen != selected:
            await ft.context.page.push_route(paths.service_request(chosen))
        row = kept[chosen].current
        if row is not None:
            await row.focus()

    return ArrowKeys(kept, pressed if expanded else None)
