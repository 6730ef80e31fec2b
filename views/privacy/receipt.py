"""The receipt of an erasure: it needs nobody signed in, and names nobody."""

import asyncio
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_loop,
    use_resource,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, show_moment
from services.privacy import Erasing
from views.components import (
    ErrorPanel,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    keyed,
    stacked,
)
from views.components.data_words import area_word
from views.privacy.tallies import Tallies
from views.privacy.words import kept_words

ASKED_EVERY = 2.0


@view
def ErasureView() -> ft.Control:
    """The erasure at this address."""
    erasure_id = unquote(ft.use_route_params().get("erasure_id", ""))
    return keyed(erasure_id, Watched, erasure_id)


@component
def Watched(erasure_id: str) -> ft.Control:
    """Asked again until it is done."""
    services, session, device = use_services(), use_session(), use_device()
    turn, set_turn = use_state(0)

    async def fetch() -> Erasing:
        return await services.privacy.receipt(erasure_id)

    found = use_resource(fetch, turn)
    waiting = isinstance(found, Ready) and not found.value.done

    async def look_again() -> None:
        while waiting:
            await asyncio.sleep(ASKED_EVERY)
            set_turn(lambda n: n + 1)

    use_loop(look_again, waiting)

    async def finish() -> None:
        await services.erased.drop([services.identity.sign_in_id])
        if session.person is None or await device.sign_out():
            session.person, session.guest = None, False
            await ft.context.page.push_route(paths.HOME)

    finishing = use_action(finish)
    return Screen(
        _("Account erased") if not waiting else _("Erasing your account"),
        Loaded(found, Receipt),
        *([ErrorPanel(finishing.error)] if finishing.error else []),
        foot=(MainButton(_("Done"), finishing, ft.Icons.CHECK_ROUNDED, _("Closing…")),),
    )


@component
def Receipt(erasing: Erasing) -> ft.Control:
    """What was done, and a way to keep the proof."""
    device = use_device()
    saved, set_saved = use_state(False)

    async def save() -> None:
        text = "\n".join(receipt_lines(erasing))
        set_saved(await device.save_file("ihanoi-bien-nhan-xoa.txt", text.encode()))

    saving = use_action(save)
    if not erasing.done:
        return Note(_("Erasing…"), _("This takes less than a minute."), "tertiary", live=True)
    return stacked(
        [
            Note(_("Your account is erased."), receipt_lines(erasing)[0], "primary", live=True),
            Text(_("Receipt {code}").format(code=erasing.erasure_id), "supporting"),
            Tallies(erasing.erased, erasing.kept, True),
            OutlineButton(_("Save the receipt"), saving, ft.Icons.DOWNLOAD_ROUNDED),
            *([Note(_("Saved."), tone="primary", live=True)] if saved else []),
            *([ErrorPanel(saving.error)] if saving.error else []),
        ],
        12,
    )


def receipt_lines(erasing: Erasing) -> list[str]:
    """The receipt as lines of text."""
    when = show_moment(erasing.finished) if erasing.finished else ""
    lines = [_("Erased at {moment}.").format(moment=when)]
    lines.append(_("Receipt {code}").format(code=erasing.erasure_id))
    lines += [f"- {area_word(one.area)}: {one.number}" for one in erasing.erased]
    lines += [_("What stays, and why")] if erasing.kept else []
    return lines + [f"- {area_word(one.area)}: {kept_words(one)}" for one in erasing.kept]
