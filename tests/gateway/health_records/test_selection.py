"""A part of a summary is that part: nothing of the sections the resident kept to themselves."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.health_records.sandbox import document_of
from gateway.health_records.sections import only_sections
from gateway.registers.population import sandbox_residents

RESIDENTS = {resident.key: resident for resident in sandbox_residents()}
ALLERGIES, PROBLEMS, RESULTS = "48765-2", "11450-4", "30954-2"


def text_of(key: str) -> str:
    return json.dumps(document_of(RESIDENTS[key]), ensure_ascii=False)


def kinds_of(bundle: str) -> list[str]:
    return [entry["resource"]["resourceType"] for entry in json.loads(bundle)["entry"]]


def sections_of(bundle: str) -> dict[str, dict[str, Any]]:
    found = json.loads(bundle)["entry"][0]["resource"]["section"]
    return {section["code"]["coding"][0]["code"]: section for section in found}


@pytest.mark.parametrize("key", list(RESIDENTS)[:4])
def test_a_part_holds_only_the_chosen_section_and_who_wrote_it(key: str) -> None:
    """A dentist who needs the allergies must not learn the diagnoses."""
    part = only_sections(text_of(key), {ALLERGIES})
    assert set(kinds_of(part)) <= {
        "Composition",
        "Patient",
        "AllergyIntolerance",
        "Organization",
        "Practitioner",
    }
    assert "Một phần" in json.loads(part)["entry"][0]["resource"]["text"]["div"]
    withheld = sections_of(part)[PROBLEMS]
    assert "entry" not in withheld
    assert withheld["emptyReason"]["coding"][0]["code"] == "withheld"


def test_a_period_cuts_results_and_no_allergy() -> None:
    """An old result is left out; an allergy is as dangerous as on the day it was found."""
    whole = text_of("nguyen-minh-anh")
    before = len(sections_of(whole)[RESULTS]["entry"])
    part = only_sections(whole, {ALLERGIES, RESULTS}, since=date(2026, 6, 1))
    found = sections_of(part)
    days = [
        entry["resource"].get("effectiveDateTime", "9")
        for entry in json.loads(part)["entry"]
        if entry["resource"]["resourceType"] == "Observation"
    ]
    assert 0 < len(found[RESULTS]["entry"]) < before
    assert min(days) >= "2026-06-01"
    assert found[ALLERGIES]["entry"] == sections_of(whole)[ALLERGIES]["entry"]
    nothing = sections_of(only_sections(whole, {RESULTS}, since=date(2030, 1, 1)))[RESULTS]
    assert nothing["emptyReason"]["coding"][0]["code"] == "withheld"


def test_real_summaries_are_cut_the_same_way(shared_bundles: list[Path]) -> None:
    """References by path, by urn and by address lead to what is shown and to nothing else."""
    for file in shared_bundles:
        part = only_sections(file.read_text(encoding="utf-8-sig"), {ALLERGIES})
        assert not {"Condition", "MedicationStatement", "Observation"} & set(kinds_of(part)), file
        listed = sections_of(file.read_text(encoding="utf-8-sig"))[ALLERGIES].get("entry", [])
        assert ("AllergyIntolerance" in kinds_of(part)) == bool(listed), file
