"""A PDF of the parts the resident chooses, made by the gateway, saved by the device."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import component, use_action, use_device, use_services, use_state, view
from app.text import _
from services.health_records import HealthSummary
from views.components import (
    CardList,
    ErrorPanel,
    MainButton,
    Note,
    SwitchRow,
    Text,
    stacked,
)
from views.health_records.frame import RecordScreen, in_short
from views.health_records.reading import use_record
from views.health_records.words import is_worth_showing, parts_of


@view
def HealthPrintView() -> ft.Control:
    """Choose, make, save. Only of one's own record: the gateway prints no other."""
    record = use_record(None)
    title = _("Print or save a summary")
    return RecordScreen(None, record, title, Choosing, "", paths.health(None))


@component
def Choosing(summary: HealthSummary) -> ft.Control:
    """Each section with a switch; everything that says something is on."""
    services, device = use_services(), use_device()
    parts = [part for part in parts_of(summary) if is_worth_showing(part) and part.section.code]
    off, set_off = use_state(frozenset[str]())
    saved, set_saved = use_state(False)
    chosen = tuple(part.section.code for part in parts if part.section.code not in off)

    async def save() -> None:
        set_saved(False)
        data = await services.health_records.printed(chosen)
        set_saved(await device.save_file("tom-tat-suc-khoe.pdf", data))

    saving = use_action(save)

    def switch(code: str) -> Callable[[bool], None]:
        def change(on: bool) -> None:
            set_saved(False)
            set_off(off - {code} if on else off | {code})

        return change

    rows = [
        SwitchRow(
            part.title,
            in_short(part.section),
            part.section.code not in off,
            switch(part.section.code),
        )
        for part in parts
    ]
    below: list[ft.Control] = []
    if saved:
        words = _("It holds health data: keep it where others do not look.")
        below.append(Note(_("The file was saved."), words, "primary", live=True))
    if saving.error is not None:
        below.append(ErrorPanel(saving.error))
    if chosen:
        label = _("Save the PDF, {n} parts").format(n=len(chosen))
        below.append(MainButton(label, saving, ft.Icons.DOWNLOAD_ROUNDED, _("Making the PDF…")))
    else:
        below.append(Note(_("Choose at least one part."), tone="tertiary", live=True))
    return stacked([Text(_("What shall stand in it?")), CardList(*rows), *below])
