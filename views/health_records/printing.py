"""A PDF of the parts the resident chooses, made by the gateway, saved by the device."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import (
    Action,
    component,
    use_action,
    use_device,
    use_look,
    use_services,
    use_state,
    view,
)
from app.text import _
from app.theme import Look
from services.health_records import HealthSummary
from views.components import (
    CardList,
    ErrorPanel,
    MainButton,
    Note,
    SwitchRow,
    Text,
    TonalButton,
    keyed,
    stacked,
)
from views.health_records.frame import RecordScreen, in_short
from views.health_records.reading import use_record
from views.health_records.whose import use_patient
from views.health_records.words import is_worth_showing, parts_of


@view
def HealthPrintView() -> ft.Control:
    """Choose, make, save: one's own record, or one that the resident may read."""
    patient_id = use_patient()
    return keyed(patient_id or "own", _Printing, patient_id)


@component
def _Printing(patient_id: str | None) -> ft.Control:
    record = use_record(patient_id)

    def draw(found: HealthSummary) -> ft.Control:
        return Choosing(found, patient_id)

    title = _("Print or save a summary")
    return RecordScreen(patient_id, record, title, draw, "", paths.health(patient_id))


@component
def Choosing(summary: HealthSummary, patient_id: str | None) -> ft.Control:
    """Each section with a switch; everything that says something is on."""
    services, device, look = use_services(), use_device(), use_look()
    parts = [part for part in parts_of(summary) if is_worth_showing(part) and part.section.code]
    off, set_off = use_state(frozenset[str]())
    saved, set_saved = use_state(False)
    chosen = tuple(part.section.code for part in parts if part.section.code not in off)

    async def save() -> None:
        set_saved(False)
        data = await services.health_records.printed(chosen, patient_id)
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
    below.append(_save_button(len(chosen), saving, look))
    return stacked([Text(_("What shall stand in it?")), CardList(*rows), *below])


def _save_button(chosen: int, saving: Action, look: Look) -> ft.Control:
    if not chosen:
        return Note(_("Choose at least one part."), tone="tertiary", live=True)
    label, busy = _("Save the PDF, {n} parts").format(n=chosen), _("Making the PDF…")
    if look.expanded:  # The one filled button is above: share with a doctor.
        words = busy if saving.running else label
        return TonalButton(words, saving, ft.Icons.DOWNLOAD_ROUNDED)
    return MainButton(label, saving, ft.Icons.DOWNLOAD_ROUNDED, busy)
