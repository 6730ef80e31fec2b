"""Taking one's data along: asked for, made with its progress shown, saved within a day."""

import asyncio

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, show_moment
from services.privacy import Export
from views.components import (
    Card,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    keyed,
    stacked,
)
from views.components.waiting_words import show_size

ASKED_EVERY = 1.0
FILE = "ihanoi-du-lieu-cua-toi.zip"


@view
def ExportView() -> ft.Control:
    """What is in it, the exports there are, and the button."""
    services, session, revisions = use_services(), use_session(), use_revisions()
    turn, set_turn = use_state(0)
    found = use_resource(services.privacy.exports, revisions.privacy, turn)
    waiting = isinstance(found, Ready) and any(one.state == "waiting" for one in found.value)

    async def look_again() -> None:
        while waiting:
            await asyncio.sleep(ASKED_EVERY)
            set_turn(lambda n: n + 1)

    use_loop(look_again, waiting)

    async def ask() -> None:
        await services.privacy.export(session.language)
        revisions.privacy += 1

    asking = use_action(ask)
    button = MainButton(
        _("Put my data together"), asking, ft.Icons.INVENTORY_2_OUTLINED, _("Asking…"), waiting
    )
    return Screen(
        _("Download my data"),
        Text(_("Everything the city keeps about you, in one file that opens without a network.")),
        Contents(),
        Loaded(found, Exports),
        *([ErrorPanel(asking.error)] if asking.error else []),
        back=paths.PRIVACY,
        foot=(button,),
    )


@component
def Contents() -> ft.Control:
    """What the resident gets, and how to guard it."""
    return stacked(
        [
            Card(
                Text(_("A page to read, in your language"), "label"),
                Text(_("Each list as a JSON file; photos and papers as they are"), "supporting"),
                Text(_("Drafts and what waits on this device are added"), "supporting"),
            ),
            Note(
                _("Guard this file."),
                _("It holds your health record and your ID number, and has no password."),
                "tertiary",
                ft.Icons.SHIELD_OUTLINED,
            ),
        ],
        12,
    )


def Exports(exports: list[Export]) -> ft.Control:
    """Those that are being made or can be saved, the newest first."""
    if not exports:
        return ft.Container()
    rows = [keyed(one.export_id, ExportCard, one) for one in exports]
    return stacked([Heading(_("Your files")), *rows], 12)


@component
def ExportCard(export: Export) -> ft.Control:
    """Its progress, or until when it can be saved and the button for it."""
    services, device, look = use_services(), use_device(), use_look()
    saved, set_saved = use_state(False)

    async def save() -> None:
        set_saved(False)
        set_saved(await device.save_file(FILE, await services.privacy.fetch(export.export_id)))

    saving = use_action(save)
    if export.state == "failed":
        return Note(_("This file could not be made."), _("Ask for it again."), "error")
    if export.state == "waiting":
        share = export.done / export.total if export.total else 0
        percent = _("Putting together, {n} %").format(n=round(100 * share))
        bar = ft.ProgressBar(value=share, color=look.palette.primary, semantics_label=percent)
        return Card(Text(percent, "label"), bar, Text(_("You may leave this page."), "supporting"))
    until = show_moment(export.expires) if export.expires else ""
    label = _("Fetching…") if saving.running else _("Save the file")
    return Card(
        Text(_("Ready · {size}").format(size=show_size(export.size)), "label"),
        Text(_("Can be saved until {moment}").format(moment=until), "supporting"),
        OutlineButton(label, saving, ft.Icons.DOWNLOAD_ROUNDED),
        *([Note(_("Saved."), tone="primary", live=True)] if saved else []),
        *([ErrorPanel(saving.error)] if saving.error else []),
    )
