"""Taking a bundle back: asked once, done at once."""

from typing import Any

import flet as ft

from app.hooks import (
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _
from app.theme import style
from services.support_cases import Case
from views.components import ErrorPanel, LinkButton, Note, OutlineButton, stacked
from views.support.words import bundle_words


@component
def DeleteBundle(case: Case) -> ft.Control:
    """`Xóa gói này ngay`, then the question; or that it is gone."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    asking, set_asking = use_state(False)

    async def delete() -> None:
        await services.support.delete_bundle(case.code)
        set_asking(False)
        revisions.support += 1

    deleting = use_action(delete)
    if case.bundle != "kept":
        return Note(bundle_words(case), icon=ft.Icons.DELETE_OUTLINE_ROUNDED)
    if asking:
        return _question(deleting, set_asking)
    red = look.palette.error

    def ask(e: Any) -> None:
        set_asking(True)

    inside = ft.Row(
        [
            ft.Icon(ft.Icons.DELETE_OUTLINE_ROUNDED, size=look.icon(22), color=red),
            ft.Text(_("Delete this bundle now"), style=style("label_large", look.scale, red)),
        ],
        spacing=10,
        tight=True,
    )
    button = ft.TextButton(content=inside, on_click=ask, height=max(48, 48 * look.scale * 0.85))
    return ft.Container(button, alignment=ft.Alignment.CENTER_LEFT)


def _question(deleting: Any, set_asking: Any) -> ft.Control:
    words = _("The file is deleted at once and cannot be brought back. The messages stay.")

    def keep(e: Any) -> None:
        set_asking(False)

    return stacked(
        [
            Note(_("Delete the bundle?"), words, "error", live=True),
            OutlineButton(_("Delete it"), deleting, ft.Icons.DELETE_OUTLINE_ROUNDED, danger=True),
            LinkButton(_("Keep it"), keep),
            *([ErrorPanel(deleting.error)] if deleting.error else []),
        ]
    )
