"""Asking something about one's data: correct, restrict, object; and the answers."""

import secrets

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
from app.text import _, show_moment
from services.privacy import DataRequest
from views.components import (
    Card,
    ChoiceChips,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.components.data_words import area_word, wish_word, wishes

AREAS = ("reports", "health", "certificates", "cards", "consents", "support", "sign_in")
FEWEST, MOST = 10, 2000


@view
def DataRequestsView() -> ft.Control:
    """The form, then what was asked before."""
    services, revisions = use_services(), use_revisions()
    asked = use_resource(services.privacy.requests, revisions.privacy)
    return Screen(
        _("Ask about my data"),
        Text(_("An officer answers within 2 working days. The answer comes to your inbox.")),
        AskForm(),
        Loaded(asked, Asked),
        back=paths.PRIVACY,
    )


@component
def AskForm() -> ft.Control:
    """What is wanted, about which part, in the resident's words."""
    services, revisions = use_services(), use_revisions()
    kind, set_kind = use_state("correct")
    area, set_area = use_state("reports")
    text, set_text = use_state("")
    wrong, set_wrong = use_state("")
    sent, set_sent = use_state(False)
    key = ft.use_ref("")
    look = use_look()

    async def ask() -> None:
        set_sent(False)
        if len(text.strip()) < FEWEST:
            set_wrong(_("Please write a little more."))
            return
        set_wrong("")
        key.current = key.current or secrets.token_hex(16)
        await services.privacy.ask(kind, area, text.strip(), key.current)
        key.current = ""
        set_text("")
        set_sent(True)
        revisions.privacy += 1

    asking = use_action(ask)
    return stacked(
        [
            Heading(_("What do you want?")),
            ChoiceChips(wishes(), kind, set_kind),
            Heading(_("About which data?")),
            ChoiceChips(tuple((one, area_word(one)) for one in AREAS), area, set_area),
            TextBox(
                _("In your words"),
                text,
                set_text,
                help_text=_("Say what is wrong, or what should not be done."),
                error=wrong,
                lines=4,
                max_length=MOST,
                scale=look.scale,
            ),
            *([ErrorPanel(asking.error)] if asking.error else []),
            *([Note(_("Sent."), _("The answer comes to your inbox."), "primary")] if sent else []),
            MainButton(_("Send"), asking, ft.Icons.SEND_ROUNDED),
        ],
        12,
    )


def Asked(requests: list[DataRequest]) -> ft.Control:
    """What was asked, the newest first; nothing where nothing was."""
    if not requests:
        return ft.Container()
    rows = [keyed(one.request_id, RequestCard, one) for one in requests]
    return stacked([Heading(_("What you asked")), *rows], 12)


@component
def RequestCard(request: DataRequest) -> ft.Control:
    """The words, where it stands, the answer."""
    states = {"granted": _("Granted"), "refused": _("Refused")}
    due = show_moment(request.due) if request.due else ""
    waits = _("Answered by {moment} at the latest").format(moment=due)
    state = states.get(request.state, waits)
    answer = [Text(request.answer)] if request.answer else []
    return Card(
        Text(f"{wish_word(request.kind)} · {area_word(request.area)}", "label"),
        Text(state, "label"),
        Text(request.description, "supporting"),
        *answer,
    )
