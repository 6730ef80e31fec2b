"""The sections of an International Patient Summary, and which one a resource belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def empty_section(code: str, reason: str = "unavailable") -> dict[str, Any]:
    """A section that says why it is empty (a code of FHIR's list-empty-reason)."""
    words = {"unavailable": "Chưa có thông tin", "nilknown": "Không có"}[reason]
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
