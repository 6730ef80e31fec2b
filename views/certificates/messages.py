"""Questions and answers between the resident and the agency."""

import flet as ft

from app.hooks import (
    component,
    use_action,
    use_id,
    use_look,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, show_moment
from services.certificates import CertificateApplication, Message
from services.chance import new_id
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    OutlineButton,
    Text,
    TextBox,
    stacked,
)

LONGEST = 1000


@component
def Messages(application: CertificateApplication) -> ft.Control:
    """What was asked and answered, the newest last."""
    rows = [_row(one, application.agency_responsible) for one in application.messages]
    return stacked([Heading(_("Questions and answers")), CardList(*rows)])


def _row(message: Message, agency: str) -> ft.Control:
    who = _("You") if message.author == "resident" else agency
    return ft.Container(
        ft.Column(
            [
                Text(f"{who} · {show_moment(message.datetime)}", "supporting"),
                Text(message.text),
            ],
            spacing=4,
            tight=True,
        ),
        padding=16,
    )


@component
def WriteFoot(application: CertificateApplication) -> ft.Control:
    """The answer that is waited for; or a question, once it is wanted."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    answering = "answer" in application.actions
    opened, set_opened = use_state(False)
    text, set_text = use_state("")
    tried, set_tried = use_state(False)
    key, set_key = use_id()

    async def send() -> None:
        set_tried(True)
        if not text.strip():
            return
        await services.certificates.write(application.application_id, text.strip(), key)
        set_text("")
        set_key(new_id())
        set_tried(False)
        set_opened(False)
        revisions.certificates += 1

    def open_it() -> None:
        set_opened(True)

    def close() -> None:
        set_opened(False)

    sending = use_action(send)
    if not (opened or answering):
        label = _("Ask about this application")
        return OutlineButton(label, open_it, ft.Icons.CHAT_OUTLINED)
    empty = _("Write something first.") if tried and not text.strip() else ""
    label = _("Your answer") if answering else _("Your question")
    button = _("Send the answer") if answering else _("Send the question")
    return stacked(
        [
            *([ErrorPanel(sending.error)] if sending.error else []),
            TextBox(
                label, text, set_text, lines=2, max_length=LONGEST, error=empty, scale=look.scale
            ),
            MainButton(button, sending, ft.Icons.SEND_ROUNDED),
            *([] if answering else [LinkButton(_("Not now"), close)]),
        ],
        8,
    )
