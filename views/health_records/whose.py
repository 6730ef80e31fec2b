"""Whose record is on the screen: one's own, or someone's whom the resident may read."""

from datetime import date, timedelta
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import Ready, component, use_resource, use_revisions, use_services
from app.text import _, local, show_date
from services.health_people import Consent, Dependant, People
from views.components import ChoiceChips, LinkButton, Note, Text, keyed, open_path, stacked

OWN = "own"
TOLD_AHEAD = timedelta(days=60)
"""How long before the birthday a parent is told."""


def use_patient() -> str | None:
    """The FHIR id in the address of the record that is open; None for one's own."""
    return unquote(ft.use_route_params().get("patient_id", "")) or None


def whose(patient_id: str | None) -> list[ft.Control]:
    """What stands above the overview when there are several records to choose from.

    To open another's record, go to `paths.health(patient_id)`.
    """
    return [keyed(patient_id or OWN, Whose, patient_id)]


@component
def Whose(patient_id: str | None) -> ft.Control:
    """The records to choose from, and by what right another's is open; nothing for one record."""
    services, revisions = use_services(), use_revisions()
    people = use_resource(services.health_people.people, revisions.health_people)
    if not isinstance(people, Ready):
        return ft.Container(height=0)
    found, today = people.value, local(services.clock.now()).date()
    notes = _notes(found, patient_id, today)
    if not found.others and not notes:
        return ft.Container(height=0)

    def choose(chosen: str) -> None:
        ft.context.page.navigate(paths.health(None if chosen == OWN else chosen))

    parts: list[ft.Control] = []
    if found.others:
        options = ((OWN, _("Me")), *found.others)
        parts = [
            Text(_("Record of"), "small_label"),
            ChoiceChips(options, patient_id or OWN, choose, scroll=True),
        ]
    return stacked([*parts, *notes], 8)


def _notes(people: People, patient_id: str | None, today: date) -> list[ft.Control]:
    if patient_id is None:
        gone = [_ended(child) for child in people.dependants if child.ended]
        soon = [child for child in people.dependants if not child.ended and _is_soon(child, today)]
        return [*gone, *(_forewarning(child) for child in soon)]
    child = next((one for one in people.dependants if one.patient_id == patient_id), None)
    if child is not None and not child.ended:
        return [_of_child(child, today)]
    consent = next((one for one in people.cared_for if one.patient_id == patient_id), None)
    return [] if consent is None else [_of_carer(consent)]


def _of_child(child: Dependant, today: date) -> ft.Control:
    phrase = _("You are reading {name}'s record as a parent.").format(name=child.name)
    looked = open_path(paths.health(child.patient_id, "accesses"))
    log = LinkButton(_("Who looked"), looked, ft.Icons.MANAGE_SEARCH_ROUNDED)
    if child.ends_on is not None and _is_soon(child, today):
        words = _("On {date} {name} turns 16. From that day on only {name} reads it.").format(
            date=show_date(child.ends_on), name=child.name
        )
        return Note(phrase, words, "tertiary", ft.Icons.EVENT_ROUNDED, log)
    icon = ft.Icons.FAMILY_RESTROOM_ROUNDED
    return Note(phrase, _("Each look is written down."), icon=icon, action=log)


def _is_soon(child: Dependant, today: date) -> bool:
    return child.ends_on is not None and child.ends_on - today <= TOLD_AHEAD


def _forewarning(child: Dependant) -> ft.Control:
    when = show_date(child.ends_on) if child.ends_on else ""
    return Note(
        _("{name} turns 16 on {date}.").format(name=child.name, date=when),
        _("From that day on you no longer read that record."),
        "tertiary",
        ft.Icons.EVENT_ROUNDED,
    )


def _ended(child: Dependant) -> ft.Control:
    when = show_date(child.ends_on) if child.ends_on else ""
    return Note(
        _("{name} has turned 16.").format(name=child.name),
        _("Since {date} only {name} reads that record, with an account of their own.").format(
            date=when, name=child.name
        ),
        icon=ft.Icons.EVENT_AVAILABLE_ROUNDED,
    )


def _of_carer(consent: Consent) -> ft.Control:
    phrase = _("You are reading {name}'s record by their consent.").format(name=consent.name)
    parts = (
        _("Only the parts they chose are here.") if consent.sections else _("All parts are here.")
    )
    until = _("It ends on {date}.").format(date=show_date(consent.until)) if consent.until else ""
    words = " ".join(piece for piece in (parts, until, _("Each look is written down.")) if piece)
    return Note(phrase, words, icon=ft.Icons.VISIBILITY_ROUNDED)
