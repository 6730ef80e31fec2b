"""Real records of several countries read well, and no mutation of them breaks the view."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.health_records import HealthSummary, read_summary, result_series
from services.health_records.fhir import date
from tests.support.fhir_mutation import mutated

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fhir"
NO_SAMPLES = "the shared FHIR samples (../shared/data/fhir) are not on this machine"


@cache
def shared(part: str) -> Any:
    found = [file for file in sorted(SHARED.glob("*.json")) if part in file.name]
    if not found:
        pytest.skip(NO_SAMPLES)
    return json.loads(found[0].read_text(encoding="utf-8-sig"))


def titles(section: Any) -> list[str]:
    return [item.title for item in section.items]


# Real documents


def test_hong_kongs_summary_reads() -> None:
    """Codes that are a dash, one allergy unconfirmed, and a word and a resource that disagree."""
    summary = read_summary(shared("HK_IPS"))
    assert summary.patient.name == "PATIENT, PEACH"
    assert titles(summary.allergies) == ["cephalosporins", "Seafood"]
    assert summary.allergies.items[0].reactions == ("Rash",)
    assert summary.allergies.items[1].verification == "unconfirmed"
    assert titles(summary.conditions) == ["Hyperlipidemia"]
    assert titles(summary.medicines)[0].startswith("Panadol Extend")
    assert "No known medications" in summary.medicines.narrative
    assert summary.immunizations.state == "no_information"
    assert summary.immunizations.empty_reason == "missing"


def test_hl7s_own_summary_reads() -> None:
    """References by urn, panels with members, partial dates, "no known food allergy"."""
    summary = read_summary(shared("bundle-01"))
    assert summary.allergies.findings[0].title.startswith("Substance with peni")
    assert [item.title for item in summary.allergies.items if item.absent] == [
        "No known food allergy"
    ]
    assert summary.conditions.items[0].date == date("2015")
    assert titles(summary.past_conditions) == ["Malignant tumor of breast"]
    assert "Product containing anastrozole" in titles(summary.medicines)
    assert "7.5 %" in [result.value for result in summary.results.items]
    assert [group.value for group in summary.blood_group.items] == ["Blood group A Rh(D) positive"]
    assert summary.blood_group.items[0].panel == "Blood typing"
    [plan] = [section for section in summary.others if section.code == "18776-5"]
    assert plan.state == "present"
    assert plan.narrative.startswith("Continue hormone medication")


def test_the_minimal_summary_reads() -> None:
    """Three sections are a whole record too."""
    summary = read_summary(shared("bundle-minimal"))
    assert (len(summary.allergies.items), len(summary.conditions.items)) == (1, 1)
    assert summary.medicines.items[0].detail == "1 tablet · Oral use"
    assert summary.author == "Beetje van Hulp"


def test_new_zealands_summary_says_that_nothing_is_known() -> None:
    """No information available must never be read as none."""
    summary = read_summary(shared("no-info"))
    for section in (summary.allergies, summary.conditions, summary.medicines):
        assert (section.state, section.empty_reason) == ("no_information", "unavailable")
    assert [item.date for item in summary.immunizations.items] == [
        date("2020-07-03"),
        date("2019-06-03"),
    ]
    assert summary.immunizations.items[0].place == "NorthCare Pukete Road"


def test_the_netherlands_summary_reads() -> None:
    """Relative addresses, a masked identifier, medicines behind references, own code systems."""
    summary = read_summary(shared("NL_Curavista"))
    assert "METFORMINE 1000MG TABLET" in titles(summary.medicines)
    assert summary.patient.identifiers == ()
    egfr = next(r for r in summary.results.items if r.title.startswith("eGFR"))
    assert (egfr.value, egfr.interpretation) == ("54 mL/min/{1.73_m2}", "A")
    assert str(egfr.reference_ranges[0].low and egfr.reference_ranges[0].low.value) == "60"
    assert all(s.unreadable == 0 for s in (summary.allergies, summary.results, summary.medicines))


# Any mutation


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_mutation_of_a_real_record_breaks_the_view(data: st.DataObject) -> None:
    """Whatever a foreign system sends, the resident sees a screen."""
    parts = ("HK_IPS", "bundle-01", "bundle-minimal", "no-info", "NL_Curavista")
    changed = mutated(data, shared(data.draw(st.sampled_from(parts))))
    summary = read_summary(changed)
    assert isinstance(summary, HealthSummary)
    keys = [item.key for item in (*summary.allergies.items, *summary.conditions.items)]
    assert all(keys)
    result_series(summary.results.items)
