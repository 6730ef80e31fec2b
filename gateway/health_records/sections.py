"""The sections of an International Patient Summary: what belongs to which, and a part of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.health_records.bundles import Entry, read_bundle, text
from gateway.health_records.store import names_of

LOINC = "http://loinc.org"

ALLERGIES = "48765-2"
PROBLEMS = "11450-4"
MEDICATIONS = "10160-0"
IMMUNIZATIONS = "11369-6"
RESULTS = "30954-2"
PROCEDURES = "47519-4"
PAST_ILLNESS = "11348-0"
VITAL_SIGNS = "8716-3"
SOCIAL_HISTORY = "29762-2"
FAMILY_HISTORY = "10157-6"
DEVICES = "46264-8"
PLAN = "18776-5"
ENCOUNTERS = "46240-8"
BLOOD_GROUP = "882-1"

TITLES = {
    ALLERGIES: "Dị ứng",
    PROBLEMS: "Bệnh đang theo dõi",
    MEDICATIONS: "Thuốc",
    IMMUNIZATIONS: "Tiêm chủng",
    RESULTS: "Kết quả xét nghiệm",
    PROCEDURES: "Phẫu thuật, thủ thuật",
    PAST_ILLNESS: "Bệnh đã qua",
    VITAL_SIGNS: "Dấu hiệu sinh tồn",
    SOCIAL_HISTORY: "Yếu tố nguy cơ",
    FAMILY_HISTORY: "Bệnh trong gia đình",
    DEVICES: "Thiết bị y tế",
    PLAN: "Kế hoạch điều trị",
    ENCOUNTERS: "Lần khám",
    BLOOD_GROUP: "Nhóm máu",
}
REQUIRED = (ALLERGIES, PROBLEMS, MEDICATIONS)
"""Sections an International Patient Summary always has."""
LASTING = frozenset(
    {ALLERGIES, PROBLEMS, MEDICATIONS, BLOOD_GROUP, DEVICES, PLAN, FAMILY_HISTORY, SOCIAL_HISTORY}
)
"""Sections of what holds until it changes: a period never cuts them, whenever it began."""

_BY_TYPE = {
    "AllergyIntolerance": ALLERGIES,
    "Condition": PROBLEMS,
    "MedicationStatement": MEDICATIONS,
    "MedicationRequest": MEDICATIONS,
    "MedicationDispense": MEDICATIONS,
    "MedicationAdministration": MEDICATIONS,
    "Immunization": IMMUNIZATIONS,
    "ImmunizationRecommendation": IMMUNIZATIONS,
    "Observation": RESULTS,
    "DiagnosticReport": RESULTS,
    "ImagingStudy": RESULTS,
    "Procedure": PROCEDURES,
    "FamilyMemberHistory": FAMILY_HISTORY,
    "DeviceUseStatement": DEVICES,
    "CarePlan": PLAN,
    "Goal": PLAN,
    "Medication": MEDICATIONS,
    "Specimen": RESULTS,
    "Device": DEVICES,
    "Encounter": ENCOUNTERS,
}


def section_of(resource: Mapping[str, Any]) -> str | None:
    """The LOINC code of the section for a resource no section lists; None if it belongs to none."""
    kind = resource.get("resourceType")
    if kind == "Condition" and codes(resource.get("clinicalStatus")) & {"resolved", "inactive"}:
        return PAST_ILLNESS
    if kind == "Observation":
        categories = codes(resource.get("category"))
        if "vital-signs" in categories:
            return VITAL_SIGNS
        if "social-history" in categories:
            return SOCIAL_HISTORY
    return _BY_TYPE.get(kind) if isinstance(kind, str) else None


def codes(value: object) -> set[str]:
    """Every code of a concept, or of a list of them; what is malformed has none."""
    found: set[str] = set()
    for concept in value if isinstance(value, list) else [value]:
        coding = concept.get("coding") if isinstance(concept, dict) else None
        for item in coding if isinstance(coding, list) else [coding]:
            code = item.get("code") if isinstance(item, dict) else None
            if isinstance(code, str):
                found.add(code)
    return found


_REASONS = {
    "unavailable": "Chưa có thông tin",
    "nilknown": "Không có",
    "withheld": "Không nằm trong phần được chia sẻ",
}


def empty_section(code: str, reason: str = "unavailable") -> dict[str, Any]:
    """A section that says why it is empty (a code of FHIR's list-empty-reason)."""
    words = _REASONS[reason]
    system = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
    coding = {"system": system, "code": reason}
    return {**head(code, words), "emptyReason": {"coding": [coding], "text": words}}


def head(code: str, narrative: str) -> dict[str, Any]:
    """What every section has: title, code and a narrative of one sentence (plain text)."""
    return {
        "title": TITLES.get(code, code),
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "text": {"status": "generated", "div": f"<div {XHTML}>{narrative}</div>"},
    }


XHTML = 'xmlns="http://www.w3.org/1999/xhtml" lang="vi" xml:lang="vi"'


def key_of(section: Mapping[str, Any]) -> str:
    """The section's code, else its title."""
    return next(iter(sorted(codes(section.get("code")))), "") or str(section.get("title", ""))


Section = dict[str, Any]

_DATES = (
    "effectiveDateTime",
    "effectiveInstant",
    "performedDateTime",
    "occurrenceDateTime",
    "authoredOn",
    "issued",
    "date",
)
_PERIODS = ("effectivePeriod", "performedPeriod", "period")
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}")


def only_sections(bundle: str, codes: Collection[str], since: date | None = None) -> str:
    """The document Bundle (JSON text in, JSON text out) with only the sections of these LOINC codes.

    With them come the resources they reach, save those that belong to a section not chosen.
    `since` leaves out what ended before it, but nothing of `LASTING` sections and nothing undated.
    Sections an IPS must have stay, empty and marked as withheld. Resources stay word for word.
    Raises BrokenBundleError when the text is no Bundle.
    """
    document = _Document.of(bundle)
    kept = [
        document.cut(section, since) for section in document.sections() if key_of(section) in codes
    ]
    there = {key_of(section) for section in kept}
    kept += [empty_section(code, "withheld") for code in REQUIRED if code not in there]
    narrative = {"status": "generated", "div": f"<div {XHTML}>Một phần hồ sơ sức khỏe</div>"}
    composition = {**document.composition, "text": narrative, "section": kept}
    return document.write(composition, document.hidden(codes))


@dataclass(frozen=True, slots=True)
class _Document:
    """A document Bundle with a way from every reference to its entry's place."""

    entries: tuple[Entry, ...] = field(repr=False)
    opening: Mapping[str, Any] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    first: int

    @classmethod
    def of(cls, bundle: str) -> _Document:
        entries = read_bundle(bundle.encode()).entries
        opening = {k: v for k, v in json.loads(bundle).items() if k not in {"entry", "signature"}}
        places: dict[str, int] = {}
        for place, entry in enumerate(entries):
            for name in names_of(entry):
                places.setdefault(name, place)
        first = next((p for p, e in enumerate(entries) if e.type == "Composition"), -1)
        return cls(entries, opening, places, first)

    @property
    def composition(self) -> Mapping[str, Any]:
        return self.entries[self.first].resource if self.first >= 0 else {}

    def sections(self) -> Iterator[Section]:
        """Every section, those inside others too."""
        waiting = _objects(self.composition.get("section"))
        while waiting:
            section = waiting.pop(0)
            waiting = _objects(section.get("section")) + waiting
            yield {name: value for name, value in section.items() if name != "section"}

    def hidden(self, codes: Collection[str]) -> set[int]:
        """The places of what belongs to sections not chosen only."""
        belongs: dict[int, set[str]] = {}
        for section in self.sections():
            for place in self._targets(section.get("entry")):
                belongs.setdefault(place, set()).add(key_of(section))
        for place, entry in enumerate(self.entries):
            code = section_of(entry.resource)
            if code is not None and place not in belongs:
                belongs[place] = {code}
        return {place for place, found in belongs.items() if not found & set(codes)}

    def cut(self, section: Section, since: date | None) -> Section:
        """The section without the entries that ended before the period."""
        entries = _objects(section.get("entry"))
        if since is None or not entries or key_of(section) in LASTING:
            return section
        kept = [e for e in entries if not self._ended_before(e, since)]
        if len(kept) == len(entries):
            return section
        words = f"Từ ngày {since:%d/%m/%Y}: {len(kept)} mục"
        narrative = {"status": "generated", "div": f"<div {XHTML}>{words}</div>"}
        rest = {n: v for n, v in section.items() if n not in {"entry", "text"}}
        if kept:
            return {**rest, "text": narrative, "entry": kept}
        return {
            **rest,
            "text": narrative,
            "emptyReason": empty_section("", "withheld")["emptyReason"],
        }

    def write(self, composition: Mapping[str, Any], hidden: set[int]) -> str:
        """The Bundle around this Composition, with what it reaches past what is hidden."""
        seen, waiting = {self.first}, [composition]
        while waiting:
            for place in self._targets(waiting.pop()):
                if place not in seen | hidden:
                    seen.add(place)
                    waiting.append(self.entries[place].resource)
        words = [self._entry(self.first, json.dumps(composition, ensure_ascii=False))]
        words += [self._entry(p, self.entries[p].raw) for p in sorted(seen - {self.first})]
        opening = json.dumps(self.opening, ensure_ascii=False)[:-1]
        return f'{opening}, "entry":[{",".join(words)}]}}'

    def _entry(self, place: int, raw: str) -> str:
        full_url = self.entries[place].full_url if place >= 0 else ""
        named = f'"fullUrl":{json.dumps(full_url)},' if full_url else ""
        return f'{{{named}"resource":{raw}}}'

    def _ended_before(self, reference: Section, since: date) -> bool:
        place = next(iter(self._targets(reference)), None)
        day = last_day(self.entries[place].resource) if place is not None else ""
        return bool(day) and day < since.isoformat()[: len(day)]

    def _targets(self, value: object) -> Iterator[int]:
        """The places of everything a value points at."""
        if isinstance(value, list):
            for item in value:
                yield from self._targets(item)
        elif isinstance(value, Mapping):
            name = text(value.get("reference")).split("/_history/")[0]
            place = self.places.get(name) if name else None
            place = (
                self.places.get("/".join(name.split("/")[-2:])) if name and place is None else place
            )
            if place is not None:
                yield place
            for item in value.values():
                yield from self._targets(item)


def last_day(resource: Mapping[str, Any]) -> str:
    """The day something ended or happened, as precise as it is said (YYYY, YYYY-MM or a day)."""
    for name in _PERIODS:
        period = resource.get(name)
        if isinstance(period, dict):
            if not period.get("end") and resource.get("status") in {"active", "in-progress"}:
                return ""
            said = text(period.get("end")) or text(period.get("start"))
            if said:
                return _day(said)
    return next((_day(text(resource[n])) for n in _DATES if text(resource.get(n))), "")


def _day(said: str) -> str:
    found = _DAY.match(said)
    return found[0] if found else ""


def _objects(value: object) -> list[Section]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
