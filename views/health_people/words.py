"""Words of people and their rights: parts of a record, days, states, bases of a look."""

from datetime import date

import flet as ft

from app.text import Status, _, ngettext, show_date

PARTS = (
    "48765-2",
    "11450-4",
    "10160-0",
    "11369-6",
    "30954-2",
    "8716-3",
    "46240-8",
    "47519-4",
    "11348-0",
    "882-1",
    "18776-5",
    "29762-2",
    "10157-6",
)
"""Sections of a record that a carer may be given (LOINC), as they are offered."""


def part_word(code: str) -> str:
    """The name of a section by its LOINC code; the code itself when it has none here."""
    words = {
        "48765-2": _("Allergies"),
        "11450-4": _("Current conditions"),
        "10160-0": _("Current medicines"),
        "11369-6": _("Vaccinations"),
        "30954-2": _("Test results"),
        "8716-3": _("Vital signs"),
        "46240-8": _("Recent visits"),
        "47519-4": _("Surgery and procedures"),
        "11348-0": _("Past conditions"),
        "882-1": _("Blood group"),
        "18776-5": _("Care plan"),
        "29762-2": _("Risk factors"),
        "10157-6": _("Illnesses in the family"),
        "46264-8": _("Medical devices"),
    }
    return words.get(code, code)


def parts_words(sections: tuple[str, ...]) -> str:
    """`Dị ứng, Tiêm chủng`, or the whole record."""
    if not sections:
        return _("The whole record")
    return ", ".join(part_word(code) for code in sections)


def until_words(until: date | None) -> str:
    """`đến hết 26/12/2026`, or as long as it is not withdrawn."""
    if until is None:
        return _("until withdrawn")
    return _("until the end of {date}").format(date=show_date(until))


def consent_status(state: str, ended_by: str = "") -> Status:
    """The chip of a consent."""
    icons = ft.Icons
    table = {
        "invited": (_("Not accepted yet"), "tertiary", icons.HOURGLASS_TOP_ROUNDED),
        "active": (_("May look"), "primary", icons.VISIBILITY_ROUNDED),
        "refused": (_("Refused the invitation"), "neutral", icons.BLOCK_ROUNDED),
        "lapsed": (_("Time is over"), "neutral", icons.TIMER_OFF_ROUNDED),
        "ended": (
            _("Gave it up") if ended_by == "carer" else _("Withdrawn by you"),
            "neutral",
            icons.BLOCK_ROUNDED,
        ),
    }
    return Status(*table.get(state, (state, "neutral", icons.HELP_ROUNDED)))


def basis_word(basis: str) -> str:
    """By what right somebody looked."""
    words = {
        "patient": _("own record"),
        "parent": _("as a parent"),
        "consent": _("by your consent"),
        "facility": _("as a facility that treats you"),
        "share": _("by a link you shared"),
    }
    return words.get(basis, _("by another right"))


def look_word(part: str) -> str:
    """What was looked at: a resource type of FHIR, or an operation, in words."""
    words = {
        "$summary": _("the summary"),
        "$everything": _("everything"),
        "summary": _("the summary"),
        "Patient": _("personal details"),
        "AllergyIntolerance": _("allergies"),
        "Condition": _("conditions"),
        "MedicationStatement": _("medicines"),
        "MedicationRequest": _("prescriptions"),
        "Immunization": _("vaccinations"),
        "Observation": _("results and measurements"),
        "DiagnosticReport": _("results and measurements"),
        "Procedure": _("surgery and procedures"),
        "Encounter": _("visits"),
        "DocumentReference": _("documents"),
        "Binary": _("documents"),
        "Consent": _("consents"),
        "AuditEvent": _("who looked"),
        "CarePlan": _("the care plan"),
        "Appointment": _("appointments"),
        "Composition": _("the summary"),
        "corrections": _("requests for correction"),
        "search-type": _("a search"),
        "read": _("an entry"),
    }
    return words.get(part, part)


def years_old(years: int) -> str:
    """`8 tuổi`."""
    return ngettext("{n} year old", "{n} years old", years)
