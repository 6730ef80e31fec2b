"""Words of a health record: section names, codes of FHIR, dates as precise as they were given."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import flet as ft

from app.text import HANOI, _, language, ngettext
from services.health_records import HealthSummary
from services.health_records import sections as codes
from services.health_records.fhir import FhirDate, Quantity
from services.health_records.items import (
    Allergy,
    Condition,
    Immunization,
    Item,
    Medicine,
    Result,
    Visit,
)
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
    titles = section_titles()
    known = (
        ("allergies", Icons.WARNING_AMBER_ROUNDED, summary.allergies),
        ("conditions", Icons.MONITOR_HEART_OUTLINED, summary.conditions),
        ("medicines", Icons.MEDICATION_OUTLINED, summary.medicines),
        ("procedures", Icons.HEALING_OUTLINED, summary.procedures),
        ("blood-group", Icons.BLOODTYPE_OUTLINED, summary.blood_group),
        ("risk-factors", Icons.SMOKE_FREE_ROUNDED, summary.risk_factors),
        ("past-conditions", Icons.HISTORY_ROUNDED, summary.past_conditions),
        ("immunizations", Icons.VACCINES_OUTLINED, summary.immunizations),
        ("results", Icons.SCIENCE_OUTLINED, summary.results),
        ("vital-signs", Icons.FAVORITE_BORDER_ROUNDED, summary.vital_signs),
        ("visits", Icons.MEDICAL_SERVICES_OUTLINED, summary.visits),
    )
    parts = tuple(Part(slug, titles[slug], icon, section) for slug, icon, section in known)
    others = tuple(
        Part(section.code, _other_title(section), Icons.ARTICLE_OUTLINED, section)
        for section in summary.others
        if section.code != codes.SOCIAL_HISTORY
    )
    return parts + others


ALWAYS_SHOWN = frozenset(
    {"allergies", "conditions", "medicines", "procedures", "blood-group", "risk-factors"}
    | {"immunizations", "results", "visits"}
)
"""Sections whose silence is worth a line; the others appear where the record says something."""


def is_worth_showing(part: Part) -> bool:
    """Past conditions and unnamed sections appear only where the record says something of them."""
    always = part.slug in ALWAYS_SHOWN
    return always or part.section.state != "no_information" or part.section.unreadable > 0


def section_titles() -> dict[str, str]:
    """The name of each section that has a field of its own, by its slug."""
    return {
        "allergies": _("Allergies"),
        "conditions": _("Current conditions"),
        "medicines": _("Current medicines"),
        "procedures": _("Surgery and procedures"),
        "blood-group": _("Blood group"),
        "risk-factors": _("Risk factors"),
        "past-conditions": _("Past conditions"),
        "immunizations": _("Vaccinations"),
        "results": _("Test results"),
        "vital-signs": _("Vital signs"),
        "visits": _("Recent visits"),
    }


def _other_title(section: Section[Any]) -> str:
    """A known section in the resident's language; else as the document names it."""
    titles = {
        codes.FAMILY_HISTORY: _("Illness in the family"),
        codes.DEVICES: _("Medical devices"),
        codes.PLAN: _("Care plan"),
        "47420-5": _("Abilities in daily life"),
        "10162-6": _("Pregnancy"),
        "42348-3": _("Advance directives"),
        "104605-1": _("Alerts"),
        "81338-6": _("The patient's own story"),
        "11341-5": _("Work"),
    }
    return titles.get(section.code) or section.title or _("Other")


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
        "recurrence": _("come back"),
        "relapse": _("come back"),
        "stopped": _("stopped"),
        "on-hold": _("on hold"),
        "entered-in-error": _("entered in error"),
        "not-done": _("not done"),
        "not-taken": _("not taken"),
        "intended": _("planned"),
        "planned": _("planned"),
        "preparation": _("planned"),
        "in-progress": _("under way"),
        "draft": _("draft"),
        "due": "",
        "cancelled": _("cancelled"),
        "preliminary": _("preliminary"),
        "registered": _("no result yet"),
        "corrected": _("corrected"),
        "amended": _("corrected"),
    }
    status = words.get(item.status, "")
    if item.resource_type == "MedicationRequest" and item.status == "completed":
        status = _("finished")
    return ", ".join(word for word in (status, verification_word(item)) if word)


def verification_word(item: Item) -> str:
    """How sure it is, where it is not confirmed."""
    given = item.verification if isinstance(item, (Allergy, Condition)) else ""
    words = {
        "unconfirmed": _("not confirmed"),
        "presumed": _("presumed"),
        "provisional": _("provisional"),
        "differential": _("one of several possible"),
        "refuted": _("ruled out"),
    }
    return words.get(given, "")


Mark = Literal["high", "low", "in_range", "abnormal", "said", ""]


def mark_of(result: Result) -> Mark:
    """What the laboratory said of the result, by its own code; never concluded from the number."""
    code = result.interpretation.upper()
    if code in ("H", "HH", "HU", "HX", "H>"):
        return "high"
    if code in ("L", "LL", "LU", "LX", "L<"):
        return "low"
    if code == "N":
        return "in_range"
    if code in ("A", "AA"):
        return "abnormal"
    return "said" if result.interpretation_text or code else ""


def interpretation_word(result: Result) -> tuple[str, str]:
    """(word, tone) of the resource's own interpretation."""
    words = {
        "HH": _("Very high"),
        "LL": _("Very low"),
        "AA": _("Very abnormal"),
        "NEG": _("Negative"),
        "POS": _("Positive"),
        "ND": _("Not found"),
        "DET": _("Found"),
    }
    mark = mark_of(result)
    plain = {
        "high": (_("High"), "tertiary"),
        "low": (_("Low"), "tertiary"),
        "in_range": (_("In range"), "primary"),
        "abnormal": (_("Abnormal"), "tertiary"),
    }
    word, tone = plain.get(mark, (result.interpretation_text, "neutral"))
    return words.get(result.interpretation.upper(), word), tone


def show_number(value: float | Decimal, decimals: int | None = None, sign: str = "") -> str:
    """A number with the language's decimal sign, as precise as it is."""
    written = f"{value:.{decimals}f}" if decimals is not None else f"{Decimal(str(value)):f}"
    if "." in written and decimals is None and isinstance(value, float):
        written = written.rstrip("0").rstrip(".")
    return sign + (written.replace(".", ",") if language() == "vi" else written)


def show_quantity(amount: Quantity) -> str:
    """`2,8 mmol/L`, its own sign (`<`, `≥`) before it."""
    number = show_number(amount.value, sign=amount.comparator)
    return f"{number} {show_unit(amount.unit)}".strip()


def show_unit(unit: str) -> str:
    """A unit without UCUM's brackets: `mm[Hg]` is mmHg."""
    return unit.translate(_UCUM)


_UCUM = str.maketrans({"[": None, "]": None, "{": None, "}": None, "_": " "})


def show_value(result: Result) -> str:
    """The value with the language's decimal sign."""
    if result.quantity is not None:
        return show_quantity(result.quantity)
    return {"true": _("yes"), "false": _("no")}.get(result.value, result.value)


def second_line(item: Item) -> str:
    """What stands below a title: value, detail, status and date, whatever the resource gives."""
    pieces: list[str] = []
    if isinstance(item, Result):
        pieces += [show_value(item) or item.absent_reason, interpretation_word(item)[0].lower()]
    pieces += [item.detail, status_word(item)]
    # Of a visit one asks first when it was.
    pieces.insert(0 if isinstance(item, Visit) else len(pieces), dates_of(item))
    return " · ".join(piece for piece in pieces if piece)


def dates_of(item: Item) -> str:
    """`02/10/2026`, `từ 03/2023`, `đã tiêm 20/08/2026`, `ghi nhận 2019`."""
    start, end = show_fhir_date(item.date), show_fhir_date(item.end)
    if isinstance(item, Immunization) and start:
        due = item.status == "due"
        given = item.status in ("", "completed")
        if due or given:
            return (_("by {date}") if due else _("given {date}")).format(date=start)
    if start and end and start != end and not isinstance(item, Visit):
        return f"{start} - {end}"
    ordered = item.resource_type == "MedicationRequest"
    if start and not end and isinstance(item, (Condition, Medicine)) and not ordered:
        return _("since {date}").format(date=start)
    recorded = show_fhir_date(item.recorded)
    return start or end or (_("recorded {date}").format(date=recorded) if recorded else "")


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
