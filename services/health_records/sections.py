"""Which section a resource belongs to, and whether a section says "none" or says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from services.health_records.document import Document, Resource
from services.health_records.fhir import FhirDate, mapping, text
from services.health_records.items import Item

ItemT_co = TypeVar("ItemT_co", bound=Item, covariant=True)
State = Literal["present", "none_confirmed", "no_information"]

ALLERGIES = "48765-2"
CONDITIONS = "11450-4"
PAST_CONDITIONS = "11348-0"
MEDICINES = "10160-0"
IMMUNIZATIONS = "11369-6"
RESULTS = "30954-2"
PROCEDURES = "47519-4"
VISITS = "46240-8"
VITAL_SIGNS = "8716-3"
SOCIAL_HISTORY = "29762-2"
FAMILY_HISTORY = "10157-6"
DEVICES = "46264-8"
PLAN = "18776-5"
BLOOD_GROUP = "882-1"

TYPES = {
    "AllergyIntolerance": ALLERGIES,
    "Condition": CONDITIONS,
    "MedicationStatement": MEDICINES,
    "MedicationRequest": MEDICINES,
    "MedicationDispense": MEDICINES,
    "MedicationAdministration": MEDICINES,
    "Immunization": IMMUNIZATIONS,
    "ImmunizationRecommendation": IMMUNIZATIONS,
    "Observation": RESULTS,
    "DiagnosticReport": RESULTS,
    "ImagingStudy": RESULTS,
    "Procedure": PROCEDURES,
    "Encounter": VISITS,
    "FamilyMemberHistory": FAMILY_HISTORY,
    "Device": DEVICES,
    "DeviceUseStatement": DEVICES,
    "CarePlan": PLAN,
    "Goal": PLAN,
}
"""Where a resource goes that no section of the document lists."""

KNOWN = frozenset(TYPES.values()) | {PAST_CONDITIONS, VITAL_SIGNS, SOCIAL_HISTORY, BLOOD_GROUP}
"""Codes of sections that screens know by name."""

_ABSENT_SYSTEM = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_ABSENT_SYSTEMS = (_ABSENT_SYSTEM, "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown")
NONE_AT_ALL = {
    "no-known-allergies",
    "no-known-problems",
    "no-known-medications",
    "no-known-immunizations",
    "no-known-procedures",
    "no-known-devices",
    "716186003",
    "160245001",
    "787481004",
    "787482006",
    "787480003",
    "787483001",
}
NONE_OF_A_KIND = {
    "no-known-medication-allergies",
    "no-known-environmental-allergies",
    "no-known-food-allergies",
    "409137002",
    "428607008",
    "429625007",
}
_NOTHING_KNOWN = {
    "no-allergy-info",
    "no-problem-info",
    "no-medication-info",
    "no-immunization-info",
    "no-procedure-info",
    "no-device-info",
}
_SNOMED = "http://snomed.info/sct"
_NONE_IN_WORDS = re.compile(
    r"(?:no known|nil known|không có tiền sử|chưa ghi nhận)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Section(Generic[ItemT_co]):
    """One part of the record. `none_confirmed` is "Không có", `no_information` "Chưa có thông tin".

    `unreadable` counts the resources nobody could make sense of: with one of them a section never
    says "none". `empty_reason` is FHIR's code (unavailable, notasked, withheld…), or `missing`
    where the document has no such section. `narrative` is the section's own text, tags removed.
    """

    code: str
    state: State = "no_information"
    items: tuple[ItemT_co, ...] = ()
    unreadable: int = 0
    confirmed_by: str = ""
    confirmed_on: FhirDate | None = None
    empty_reason: str = "missing"
    title: str = ""
    narrative: str = ""

    @property
    def findings(self) -> tuple[ItemT_co, ...]:
        """The items that say something is there, without "no known food allergy" and its kind."""
        return tuple(item for item in self.items if not item.absent)


Statement = Literal["none", "none_of_a_kind", "unknown", ""]


def statement(document: Document, resource: Resource) -> Statement:
    """Whether a resource only says that there is none, or that nothing is known."""
    for name in ("code", "medicationCodeableConcept", "vaccineCode"):
        for code in document.codes(resource.get(name)):
            if code.system not in (*_ABSENT_SYSTEMS, _SNOMED):
                continue
            if code.code in NONE_AT_ALL:
                return "none"
            if code.code in NONE_OF_A_KIND:
                return "none_of_a_kind"
            if code.code in _NOTHING_KNOWN and code.system != _SNOMED:
                return "unknown"
    # Without a code nobody has said "none" for certain; but it is no allergy of that name either.
    return "none_of_a_kind" if _NONE_IN_WORDS.match(_only_words(resource.get("code"))) else ""


def _only_words(concept: object) -> str:
    found = mapping(concept)
    return "" if found.get("coding") else text(found.get("text"))
