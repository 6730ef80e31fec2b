"""Looking a bundle over before it is sent: nothing leaves the device before the button (picture 19a)."""

from urllib.parse import parse_qs, urlsplit

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Failed,
    Ready,
    component,
    use_action,
    use_device,
    use_id,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, explain_field
from services.diagnostics import ITEMS, UNASKED
from services.errors import Offline, ServiceError
from services.support import FILE_NAME, NEW, Preview
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    Text,
    keyed,
)
from views.components.waiting_words import show_size
from views.support.items import ItemCard
from views.support.words import items_words
from views.support.writing import WritingBox, use_writing

Opened = tuple[Preview, str]


@view
def NewBundleView() -> ft.Control:
    """The bundle is read once, when the screen opens: what is seen is what goes."""
    services = use_services()
    reference, _set = use_state(_reference(ft.context.page.route))

    async def fetch() -> Opened:
        return await services.support.preview(), await services.support.kept_words(NEW)

    opened = use_resource(fetch)
    if isinstance(opened, Ready):
        preview, words = opened.value
        return keyed(preview.bundle.manifest.bundle_id, Choosing, preview, words, reference)
    waiting = Loaded(opened, lambda _o: ft.Container())
    return Screen(_("Support bundle"), waiting, back=paths.SUPPORT, close=True)


def _reference(route: str) -> str:
    return parse_qs(urlsplit(route).query).get("error", [""])[0][:64]


@component
def Choosing(preview: Preview, kept: str, reference: str) -> ft.Control:
    """Each item with its switch; count and size follow the switches."""
    services, revisions, device = use_services(), use_revisions(), use_device()
    there = tuple(item for item in ITEMS if preview.sizes.get(item))
    on, set_on = use_state(frozenset(item for item in there if item in UNASKED))
    key, _set_key = use_id()
    saved, set_saved = use_state(False)
    drafting = use_writing(NEW, kept)

    def switch(item: str, turned_on: bool) -> None:
        set_on(on | {item} if turned_on else on - {item})

    async def send() -> None:
        data = await services.support.packed(preview.bundle, on)
        await drafting.keep()
        await services.support.send(data, drafting.slate.latest.text, reference, key=key)
        await services.support.keep_words(NEW, "")
        revisions.outbox += 1
        revisions.support += 1
        await ft.context.page.push_route(paths.bundle_sent(key))

    async def save() -> None:
        data = await services.support.packed(preview.bundle, on)
        set_saved(await device.save_file(FILE_NAME, data))

    sending, saving = use_action(send), use_action(save)
    offline = use_offline()
    size = show_size(sum(preview.sizes[item] for item in on))
    cards = [
        keyed(item, ItemCard, item, preview.bundle, preview.sizes[item], item in on, switch)
        for item in there
    ]
    error = sending.error or saving.error or drafting.keeping.error
    foot: list[ft.Control] = [_refused(error, sending)] if error else []
    foot.append(_Send(sending, len(on), size, offline))
    return Screen(
        _("Support bundle"),
        *([_offline_note()] if offline else []),
        Heading(_("Look before you send"), 2, "headline_small"),
        Text(
            _("Only what is switched on is sent. Where there is a struck-out eye, words stand in."),
            "supporting",
        ),
        *_about(reference),
        *cards,
        WritingBox(drafting, _("What went wrong? (if you like)")),
        *(
            [LinkButton(_("Save as a file instead"), saving, ft.Icons.SAVE_ALT_ROUNDED)]
            if on
            else []
        ),
        *([Note(_("Saved as a file."), FILE_NAME, "primary", live=True)] if saved else []),
        back=paths.SUPPORT,
        close=True,
        foot=tuple(foot),
    )


def use_offline() -> bool:
    """Whether the gateway cannot be reached now."""
    services = use_services()
    mine = use_resource(services.support.list_mine)
    copied = isinstance(mine, Ready) and mine.as_of is not None
    return copied or (isinstance(mine, Failed) and isinstance(mine.error, Offline))


def _offline_note() -> ft.Control:
    words = _("The bundle waits here and goes by itself, once only. Or save it as a file.")
    return Note(_("No network."), words, "tertiary", live=True)


def _about(reference: str) -> list[ft.Control]:
    if not reference:
        return []
    words = _("About error {code}.").format(code=reference)
    return [Note(words, icon=ft.Icons.ERROR_OUTLINE_ROUNDED)]


def _refused(error: ServiceError, sending: Action) -> ft.Control:
    """Why it was not sent; where a consent is missing it is asked for, and then it goes."""
    fields = getattr(error, "field_errors", ())
    if fields:
        return Note(_("Not sent."), explain_field(fields[0]), "error", live=True)
    return ErrorPanel(error, sending.run)


@component
def _Send(sending: Action, count: int, size: str, offline: bool) -> ft.Control:
    """`Gửi 4 mục · 76 kB`; with nothing switched on the button waits."""
    if not count:
        return MainButton(_("Turn on at least one item"), sending, disabled=True)
    words = items_words(count, size)
    if offline:
        label = _("Save to Waiting to send, {what}").format(what=words)
        return MainButton(label, sending, ft.Icons.DRIVE_FOLDER_UPLOAD_ROUNDED)
    label = _("Send {what}").format(what=words)
    return MainButton(label, sending, ft.Icons.SEND_ROUNDED)
