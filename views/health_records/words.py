"""Words of a health record: section names, codes of FHIR, dates as precise as they were given."""

from dataclasses import dataclass
from typing import Any

import flet as ft

from app.text import HANOI, _, language, ngettext
from services.health_records import HealthSummary
from services.health_records.fhir import FhirDate
from services.health_records.items import Immunization, Item, Result
from services.health_records.sections import Section

Icons = ft.Icons


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the record under the name it has in addresses."""

    slug: str
    title: str
    icon: ft.IconData
    section: Section[Any]


def parts_of(summary: HealthSummary) -> tuple[Part, ...]:
    """Every section in the order of the screen; those without a field of their own come last."""
    known = (
        Part("allergies", _("Allergies"), Icons.WARNING_AMBER_ROUNDED, summary.allergies),
        Part(
            "conditions", _("Current conditions"), Icons.MONITOR_HEART_OUTLINED, summary.conditions
        ),
        Part("medicines", _("Current medicines"), Icons.MEDICATION_OUTLINED, summary.medicines),
        Part("procedures", _("Surgery and procedures"), Icons.HEALING_OUTLINED, summary.procedures),
        Part("blood-group", _("Blood group"), Icons.BLOODTYPE_OUTLINED, summary.blood_group),
        Part(
            "past-conditions", _("Past conditions"), Icons.HISTORY_ROUNDED, summary.past_conditions
        ),
        Part("immunizations", _("Vaccinations"), Icons.VACCINES_OUTLINED, summary.immunizations),
        Part("results", _("Test results"), Icons.SCIENCE_OUTLINED, summary.results),
        Part("vital-signs", _("Vital signs"), Icons.FAVORITE_BORDER_ROUNDED, summary.vital_signs),
        Part("visits", _("Recent visits"), Icons.MEDICAL_SERVICES_OUTLINED, summary.visits),
    )
    others = tuple(
        Part(section.code, section.title or _("Other"), Icons.ARTICLE_OUTLINED, section)
        for section in summary.others
    )
    return known + others


def show_fhir_date(day: FhirDate | None) -> str:
    """`02/10/2026`, `03/2023` or `2019`; what cannot be read is shown as it was given."""
    if day is None:
        return ""
    if day.at is not None:
        return f"{day.at.astimezone(HANOI):%d/%m/%Y}"
    if day.year and day.month and day.day:
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if day.year and day.month:
        return f"{day.month:02}/{day.year}"
    return str(day.year) if day.year else day.as_given


def status_word(item: Item) -> str:
    """A word for a FHIR status or verification that changes what the line means; else nothing."""
    words = {
        "inactive": _("inactive"),
        "resolved": _("resolved"),
        "remission": _("in remission"),
        "completed": "",
        "active": "",
        "stopped": _("stopped"),
        "on-hold": _("on hold"),
        "entered-in-error": _("entered in error"),
        "not-done": _("not done"),
        "due": _("due"),
        "cancelled": _("cancelled"),
        "preliminary": _("preliminary"),
    }
    return words.get(item.status, "")


def interpretation_word(result: Result) -> tuple[str, str]:
    """(word, tone) of the resource's own interpretation; never concluded from the number."""
    code = result.interpretation
    if code in ("H", "HH", "HU"):
        return _("High"), "tertiary"
    if code in ("L", "LL", "LU"):
        return _("Low"), "tertiary"
    if code in ("N", "NEG"):
        return _("In range"), "primary"
    return result.interpretation_text, "neutral"


def show_value(result: Result) -> str:
    """The value with the language's decimal sign."""
    text = result.value
    if result.quantity is not None and language() == "vi":
        number = f"{result.quantity.comparator}{result.quantity.value:f}".replace(".", ",")
        return f"{number} {result.quantity.unit}".strip()
    return text


def second_line(item: Item) -> str:
    """What stands below a title: value, detail, status and date, whatever the resource gives."""
    pieces: list[str] = []
    if isinstance(item, Result):
        pieces += [show_value(item), interpretation_word(item)[0].lower()]
    pieces.append(item.detail)
    pieces.append(status_word(item))
    pieces.append(_dates(item))
    return " · ".join(piece for piece in pieces if piece)


def _dates(item: Item) -> str:
    start, end = show_fhir_date(item.date), show_fhir_date(item.end)
    if isinstance(item, Immunization) and item.status == "due":
        return _("by {date}").format(date=start) if start else ""
    if start and end and start != end:
        return f"{start} - {end}"
    return start or end or show_fhir_date(item.recorded)


def unreadable_words(count: int) -> str:
    """How many entries nobody could make sense of."""
    return ngettext("{n} entry could not be read", "{n} entries could not be read", count)


def why_unknown(section: Section[Any]) -> str:
    """Why nothing is known, from `emptyReason`."""
    reasons = {
        "notasked": _("Nobody has asked yet"),
        "withheld": _("Kept back by the facility"),
        "unavailable": _("The facility has no data"),
        "notstarted": _("Not recorded yet"),
        "closed": _("The list was closed"),
    }
    return reasons.get(section.empty_reason, _("No facility has sent anything"))
