"""The strip on every screen of a persona: as whom the app is open, with which faults, and how to change or end it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from app.hooks import (
    RevisionsContext,
    SessionContext,
    component,
    use_action,
    use_look,
    use_revisions,
    use_session,
    use_state,
)
from app.state import UNRECORDED, Persona, Revisions, Session
from app.text import _
from app.theme import style
from views.components import Heading, LinkButton, MainButton, stacked
from views.support.persona_faults import FaultSwitches, fault_words

SHEET_WIDTH = 560


@component
def PersonaBanner(persona: Persona) -> ft.Control:
    """It is drawn beside the app: what is recorded of the resident's screens tells nothing of it."""
    session, revisions, look = use_session(), use_revisions(), use_look()
    changing, set_changing = use_state(False)

    def change() -> None:
        set_changing(True)

    def done() -> None:
        set_changing(False)

    ft.use_dialog(_sheet(session, revisions, done) if changing else None)
    ending = use_action(persona.end)
    palette = look.palette
    faults = ", ".join(fault_words(persona.faults)) or _("none")
    said = _("Sandbox resident: {name} · faults: {faults}").format(name=persona.name, faults=faults)
    words = ft.Text(said, style=style("label_large", look.scale, palette.on_surface), expand=True)
    buttons: list[ft.Control] = [
        LinkButton(_("Change faults"), change),
        LinkButton(_("Close this resident"), ending),
    ]
    mark = ft.Icon(ft.Icons.THEATER_COMEDY_OUTLINED, size=look.icon(22), color=palette.lotus)
    head = ft.Row([mark, words], spacing=10)
    below = ft.Row(buttons, spacing=4, run_spacing=0, wrap=True)
    stands = look.compact or look.large_text
    if not stands:
        head = ft.Row([mark, words, *buttons], spacing=10)
    lines: list[ft.Control] = [head, below] if stands else [head]
    return ft.Semantics(
        container=True,
        data=UNRECORDED,
        content=ft.Container(
            ft.SafeArea(ft.Column(lines, spacing=0, tight=True), avoid_intrusions_bottom=False),
            bgcolor=palette.surface_container_high,
            padding=ft.Padding.only(left=16, right=8, top=6, bottom=4),
        ),
    )


def _sheet(session: Session, revisions: Revisions, done: Callable[[], None]) -> ft.BottomSheet:
    """The switches over the page; a sheet is not drawn inside the page, so it is given what a page would find."""

    def inside() -> ft.Control:
        return RevisionsContext(revisions, lambda: Switches(done))

    return ft.BottomSheet(
        ft.Container(SessionContext(session, inside), data=UNRECORDED),
        show_drag_handle=True,
        scrollable=True,
        on_dismiss=lambda e: done(),
        data=UNRECORDED,
        bgcolor=session.look.palette.surface_container_low,
    )


@component
def Switches(done: Callable[[], None]) -> ft.Control:
    """What is on now; each switch acts at once."""
    session, look = use_session(), use_look()
    persona = session.persona
    if persona is None:
        return ft.Container()
    inside = ft.Container(
        stacked(
            [
                Heading(_("Faults of this sandbox resident"), 2, "title"),
                FaultSwitches(persona.faults, persona.change),
                MainButton(_("Done"), done),
            ]
        ),
        width=min(look.width, SHEET_WIDTH),
        padding=ft.Padding.only(left=24, right=24, bottom=24),
    )
    return ft.SafeArea(ft.Column([inside], scroll=ft.ScrollMode.AUTO, tight=True))
