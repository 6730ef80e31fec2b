"""One act on one report, from its form to its answer: what is missing, what it tells, what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.hooks import (
    Action,
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, explain_field, show_time
from services.desk_records import DeskOverview, DeskReport
from services.errors import Rejected
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    Text,
    stacked,
)
from views.desk.drafting import ActDraft, ActDrafting, Drafts, use_act_drafting
from views.desk.sending import missing, send
from views.desk.telling import telling
from views.desk.words import act_of, log_words


@dataclass(frozen=True, slots=True)
class Desk:
    """What every form needs: the report as it is shown, the agency's lists, the kept forms."""

    report: DeskReport
    overview: DeskOverview
    drafts: Drafts


@dataclass(frozen=True, slots=True)
class Acting:
    """An act's form at work. `wrong` are sentences by field; `later` says that the report moved on."""

    act: str
    desk: Desk
    drafting: ActDrafting
    sending: Action
    wrong: dict[str, str]
    later: bool
    cancel: Callable[[], None]

    @property
    def possible(self) -> bool:
        """Whether the act may still be done."""
        return self.act in self.desk.report.request.acts


def use_acting(
    act: str, desk: Desk, opened: ActDraft, done: Callable[[str], None], cancel: Callable[[], None]
) -> Acting:
    """Work on an act's form: what is sent carries the revision of the report that is shown."""
    services, revisions = use_services(), use_revisions()
    drafting = use_act_drafting(desk.drafts, act, opened)
    begun, _set_begun = use_state(desk.report.request.revision)
    tried, set_tried = use_state(False)
    request = desk.report.request

    async def perform() -> None:
        set_tried(True)
        draft = drafting.slate.latest
        if missing(act, draft):
            return
        await send(services.desk, act, request, draft)
        # Nothing is left to keep: the last write of a left form must not bring it back.
        drafting.slate.kept = drafting.slate.latest
        await desk.drafts.forget(act)
        revisions.service_requests += 1
        done(act)

    sending = use_action(perform)
    stale = isinstance(sending.error, Rejected) and sending.error.code in MOVED_ON

    def look_again() -> None:
        if stale:
            revisions.service_requests += 1

    ft.use_effect(look_again, [stale])
    wrong = missing(act, drafting.draft) if tried else {}
    if isinstance(sending.error, Rejected) and not wrong:
        wrong = {one.field: explain_field(one) for one in sending.error.field_errors}
    later = stale or request.revision != begun
    return Acting(act, desk, drafting, sending, wrong, later, cancel)


MOVED_ON = ("changed_meanwhile", "transition_not_allowed")
"""What the gateway answers to an act on a report that is no longer as it was shown."""


@component
def ActFrame(acting: Acting, *fields: ft.Control, danger: str = "") -> ft.Control:
    """Heading, fields, what the resident will be told, the button that does it, and a way out."""
    look = use_look()
    words = act_of(acting.act)
    told = telling(acting.act, acting.desk, acting.drafting.draft)
    parts: list[ft.Control] = [Heading(words.title, 2, "title")]
    if acting.later:
        parts.append(Changed(acting))
    parts += fields
    if danger:
        parts.append(Note(danger, tone="tertiary", icon=ft.Icons.WARNING_AMBER_ROUNDED))
    parts.append(_Told(told))
    if acting.wrong:
        parts.append(Note(_("Something is missing above."), tone="error", live=True))
    error = acting.sending.error
    if error is not None and not (isinstance(error, Rejected) and error.code in MOVED_ON):
        parts.append(ErrorPanel(error))
    if acting.possible:
        parts.append(MainButton(words.send, acting.sending, words.icon))
    parts.append(
        ft.Row([LinkButton(_("Back to the report"), acting.cancel)], wrap=True),
    )
    return ft.Container(
        stacked(parts, 16),
        padding=16,
        border_radius=16,
        bgcolor=look.palette.surface_container_low,
        border=ft.Border.all(2, look.palette.primary),
    )


@component
def Changed(acting: Acting) -> ft.Control:
    """Who changed what since the form was opened; what was typed stays as it is."""
    log = acting.desk.report.log
    kept = _("What you typed is kept.")
    if log:
        last = log[-1]
        when = show_time(last.datetime) if last.datetime else ""
        first = _("{who}: {what}, {time}.").format(
            who=last.name, what=log_words(last.act), time=when
        )
    else:
        first = _("This report was changed meanwhile.")
    if acting.possible:
        return Note(
            first,
            kept + " " + _("Look at the report again, then send."),
            "tertiary",
            ft.Icons.SYNC_PROBLEM_ROUNDED,
            live=True,
        )
    return Note(first, kept + " " + _("This act is no longer possible here."), "error", live=True)


@component
def _Told(told: str) -> ft.Control:
    look = use_look()
    icons = ft.Icons
    icon = icons.MARK_EMAIL_UNREAD_OUTLINED if told else icons.NOTIFICATIONS_OFF_OUTLINED
    head = _("The resident will read:") if told else _("The resident is not told.")
    words = [Text(told)] if told else []
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(24), color=look.palette.on_surface_variant),
                ft.Column([Text(head, "label"), *words], spacing=4, tight=True, expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=16,
        border_radius=12,
        bgcolor=look.palette.surface_container,
    )


def error_of(acting: Acting, field: str) -> str:
    """The sentence of a field that is wrong."""
    return acting.wrong.get(field, "")
