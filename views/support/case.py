"""One bundle of the resident's: where it stands, the thread, who opened it, and the ways to end it."""

import asyncio
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    component,
    use_action,
    use_id,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.chance import new_id
from services.support_cases import Case
from views.components import (
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    OutlineButton,
    Screen,
    StatusChip,
    Text,
    keyed,
    stacked,
)
from views.support.code import CodeCard
from views.support.deleting import DeleteBundle
from views.support.thread import Looks, Thread
from views.support.words import answer_words, bundle_words, status_of_case
from views.support.writing import WritingBox, use_writing

ASKED_EVERY = 20.0
"""Seconds between two looks for an answer while the thread is open."""

Shown = tuple[Case, str]


@view
def SupportCaseView() -> ft.Control:
    """The bundle at this address; asked again while it is open."""
    services, revisions = use_services(), use_revisions()
    code = unquote(ft.use_route_params().get("code", ""))
    turn, set_turn = use_state(0)

    async def fetch() -> Shown:
        return await services.support.get(code), await services.support.kept_words(code)

    async def look_again() -> None:
        while True:
            await asyncio.sleep(ASKED_EVERY)
            set_turn(lambda n: n + 1)

    found = use_resource(fetch, code, revisions.support, revisions.inbox, turn)
    use_loop(look_again, code)
    if not isinstance(found, Ready):
        waiting = Loaded(found, lambda _shown: ft.Container())
        return Screen(_("Support bundle"), waiting, back=paths.SUPPORT)
    return keyed(code, CaseScreen, *found.value)


@component
def CaseScreen(case: Case, kept: str) -> ft.Control:
    """The thread first, then the rest; a closed one takes no more words."""
    services, revisions = use_services(), use_revisions()
    drafting = use_writing(case.code, kept)
    key, set_key = use_id()
    empty, set_empty = use_state(False)

    async def send() -> None:
        text = drafting.slate.latest.text.strip()
        set_empty(not text)
        if not text:
            return
        await services.support.write(case.code, text, key=key)
        set_key(new_id())
        drafting.change(text="")
        await drafting.keep()
        revisions.outbox += 1
        revisions.support += 1

    async def close() -> None:
        await services.support.close(case.code)
        revisions.support += 1

    sending, closing = use_action(send), use_action(close)
    is_open = case.state == "open"
    parts: list[ft.Control] = [StatusChip(status_of_case(case)), Text(_standing(case))]
    if case.messages:
        parts += [Heading(_("Messages")), Thread(case.messages, "resident")]
    if is_open:
        wrong = _("Write something first.") if empty else ""
        parts.append(WritingBox(drafting, _("Your message to support"), wrong))
        parts += [ErrorPanel(sending.error)] if sending.error else []
        parts.append(MainButton(_("Send the message"), sending, ft.Icons.SEND_ROUNDED))
    parts += [CodeCard(case.code), Looks(case)]
    parts += _ends(case, closing) if is_open else [DeleteBundle(case)]
    return Screen(_("Support bundle"), *parts, subtitle=case.code, back=paths.SUPPORT)


def _standing(case: Case) -> str:
    if case.state == "closed":
        return _("You closed this. Send a new bundle if it happens again.")
    if case.awaits == "resident":
        return _("Read the answer below. Write back, or say that it is settled.")
    return _("Support answers by {when}. You need not do anything.").format(when=answer_words(case))


def _ends(case: Case, closing: Action) -> list[ft.Control]:
    error = closing.error
    return [
        stacked(
            [
                Heading(_("When it is over")),
                *([Text(bundle_words(case), "supporting")] if case.bundle == "kept" else []),
                OutlineButton(_("It is settled"), closing, ft.Icons.TASK_ALT_ROUNDED),
                *([ErrorPanel(error)] if error else []),
                DeleteBundle(case),
            ]
        )
    ]
