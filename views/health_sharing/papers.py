"""Health links and health cards that somebody shows, in "Kiểm tra giấy"."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import (
    Failed,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_services,
    use_session,
    use_state,
)
from app.text import _, show_moment
from services.errors import ServiceError
from services.health_sharing.health_cards import is_card
from services.health_sharing.links import HealthLink, is_link, parse_link
from services.health_sharing.receiving import Received, WrongPasscode
from views.components import (
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    TextBox,
    stacked,
)
from views.components.paper_reader import Paper, PaperReader
from views.health_sharing.received import ReceivedRecord

Back = Callable[[], None]


def reads_link(paper: Paper) -> bool:
    """A SMART Health Link, with a viewer's address before it or not."""
    return is_link(paper.text)


def reads_card(paper: Paper) -> bool:
    """A SMART Health Card: its QR code's numbers, its text, or its file."""
    if paper.data:
        return b"verifiableCredential" in paper.data[:1000]
    return is_card(paper.text)


def link_screen(paper: Paper, another: Back) -> ft.Control:
    """Name and passcode, then what the link holds."""
    return LinkScreen(paper.text, another)


def card_screen(paper: Paper, another: Back) -> ft.Control:
    """The checks and what the card says."""
    return CardScreen(paper, another)


HEALTH_LINKS = PaperReader(reads_link, link_screen)
HEALTH_CARDS = PaperReader(reads_card, card_screen, ("smart-health-card",))


@component
def LinkScreen(text: str, another: Back) -> ft.Control:
    """The form until the link is open."""

    async def read() -> HealthLink:
        return parse_link(text)

    link = use_resource(read, text)
    if isinstance(link, Ready):
        return OpenLink(link.value, another)
    return _frame(another, _waiting(link))


@component
def OpenLink(link: HealthLink, another: Back) -> ft.Control:
    """Asks first: opening leaves a name with whoever shares."""
    services, scale = use_services(), use_look().scale
    person = use_session().person
    name, set_name = use_state(person.name if person else "")
    passcode, set_passcode = use_state("")
    nothing: Received | WrongPasscode | None = None
    found, set_found = use_state(nothing)
    tried, set_tried = use_state(False)

    async def open_it() -> None:
        set_tried(True)
        if name.strip():
            set_found(await services.health_papers.open(link, name.strip(), passcode.strip()))

    opening = use_action(open_it)
    if isinstance(found, Received):
        return _frame(another, ReceivedRecord(found))
    missing = _("Please fill this in.") if tried and not name.strip() else ""
    fields = [TextBox(_("Your name"), name, set_name, error=missing, max_length=100, scale=scale)]
    if link.asks_passcode:
        fields.append(TextBox(_("Passcode"), passcode, set_passcode, max_length=20, scale=scale))
    return _frame(
        another,
        Heading(link.label or _("A health record by a link"), 2, "headline_small"),
        Text(_("It lies at {host}. Whoever shares it sees your name.").format(host=link.host)),
        *_ended(link),
        *_wrong(found),
        *([ErrorPanel(opening.error)] if opening.error else []),
        stacked(fields),
        MainButton(_("Open the record"), opening, busy_label=_("Opening…")),
    )


@component
def CardScreen(paper: Paper, another: Back) -> ft.Control:
    """Checked at once; nothing is sent but the question for the issuer's keys."""
    services = use_services()

    async def check() -> Received:
        if paper.data:
            return await services.health_papers.check_file(paper.data)
        return Received((), (await services.health_papers.check(paper.text),))

    found = use_resource(check, paper)
    if isinstance(found, Ready):
        return _frame(another, ReceivedRecord(found.value))
    return _frame(another, _waiting(found))


def _waiting(found: object) -> ft.Control:
    if isinstance(found, Failed):
        error: ServiceError = found.error
        return ErrorPanel(error)
    return Loaded(found, lambda value: ft.Container())  # type: ignore[arg-type]


def _ended(link: HealthLink) -> list[ft.Control]:
    now = use_services().clock.now()
    if link.ends_at is None or link.ends_at > now:
        return []
    words = _("Since {time}.").format(time=show_moment(link.ends_at))
    return [Note(_("The link says that its time is over."), words, "tertiary")]


def _wrong(found: Received | WrongPasscode | None) -> list[ft.Control]:
    if not isinstance(found, WrongPasscode):
        return []
    if not found.remaining:
        words = _("Ask whoever shares for a new one.")
        return [Note(_("The link is locked now."), words, "error", live=True)]
    words = _("Tries left: {n}").format(n=found.remaining)
    return [Note(_("The passcode is wrong."), words, "error", live=True)]


def _frame(another: Back, *content: ft.Control) -> ft.Control:
    again = OutlineButton(_("Check another paper"), another, ft.Icons.QR_CODE_SCANNER_ROUNDED)
    return Screen(_("Document check"), *content, back=paths.ME, close=True, foot=(again,))
