"""What residents ask of their data, answered by an officer within two working days, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import Status, _, local, ngettext, show_date, show_moment, show_time, show_weekday
from services.privacy import DataRequest
from views.components import (
    Card,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    StatusChip,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.components.data_words import area_word, wish_word
from views.desk.admission import Admitted

FEWEST, MOST = 10, 2000
Icons = ft.Icons


@view
def DeskDataRequestsView() -> ft.Control:
    """For officers; whose a request is they are not shown."""
    return Admitted(Waiting)


@component
def Waiting() -> ft.Control:
    """What waits, due first, and a word for what was just answered."""
    services, revisions = use_services(), use_revisions()
    answered, set_answered = use_state(0)
    found = use_resource(services.privacy.waiting, revisions.privacy)
    done = _("Answered. The resident finds it in the inbox.")

    def said() -> None:
        set_answered(lambda n: n + 1)

    def rows(requests: list[DataRequest]) -> ft.Control:
        if not requests:
            nothing = _("Nothing waits for an answer")
            return EmptyState(Icons.TASK_ALT_ROUNDED, nothing, _("New requests appear here."))
        number = ngettext("{n} request waits", "{n} requests wait", len(requests))
        cards = [keyed(one.request_id, RequestCard, one, said) for one in requests]
        return stacked([Text(number, "label"), *cards], 12)

    return Screen(
        _("Requests about data"),
        Text(_("The law gives 2 working days. You are not shown whose they are.")),
        *([Note(done, tone="primary", live=True)] if answered else []),
        Loaded(found, rows),
        back=paths.ME,
    )


@component
def RequestCard(request: DataRequest, said: Callable[[], None]) -> ft.Control:
    """What is asked about which data, until when, in the resident's words; the answer below."""
    answering, set_answering = use_state(False)
    now = use_services().clock.now()
    asked = show_moment(request.created) if request.created else ""
    below = (
        AnswerForm(request.request_id, lambda: set_answering(False), said)
        if answering
        else OutlineButton(_("Answer"), lambda: set_answering(True), Icons.REPLY_ROUNDED)
    )
    return Card(
        StatusChip(due_status(request.due, now)),
        Text(f"{wish_word(request.kind)} · {area_word(request.area)}", "title_small"),
        Text(request.description),
        Text(" · ".join((_("Asked {moment}").format(moment=asked), due_words(request.due)))),
        below,
    )


@component
def AnswerForm(request_id: str, close: Callable[[], None], said: Callable[[], None]) -> ft.Control:
    """Granted or refused, and why: the resident reads these words."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    state, set_state = use_state("")
    words, set_words = use_state("")
    tried, set_tried = use_state(False)

    async def answer() -> None:
        set_tried(True)
        if not state or len(words.strip()) < FEWEST:
            return
        await services.privacy.answer(request_id, state, words.strip())
        said()
        revisions.privacy += 1

    answering = use_action(answer)
    states = (("granted", _("Do it")), ("refused", _("Refuse")))
    short = tried and len(words.strip()) < FEWEST
    unchosen = [Note(_("Choose what you decided."), tone="error", live=True)]
    return stacked(
        [
            ChoiceChips(states, state, set_state),
            *(unchosen if tried and not state else []),
            TextBox(
                _("What was done, or why not"),
                words,
                set_words,
                help_text=_("The resident reads these words."),
                error=_("Please write a little more.") if short else "",
                lines=3,
                max_length=MOST,
                scale=look.scale,
            ),
            *([ErrorPanel(answering.error)] if answering.error else []),
            MainButton(_("Send the answer"), answering, Icons.SEND_ROUNDED, _("Sending…")),
            LinkButton(_("Not now"), close),
        ],
        12,
    )


def due_status(due: datetime | None, now: datetime) -> Status:
    """Late, due today, or in time."""
    if due is not None and now > due:
        return Status(_("Overdue"), "error", Icons.ALARM_ROUNDED)
    if due is not None and local(due).date() == local(now).date():
        return Status(_("Due today {time}").format(time=show_time(due)), "tertiary", Icons.TIMER)
    return Status(_("Waits for an answer"), "lake", Icons.HOURGLASS_TOP_ROUNDED)


def due_words(due: datetime | None) -> str:
    """`Hạn 17:00, Thứ Hai 19/10/2026`."""
    if due is None:
        return ""
    day = local(due).date()
    return _("Due {time}, {weekday} {date}").format(
        time=show_time(due), weekday=show_weekday(day), date=show_date(day)
    )
