"""An inspector's screen: a picture of a code or a card's number, and whether the card is good."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_device,
    use_look,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, language, show_date, show_time
from services.card_inspection import Inspected
from services.errors import NotFound, NotPermitted, ServiceError
from services.saved import Saved
from views.cards.inspect_words import reason_name, verdict_words
from views.components import (
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    SummaryRow,
    Text,
    TextBox,
    name_of,
    stacked,
)

REASONS = ("lost", "stolen", "misused")


@view
def InspectView() -> ft.Control:
    """For role support or officer; anybody else is told so."""
    person = use_session().person
    roles = person.roles if person else ()
    if not {"support", "officer"} & set(roles):
        return Screen(_("Inspect a card"), ErrorPanel(NotPermitted()), back=paths.CARDS)
    return Inspecting("support" in roles)


@component
def Inspecting(hotline: bool) -> ft.Control:
    """The two ways in, and below them the last answer."""
    services, device = use_services(), use_device()
    number, set_number = use_state("")
    nothing: Saved[Inspected] | None = None
    found, set_found = use_state(nothing)

    by_picture = ft.use_ref(True)

    async def ask() -> None:
        if by_picture.current:
            picked = await device.pick_photos(1)
            if picked:
                set_found(None)
                set_found(await services.card_inspection.check_picture(picked[0].data))
        elif number.strip():
            set_found(None)
            set_found(Saved(await services.card_inspection.look_up(number)))

    # One action for both ways in: an answer, or an error, is always that of the last one.
    asking = use_action(ask)
    error = asking.error

    async def check_picture() -> None:
        by_picture.current = True
        await asking.run()

    async def look_up() -> None:
        by_picture.current = False
        await asking.run()

    parts: list[ft.Control] = [
        *(_failure(error) if error else _answer(found, hotline, set_found)),
        MainButton(
            _("Take or choose a picture of the code"),
            Action(check_picture, asking.running, error),
            ft.Icons.QR_CODE_SCANNER_ROUNDED,
            busy_label=_("Checking…"),
        ),
        Heading(_("Or type the card's number"), 2, "title_small"),
        NumberBox(number, set_number, look_up),
        Text(_("Each look-up is logged, and the holder can see it."), "supporting"),
    ]
    return Screen(_("Inspect a card"), *parts, back=paths.CARDS)


def _failure(error: ServiceError) -> list[ft.Control]:
    if isinstance(error, NotFound):
        words = _("Check the 12 digits and look it up again.")
        return [Note(_("No card has this number."), words, "error", live=True)]
    return [ErrorPanel(error)]


def _answer(
    found: Saved[Inspected] | None, hotline: bool, tell: Callable[[Any], None]
) -> list[ft.Control]:
    if found is None:
        return []
    one = found.value
    if hotline and one.source == "number" and one.word != "blocked":
        return [Verdict(found), BlockForHolder(one.number, tell)]
    return [Verdict(found)]


@component
def NumberBox(
    number: str, write: Callable[[str], None], look_up: Callable[[], Awaitable[None]]
) -> ft.Control:
    """Twelve digits, with or without spaces."""
    box = TextBox(
        _("Card number"),
        number,
        write,
        help_text=_("12 digits, on the holder's screen under the code"),
        scale=use_look().scale,
    )
    return stacked([box, OutlineButton(_("Look it up"), look_up, ft.Icons.SEARCH_ROUNDED)])


@component
def Verdict(found: Saved[Inspected]) -> ft.Control:
    """Green or red, a word, then product, class and last day; announced at once."""
    one = found.value
    phrase, sentence = verdict_words(one)
    icon = ft.Icons.CHECK_CIRCLE_ROUNDED if one.good else ft.Icons.CANCEL_ROUNDED
    tone = "primary" if one.good else "error"
    rows = []
    if one.product:
        rows.append((_("Card"), name_of(one.product, language())))
    if one.group:
        rows.append((_("Fare class"), name_of(one.group, language())))
    if one.valid_until:
        rows.append((_("Valid until"), show_date(one.valid_until)))
    parts: list[ft.Control] = [Note(phrase, sentence, tone, icon, live=True)]
    if rows:
        parts.append(CardList(*[SummaryRow(label, value) for label, value in rows]))
    if found.as_of is not None:
        words = _("Checked with the keys of {time}; a card blocked since is not known here.")
        parts.append(Note(_("No network."), words.format(time=show_time(found.as_of)), "tertiary"))
    return stacked(parts)


@component
def BlockForHolder(number: str, tell: Callable[[Any], None]) -> ft.Control:
    """The hotline blocks a card whose holder has called; it asks once, with the reason."""
    services = use_services()
    asked, set_asked = use_state(False)
    reason, set_reason = use_state(REASONS[0])

    async def block() -> None:
        blocked = await services.card_inspection.block(number, reason)
        tell(Saved(blocked))

    blocking = use_action(block)

    def ask() -> None:
        set_asked(True)

    if not asked:
        return OutlineButton(_("Block for the holder"), ask, ft.Icons.BLOCK_ROUNDED, danger=True)
    return stacked(
        [
            Heading(_("Why is the card blocked?"), 2, "title_small"),
            ChoiceChips(tuple((one, reason_name(one)) for one in REASONS), reason, set_reason),
            *([ErrorPanel(blocking.error)] if blocking.error else []),
            OutlineButton(_("Block the card now"), blocking, ft.Icons.BLOCK_ROUNDED, danger=True),
            Text(_("The holder sees this and can unblock it in the app."), "supporting"),
        ]
    )
