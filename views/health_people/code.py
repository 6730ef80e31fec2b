"""Taking up an invitation: the code, what it invites to, and the decision."""

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, language
from services.health_people import OpenedInvitation
from services.health_people.people import CODE_SIGNS, plain_code
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.health_people.words import parts_words, until_words

PEOPLE = "people"


@view
def CodeView() -> ft.Control:
    """The code first; what it opens is shown before anything is accepted."""
    services, look = use_services(), use_look()
    typed, set_typed = use_state("")
    tried, set_tried = use_state(False)
    nothing: OpenedInvitation | None = None
    opened, set_opened = use_state(nothing)
    short = len(plain_code(typed)) < CODE_SIGNS

    async def open_it() -> None:
        set_tried(True)
        if not short:
            set_opened(await services.health_people.open_invitation(typed))

    opening = use_action(open_it)
    if opened is not None:
        return keyed(opened.consent_id, Decision, typed, opened)
    box = TextBox(
        _("Code"),
        typed,
        set_typed,
        help_text=_("Ten letters and digits, such as 7KQ4M-X2P9D"),
        error=_("The code has ten letters and digits.") if tried and short else "",
        scale=look.scale,
    )
    error = [ErrorPanel(opening.error)] if opening.error else []
    return Screen(
        _("A code you were given"),
        Note(
            _("Somebody wants you to read their record."),
            _("They gave you a code. It opens for your name only."),
        ),
        stacked([box]),
        *error,
        back=paths.health(None, PEOPLE),
        foot=(MainButton(_("See what it opens"), opening, busy_label=_("Looking…")),),
    )


@component
def Decision(code: str, opened: OpenedInvitation) -> ft.Control:
    """Whose record, which parts, until when, by which text: accept or refuse."""
    services, revisions = use_services(), use_revisions()

    async def decide(accepts: bool) -> None:
        await services.health_people.decide(code, opened.text.version, accepts=accepts)
        revisions.health_people += 1
        await ft.context.page.push_route(paths.health(None, PEOPLE))

    async def accept() -> None:
        await decide(True)

    async def refuse() -> None:
        await decide(False)

    accepting, refusing = use_action(accept), use_action(refuse)
    error = accepting.error or refusing.error
    words = opened.text.words
    parts: list[ft.Control] = [
        Card(
            Text(_("Record of"), "small_label"),
            Text(opened.patient_name, "title_small"),
            Text(f"{parts_words(opened.sections)} · {until_words(opened.until)}", "supporting"),
        ),
        Heading(_("What they agreed to")),
        Card(Text(words.get(language(), "") or words.get("vi", ""))),
        Note(_("Each look is written down."), _("They read who looked, when and at which part.")),
        *([ErrorPanel(error)] if error else []),
    ]
    return Screen(
        _("An invitation"),
        *parts,
        back=paths.health(None, PEOPLE),
        foot=(
            MainButton(_("Accept and read"), accepting, ft.Icons.CHECK_ROUNDED),
            LinkButton(_("Refuse"), refusing, ft.Icons.BLOCK_ROUNDED),
        ),
    )
