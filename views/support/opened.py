"""A bundle as one of the staff has it open: what it holds, the thread, answering, handing over."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    component,
    use_action,
    use_device,
    use_id,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, ngettext, show_time
from services.chance import new_id
from services.support_cases import Case
from views.components import (
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    StatusChip,
    Text,
    TextBox,
    TonalButton,
    keyed,
    stacked,
)
from views.components.waiting_words import show_size
from views.support.admission import AGENT, Admitted
from views.support.desk import desk_status
from views.support.thread import Looks, Thread
from views.support.words import bundle_words, day_of
from views.support.writing import LONGEST

Icons = ft.Icons


@view
def OpenedBundleView() -> ft.Control:
    """The bundle that this agent opened under the id in the address."""
    opening_id = unquote(ft.use_route_params().get("opening_id", ""))
    return Admitted(AGENT, lambda: keyed(opening_id, Opened, opening_id))


@component
def Opened(opening_id: str) -> ft.Control:
    """Read again after each act."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Case:
        return await services.support_desk.opened(opening_id)

    found = use_resource(fetch, opening_id, revisions.support)
    if isinstance(found, Ready):
        return keyed(opening_id, OpenedScreen, found.value)
    waiting = Loaded(found, lambda _case: ft.Container())
    return Screen(_("Support bundle"), waiting, back=paths.SUPPORT_DESK)


@component
def OpenedScreen(case: Case) -> ft.Control:
    """What stands, what was written, and what can be done."""
    now = use_services().clock.now()
    until = show_time(case.opening_ends) if case.opening_ends else ""
    parts: list[ft.Control] = [
        StatusChip(desk_status(case, now)),
        Note(
            _("You have this open until {time}.").format(time=until),
            _("The resident was told. Persons are replaced by stand-ins."),
            "lotus",
            Icons.VISIBILITY_OUTLINED,
        ),
        FileCard(case),
        Heading(_("Messages")),
    ]
    if case.messages:
        parts.append(Thread(case.messages, "support"))
    else:
        parts.append(Text(_("The resident wrote nothing to it."), "supporting"))
    if case.state == "open":
        parts.append(Answering(case))
    else:
        parts.append(Note(_("The resident closed this.")))
    parts.append(Looks(case))
    return Screen(_("Support bundle"), *parts, subtitle=case.code, back=paths.SUPPORT_DESK)


@component
def FileCard(case: Case) -> ft.Control:
    """What the resident agreed to, and the ways to look at it."""
    services, device = use_services(), use_device()

    async def save() -> None:
        data = await services.support_desk.bundle(case.opening_id)
        await device.save_file(f"{case.code}.zip", data)

    async def replay() -> None:
        data = await services.support_desk.bundle(case.opening_id)
        back = paths.opened_bundle(case.opening_id)
        address = await device.open_replay(case.code, data, back)
        set_nowhere(not address)
        if address:
            await device.open_link(address)

    nowhere, set_nowhere = use_state(False)
    saving, replaying = use_action(save), use_action(replay)
    error = saving.error or replaying.error
    manifest = case.manifest
    items = manifest.get("items")
    count = len(items) if isinstance(items, list) else 0
    lines = [
        ngettext("The resident agreed to {n} item", "The resident agreed to {n} items", count)
        + f" · {show_size(case.size)}",
        " · ".join(
            str(manifest[name]) for name in ("app_version", "platform") if manifest.get(name)
        ),
        _("Deletes itself on {day}").format(day=day_of(case.expires)),
    ]
    if case.error_reference:
        lines.append(_("About error {code}.").format(code=case.error_reference))
    if case.bundle != "kept":
        return Note(bundle_words(case), icon=Icons.DELETE_OUTLINE_ROUNDED)
    return stacked(
        [
            Heading(_("The bundle")),
            *[Text(line, "supporting") for line in lines if line],
            TonalButton(_("Replay"), replaying, Icons.REPLAY_ROUNDED),
            OutlineButton(_("Save the file"), saving, Icons.SAVE_ALT_ROUNDED),
            *([ErrorPanel(error)] if error else []),
            *([_elsewhere()] if nowhere else []),
        ],
        8,
    )


def _elsewhere() -> ft.Control:
    words = _("Save the file, then run make replay with it on a computer.")
    return Note(_("This device cannot show a replay."), words, live=True)


@component
def Answering(case: Case) -> ft.Control:
    """The answer to the resident, and handing over to the engineers."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    text, set_text = use_state("")
    key, set_key = use_id()
    empty, set_empty = use_state(False)

    async def answer() -> None:
        set_empty(not text.strip())
        if text.strip():
            await services.support_desk.answer(case.opening_id, text, key=key)
            set_text("")
            set_key(new_id())
            revisions.support += 1

    async def hand_over() -> None:
        await services.support_desk.hand_over(case.opening_id)
        revisions.support += 1

    answering, handing = use_action(answer), use_action(hand_over)
    error = answering.error or handing.error
    return stacked(
        [
            TextBox(
                _("Your answer to the resident"),
                text,
                set_text,
                error=_("Write something first.") if empty and not text.strip() else "",
                lines=3,
                max_length=LONGEST,
                scale=look.scale,
            ),
            *([ErrorPanel(error)] if error else []),
            MainButton(_("Answer the resident"), answering, Icons.REPLY_ROUNDED),
            *_engineers(case, handing),
        ]
    )


def _engineers(case: Case, handing: Action) -> list[ft.Control]:
    if case.handed_over:
        return [Note(_("The engineers have it."), icon=Icons.CONSTRUCTION_ROUNDED)]
    return [OutlineButton(_("Hand it to the engineers"), handing, Icons.SHORTCUT_ROUNDED)]
