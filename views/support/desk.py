"""The support desk: a bundle is opened by its code and for a purpose; below, what waits for an answer."""

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
    use_session,
    use_state,
    view,
)
from app.text import Status, _, local, ngettext, show_moment
from services.support_cases import Case
from views.components import (
    Card,
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    NavigationRow,
    Note,
    Screen,
    Segments,
    StatusChip,
    Text,
    TextBox,
    keyed,
    open_path,
    stacked,
)
from views.components.waiting_words import show_size
from views.support.admission import AGENT, SUPERVISOR, Admitted
from views.support.log import LogScreen
from views.support.words import day_of, purposes

Icons = ft.Icons
LONGEST_CODE = 20


@view
def SupportDeskView() -> ft.Control:
    """Agents open and answer; for a supervisor this is the log of it."""
    person = use_session().person
    if person is not None and SUPERVISOR in person.roles and AGENT not in person.roles:
        return LogScreen(paths.ME)
    return Admitted(AGENT, Desk)


@component
def Desk() -> ft.Control:
    """The form, then the list; a card of the list writes its code into the form."""
    code, set_code = use_state("")
    purpose, set_purpose = use_state("")
    state, set_state = use_state("open")
    services, revisions = use_services(), use_revisions()

    async def fetch() -> list[Case]:
        return await services.support_desk.cases(state)

    found = use_resource(fetch, state, revisions.support)
    states = (("open", _("Still open")), ("closed", _("Settled")))
    return Screen(
        _("Support desk"),
        OpeningForm(code, set_code, purpose, set_purpose),
        *([_personas()] if use_session().offer.sandbox else []),
        Heading(_("Bundles residents sent")),
        Segments(states, state, set_state),
        Loaded(found, lambda cases: CaseList(cases, set_code)),
        back=paths.ME,
    )


def _personas() -> ft.Control:
    """The way to reproduce without a bundle, in the sandbox."""
    return CardList(
        NavigationRow(
            Icons.THEATER_COMEDY_OUTLINED,
            _("Open as a sandbox resident"),
            _("With server faults switched on, without a bundle"),
            open_path(paths.PERSONAS),
        )
    )


@component
def OpeningForm(
    code: str, set_code: Callable[[str], None], purpose: str, set_purpose: Callable[[str], None]
) -> ft.Control:
    """Without a code and a purpose nothing opens."""
    services, look = use_services(), use_look()
    tried, set_tried = use_state(False)

    async def open_it() -> None:
        set_tried(True)
        if not code.strip() or not purpose:
            return
        case = await services.support_desk.open(code, purpose)
        await ft.context.page.push_route(paths.opened_bundle(case.opening_id))

    opening = use_action(open_it)
    missing = _("Type the code the resident reads to you.")
    parts: list[ft.Control] = [
        Heading(_("Open a bundle")),
        TextBox(
            _("Support code"),
            code,
            set_code,
            help_text=_("Such as HT-4K7P-29; dashes and capitals do not matter."),
            error=missing if tried and not code.strip() else "",
            max_length=LONGEST_CODE,
            scale=look.scale,
        ),
        Heading(_("What for?"), 3, "label"),
        ChoiceChips(purposes(), purpose, set_purpose),
    ]
    if tried and not purpose:
        parts.append(Note(_("Choose what you open it for."), tone="error", live=True))
    parts.append(
        Note(
            _("This is logged."),
            _("The resident gets a message with your name and the purpose."),
            icon=Icons.VISIBILITY_OUTLINED,
        )
    )
    parts += [ErrorPanel(opening.error)] if opening.error else []
    parts.append(MainButton(_("Open the bundle"), opening, Icons.FOLDER_OPEN_ROUNDED))
    return stacked(parts)


def CaseList(cases: list[Case], choose: Callable[[str], None]) -> ft.Control:
    """The longest unanswered first."""
    if not cases:
        return Text(_("Nothing here."), "supporting")
    return stacked([keyed(case.code, DeskCard, case, choose) for case in cases])


@component
def DeskCard(case: Case, choose: Callable[[str], None]) -> ft.Control:
    """Code, deadline, and what the file says of itself; never whose it is nor what they wrote."""
    now = use_services().clock.now()

    def take() -> None:
        choose(case.code)

    manifest = case.manifest
    items = manifest.get("items")
    count = len(items) if isinstance(items, list) else 0
    about = [str(manifest.get("app_version") or ""), str(manifest.get("platform") or "")]
    held = [ngettext("{n} item", "{n} items", count), show_size(case.size)] if count else []
    sent = _("Sent {time}").format(time=show_moment(case.created)) if case.created else ""
    parts = [" · ".join(part for part in (*about, *held) if part), sent, _kept_words(case)]
    return Card(
        StatusChip(desk_status(case, now)),
        Text(case.code, "title_small"),
        *[Text(part, "supporting") for part in parts if part],
        on_click=take,
        label=_("Write this code above"),
    )


def _kept_words(case: Case) -> str:
    if case.bundle == "kept":
        return _("Deletes itself on {day}").format(day=day_of(case.expires))
    if case.bundle == "deleted":
        return _("The resident deleted the file.")
    return _("The file’s time is over. It was deleted.")


def desk_status(case: Case, now: datetime) -> Status:
    """Whose turn it is, seen from the desk: lotus is ours."""
    if case.state == "closed":
        return Status(_("Settled"), "neutral", Icons.TASK_ALT_ROUNDED)
    if case.awaits == "resident":
        return Status(_("Waiting for the resident"), "tertiary", Icons.SCHEDULE_ROUNDED)
    if case.answer_by is not None and now > case.answer_by:
        return Status(_("Overdue"), "error", Icons.ALARM_ROUNDED)
    if case.handed_over:
        return Status(_("With the engineers"), "lake", Icons.CONSTRUCTION_ROUNDED)
    if case.answer_by is None:
        return Status(_("Answer"), "lotus", Icons.EDIT_NOTE_ROUNDED)
    due = local(case.answer_by)
    words = _("Answer by {when}").format(when=f"{due:%H:%M %d/%m}")
    return Status(words, "lotus", Icons.EDIT_NOTE_ROUNDED)
