"""Whose record this is: name, sex, year, the insurance number masked until it is asked for."""

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _
from app.theme import style
from services.health_records.items import Insurance, Patient
from views.components import IconAction, Text
from views.health_records.words import show_fhir_date


@component
def Holder(patient: Patient) -> ft.Control:
    """The insurance number shows its last four figures; the eye shows it whole."""
    look = use_look()
    shown, set_shown = use_state(False)
    sex = {"female": _("Female"), "male": _("Male"), "other": _("Other sex")}.get(
        patient.gender, ""
    )
    born = _("born {year}").format(year=patient.birth_date.year) if patient.birth_date else ""
    number = patient.insurance.number if patient.insurance else ""
    card = _("insurance card •••• {end}").format(end=number[-4:]) if number and not shown else ""
    line = " · ".join(piece for piece in (sex, born, card) if piece)
    initials = "".join(word[0] for word in patient.name.split()[-2:]).upper()
    avatar = ft.Container(
        ft.Text(initials, style=style("label_large", 1, look.palette.on_secondary_container)),
        width=52,
        height=52,
        border_radius=26,
        bgcolor=look.palette.secondary_container,
        alignment=ft.Alignment.CENTER,
    )
    words: list[ft.Control] = [
        Text(patient.name or _("No name in the record"), "title_small"),
        Text(line, "supporting"),
    ]
    if patient.insurance is not None and (shown or not number):
        words += [Text(words_of_it, "supporting") for words_of_it in _insured(patient.insurance)]
    eye: list[ft.Control] = []
    if number:
        icons = ft.Icons
        icon = icons.VISIBILITY_OFF_OUTLINED if shown else icons.VISIBILITY_OUTLINED
        name = _("Hide the insurance number") if shown else _("Show the insurance number")
        eye = [IconAction(icon, name, lambda: set_shown(not shown))]
    lines = ft.Column(words, spacing=2, tight=True, expand=True)
    return ft.Row([avatar, lines, *eye], spacing=14)


def _insured(insurance: Insurance) -> list[str]:
    lines = [
        _("Health insurance (BHYT): {number}").format(number=insurance.number or _("no number"))
    ]
    if insurance.end is not None:
        lines.append(_("Valid until {date}").format(date=show_fhir_date(insurance.end)))
    if insurance.payor:
        lines.append(insurance.payor)
    return lines
