"""The blur boxes without a pointer: add, choose, move, size, remove, undo, preview."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_look
from app.text import _, ngettext
from views.components import (
    IconAction,
    LinkButton,
    OutlineButton,
    SwitchRow,
    Text,
    stacked,
)
from views.desk.boxes import STEP, Drawing

Change = Callable[[Drawing], None]


@component
def BoxTools(
    drawing: Drawing, change: Change, preview: bool, set_preview: Callable[[bool], None]
) -> ft.Control:
    """Everything that can be dragged on the picture can be pressed here, or done with the keys."""

    def add() -> None:
        change(drawing.add())

    def undo() -> None:
        change(drawing.undo())

    row: list[ft.Control] = [OutlineButton(_("Add a box"), add, ft.Icons.ADD_BOX_OUTLINED)]
    if drawing.before:
        row.append(LinkButton(_("Undo"), undo, ft.Icons.UNDO_ROUNDED))
    parts: list[ft.Control] = [
        SwitchRow(
            _("Preview"),
            _("As the public will see it."),
            preview,
            set_preview,
        )
    ]
    if preview:
        return stacked(parts, 8)
    parts.append(ft.Row(row, wrap=True, spacing=8, vertical_alignment=ft.CrossAxisAlignment.CENTER))
    if not drawing.boxes:
        parts.append(Text(_("Drag on the picture to draw a box."), "supporting"))
    elif drawing.box is None:
        words = ngettext(
            "{n} box. Tap it to change it.", "{n} boxes. Tap one to change it.", len(drawing.boxes)
        )
        parts.append(Text(words, "supporting"))
        parts.append(ft.Row([_Chosen(drawing, change)], wrap=True))
    else:
        parts.append(_Moves(drawing, change))
    return stacked(parts, 8)


@component
def _Chosen(drawing: Drawing, change: Change) -> ft.Control:
    def following() -> None:
        change(drawing.choose(drawing.chosen + 1))

    return LinkButton(_("Choose the next box"), following, ft.Icons.NAVIGATE_NEXT_ROUNDED)


@component
def _Moves(drawing: Drawing, change: Change) -> ft.Control:
    look = use_look()
    icons = ft.Icons
    moves = (
        (icons.ARROW_BACK_ROUNDED, _("Move the box left"), (-STEP, 0.0)),
        (icons.ARROW_FORWARD_ROUNDED, _("Move the box right"), (STEP, 0.0)),
        (icons.ARROW_UPWARD_ROUNDED, _("Move the box up"), (0.0, -STEP)),
        (icons.ARROW_DOWNWARD_ROUNDED, _("Move the box down"), (0.0, STEP)),
    )
    sizes = (
        (icons.KEYBOARD_DOUBLE_ARROW_RIGHT_ROUNDED, _("Make the box wider"), (STEP, 0.0)),
        (icons.KEYBOARD_DOUBLE_ARROW_LEFT_ROUNDED, _("Make the box narrower"), (-STEP, 0.0)),
        (icons.KEYBOARD_DOUBLE_ARROW_DOWN_ROUNDED, _("Make the box taller"), (0.0, STEP)),
        (icons.KEYBOARD_DOUBLE_ARROW_UP_ROUNDED, _("Make the box shorter"), (0.0, -STEP)),
    )

    def mover(icon: ft.IconData, label: str, by: tuple[float, float]) -> ft.Control:
        def move() -> None:
            if drawing.box is not None:
                change(drawing.change(drawing.box.moved(*by)))

        return IconAction(icon, label, move)

    def sizer(icon: ft.IconData, label: str, by: tuple[float, float]) -> ft.Control:
        def size() -> None:
            if drawing.box is not None:
                change(drawing.change(drawing.box.sized(*by)))

        return IconAction(icon, label, size)

    def remove() -> None:
        change(drawing.remove())

    name = _("Box {n} of {total}").format(n=drawing.chosen + 1, total=len(drawing.boxes))
    removal = LinkButton(_("Remove the box"), remove, icons.DELETE_OUTLINE_ROUNDED)
    more = [_Chosen(drawing, change)] if len(drawing.boxes) > 1 else []
    keys = Text(
        _("Keys: arrows move the box, Shift and arrows size it, Delete removes it."), "supporting"
    )
    return stacked(
        [
            ft.Row([Text(name, "label"), removal, *more], wrap=True, spacing=8),
            ft.Row([mover(*one) for one in moves], wrap=True, spacing=8),
            ft.Row([sizer(*one) for one in sizes], wrap=True, spacing=8),
            *([] if look.compact else [keys]),
        ],
        8,
    )
