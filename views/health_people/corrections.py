"""Every request about a record: what was said to be wrong, where it is, what the facility answered."""

import flet as ft

from app import paths
from app.hooks import component, use_resource, use_revisions, use_services, view
from app.text import _, ngettext, show_moment
from services.health_people import Correction
from services.saved import Saved
from views.components import (
    Card,
    EmptyState,
    IconAction,
    Loaded,
    Note,
    Screen,
    StatusChip,
    Text,
    keyed,
    stacked,
)
from views.components.correcting import correction_status
from views.health_people.whose import use_patient


@view
def CorrectionsView() -> ft.Control:
    """The requests about one's own record, or one's child's."""
    patient_id = use_patient()
    return keyed(patient_id or "own", _Corrections, patient_id)


@component
def _Corrections(patient_id: str | None) -> ft.Control:
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[list[Correction]]:
        return await services.corrections.list_of(patient_id)

    def look_again() -> None:
        revisions.own_health += 1

    found = use_resource(fetch, revisions.own_health)
    again = IconAction(ft.Icons.REFRESH_ROUNDED, _("Look again"), look_again)
    return Screen(
        _("Corrections"),
        Loaded(found, Requests),
        back=paths.health(patient_id),
        actions=(again,),
    )


def Requests(corrections: list[Correction]) -> ft.Control:
    """A card each; or how to ask for one."""
    if not corrections:
        return EmptyState(
            ft.Icons.FLAG_OUTLINED,
            _("No corrections asked for"),
            _('Open a line of the record and choose "Is this line wrong?".'),
        )
    note = Note(
        _("The record stays as it came."),
        _("A facility that agrees sends a new entry; nothing is wiped out."),
    )
    cards = [keyed(one.correction_id, Request, one) for one in corrections]
    return stacked([note, *cards])


@component
def Request(correction: Correction) -> ft.Control:
    """State, the line, what is wrong with it, the answer."""
    parts: list[ft.Control] = [
        StatusChip(correction_status(correction)),
        Text(correction.title, "title_small"),
        Text(correction.description),
    ]
    facts = []
    if correction.created is not None:
        facts.append(_("Asked {time}").format(time=show_moment(correction.created)))
    if correction.photos:
        facts.append(ngettext("{n} photo", "{n} photos", correction.photos))
    if facts:
        parts.append(Text(" · ".join(facts), "supporting"))
    if correction.reason:
        who = correction.facility or _("The facility")
        parts.append(Note(f"{who}:", correction.reason, icon=ft.Icons.LOCAL_HOSPITAL_OUTLINED))
    return Card(*parts)
