"""The health record as screens read it: one frozen value made from one FHIR Bundle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from services.health_records import sections as codes
from services.health_records.assembly import assemble
from services.health_records.document import Document, Resource, human_name, open_document
from services.health_records.fhir import FhirDate, date, many, mapping, text
from services.health_records.items import (
    Allergy,
    Condition,
    Immunization,
    Insurance,
    Item,
    Medicine,
    Patient,
    Procedure,
    Result,
    Visit,
)
from services.health_records.sections import Section

_BLOOD_GROUP_CODES = frozenset({"882-1", "883-9", "10331-7", "34530-6", "77397-8"})


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """Everything a Bundle says about one patient. Sections the document lacks are `no_information`.

    `unreadable` counts entries that hold no resource at all; each section counts its own broken
    resources. `others` are sections without a field of their own, in the document's order.
    """

    patient: Patient
    allergies: Section[Allergy]
    conditions: Section[Condition]
    past_conditions: Section[Condition]
    medicines: Section[Medicine]
    immunizations: Section[Immunization]
    results: Section[Result]
    vital_signs: Section[Result]
    procedures: Section[Procedure]
    visits: Section[Visit]
    blood_group: Section[Result]
    others: tuple[Section[Item], ...] = ()
    title: str = ""
    author: str = ""
    updated: FhirDate | None = None
    unreadable: int = 0
    document: Document = field(default_factory=Document, repr=False, compare=False)

    @property
    def risk_factors(self) -> Section[Any]:
        """Social history: smoking, alcohol, work, activity."""
        return self.other(codes.SOCIAL_HISTORY)

    def other(self, code: str) -> Section[Any]:
        """A section without a field of its own; an empty one when the document has none."""
        return next((s for s in self.others if s.code == code), Section(code))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of this patient."""
        named = (self.allergies, self.conditions, self.past_conditions, self.medicines)
        more = (self.immunizations, self.results, self.vital_signs, self.procedures, self.visits)
        every: Iterable[Section[Any]] = (*named, *more, *self.others)
        return all(section.state == "no_information" for section in every)


@dataclass(frozen=True, slots=True)
class ResultSeries:
    """Results of one test in one unit, newest first: what may share an axis."""

    title: str
    unit: str
    results: tuple[Result, ...]

    @property
    def latest(self) -> Result:
        """The newest of them."""
        return self.results[0]


def read_summary(bundle: object) -> HealthSummary:
    """Read any JSON as a FHIR Bundle of one patient; never raises, whatever the value is."""
    document = open_document(bundle)
    found = assemble(document)
    composition = document.first("Composition")
    authors = (document.party(a, composition) for a in many(composition.get("author")))
    results = _section(found, codes.RESULTS, Result)
    vital_signs = _section(found, codes.VITAL_SIGNS, Result)
    measured = tuple(replace(result, is_vital=True) for result in vital_signs.items)
    vital_signs = replace(vital_signs, items=measured)
    named = (
        _section(found, codes.ALLERGIES, Allergy),
        _section(found, codes.CONDITIONS, Condition),
        _section(found, codes.PAST_CONDITIONS, Condition),
        _section(found, codes.MEDICINES, Medicine),
        _section(found, codes.IMMUNIZATIONS, Immunization),
        results,
        vital_signs,
        _section(found, codes.PROCEDURES, Procedure),
        _section(found, codes.VISITS, Visit),
        _blood_group(found, results),
    )
    taken = {section.code for section in named}
    return HealthSummary(
        _patient(document, document.resolve(composition.get("subject"))),
        *named,
        others=tuple(section for code, section in found.items() if code not in taken),
        title=text(composition.get("title")),
        author=", ".join(filter(None, authors)),
        updated=date(composition.get("date")) or date(mapping(bundle).get("timestamp")),
        unreadable=document.unreadable,
        document=document,
    )


def result_series(results: Iterable[Result]) -> tuple[ResultSeries, ...]:
    """Numeric results grouped by test and unit, newest first; each unit its own group."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        if result.quantity is not None:
            name = next((f"{c.system}|{c.code}" for c in result.codes if c.code), result.title)
            unit = result.quantity.code or result.quantity.unit
            groups.setdefault((name, unit), []).append(result)
    return tuple(_series(group) for group in groups.values())


def _series(group: list[Result]) -> ResultSeries:
    ordered = sorted(
        group, key=lambda r: r.date.sort_key if r.date else (0, 0, 0, ""), reverse=True
    )
    quantity = ordered[0].quantity
    return ResultSeries(ordered[0].title, quantity.unit if quantity else "", tuple(ordered))


def _section(found: Mapping[str, Section[Any]], code: str, kind: type[Item]) -> Section[Any]:
    section = found.get(code, Section(code))
    return replace(section, items=tuple(_as(kind, item) for item in section.items))


def _as(kind: type[Item], item: Item) -> Item:
    """A resource of another type in a section (an image among results) keeps the common fields."""
    if isinstance(item, kind):
        return item
    return kind(**{one.name: getattr(item, one.name) for one in fields(Item)})


def _blood_group(found: Mapping[str, Section[Any]], results: Section[Result]) -> Section[Result]:
    own = found.get(codes.BLOOD_GROUP, Section(codes.BLOOD_GROUP))
    groups = tuple(
        result
        for section in (own, results)
        for result in section.items
        if isinstance(result, Result)
        and result.value
        and any(code.code in _BLOOD_GROUP_CODES for code in result.codes)
    )
    if not groups:
        return replace(own, items=())
    return replace(own, state="present", items=groups, empty_reason="")


def _patient(document: Document, subject: Resource | None) -> Patient:
    resource = subject or document.first("Patient")
    identifiers = [mapping(found) for found in many(resource.get("identifier"))]
    telecoms = [mapping(found) for found in many(resource.get("telecom"))]
    return Patient(
        name=human_name(resource.get("name")),
        gender=text(resource.get("gender")),
        birth_date=date(resource.get("birthDate")),
        identifiers=tuple(
            (text(i.get("system")), text(i.get("value")))
            for i in identifiers
            if text(i.get("value"))
        ),
        address=_address(mapping(resource.get("address"))),
        phones=tuple(
            text(t.get("value")).removeprefix("tel:")
            for t in telecoms
            if t.get("system") == "phone" and text(t.get("value"))
        ),
        insurance=_insurance(document, identifiers),
    )


def _insurance(document: Document, identifiers: list[Resource]) -> Insurance | None:
    """Health insurance (BHYT): the patient's own number, and what a Coverage adds to it."""
    numbers = (text(i.get("value")) for i in identifiers if "bhyt" in text(i.get("system")).lower())
    coverage = document.first("Coverage")
    held = mapping(coverage.get("identifier"))
    named = text(coverage.get("subscriberId")) or text(held.get("value"))
    number = next(filter(None, (*numbers, named)), "")
    if not number and not coverage:
        return None
    period = mapping(coverage.get("period"))
    payors = (document.party(payor, coverage) for payor in many(coverage.get("payor")))
    return Insurance(
        number, date(period.get("start")), date(period.get("end")), ", ".join(filter(None, payors))
    )


def _address(address: Resource) -> str:
    lines = [text(line) for line in many(address.get("line"))]
    parts = (*lines, *(text(address.get(n)) for n in ("district", "city", "state", "country")))
    return text(address.get("text")) or ", ".join(part for part in parts if part)
