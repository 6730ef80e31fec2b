"""What a record says is read as it was meant; what is broken costs its own line only."""

from __future__ import annotations

from typing import Any

import pytest

from services.health_records import HealthSummary, read_summary, result_series
from services.health_records.fhir import date
from services.health_records.narrative import text_of

ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
SNOMED = "http://snomed.info/sct"


def bundle(*resources: dict[str, Any], **sections: dict[str, Any]) -> dict[str, Any]:
    """A document of these resources; `sections` are named by a letter and their LOINC code."""
    composition = {
        "resourceType": "Composition",
        "date": "2026-10-02",
        "author": [{"display": "Trạm Y tế"}],
        "section": [
            {
                "code": {
                    "coding": [{"system": "http://loinc.org", "code": name[1:].replace("_", "-")}]
                }
            }
            | content
            for name, content in sections.items()
        ],
    }
    entries = [{"resource": composition}, *({"resource": resource} for resource in resources)]
    return {"resourceType": "Bundle", "type": "document", "entry": entries}


def allergy(**content: Any) -> dict[str, Any]:
    return {"resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}, **content}


def coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def titles(section: Any) -> list[str]:
    return [item.title for item in section.items]


# "Không có" and "Chưa có thông tin"


def test_none_is_confirmed_by_whom_and_when() -> None:
    """A doctor's word without the doctor's name is worth little."""
    none = allergy(
        code=coded(ABSENT, "no-known-allergies"),
        recordedDate="2026-05-12",
        recorder={"display": "BS. Lê Thu Trang"},
    )
    section = read_summary(bundle(none)).allergies
    assert (section.state, section.items) == ("none_confirmed", ())
    assert (section.confirmed_by, section.confirmed_on) == ("BS. Lê Thu Trang", date("2026-05-12"))


@pytest.mark.parametrize("system", [ABSENT, SNOMED])
def test_none_is_said_in_both_code_systems(system: str) -> None:
    """IPS has its own codes and, since 2024, SNOMED's."""
    code = "no-known-procedures" if system == ABSENT else "787480003"
    procedure = {"resourceType": "Procedure", "status": "completed", "code": coded(system, code)}
    assert read_summary(bundle(procedure)).procedures.state == "none_confirmed"


def test_an_empty_section_speaks_by_its_reason() -> None:
    """Nilknown is "none"; every other reason is "nothing known"."""
    reason = {
        "emptyReason": coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown")
    }
    section = read_summary(bundle(s48765_2=reason)).allergies
    assert (section.state, section.confirmed_by) == ("none_confirmed", "Trạm Y tế")
    for code in ("unavailable", "notasked", "withheld", "notstarted", "closed", "anything"):
        reason = {
            "emptyReason": coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", code)
        }
        section = read_summary(bundle(s48765_2=reason)).allergies
        assert (section.state, section.empty_reason) == ("no_information", code)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"verificationStatus": coded("x", "unconfirmed")},
        {"verificationStatus": coded("x", "entered-in-error")},
        {"code": coded(ABSENT, "no-allergy-info")},
    ],
)
def test_a_doubtful_none_is_no_none(spoiled: dict[str, Any]) -> None:
    """Who trusts a false "no allergies" gives the wrong injection."""
    none = allergy(code=coded(ABSENT, "no-known-allergies")) | spoiled
    assert read_summary(bundle(none)).allergies.state == "no_information"


def test_a_none_beside_an_allergy_or_a_broken_line_is_no_none() -> None:
    """Where anything is there, even unreadable, nobody may read "Không có"."""
    none = allergy(code=coded(ABSENT, "no-known-allergies"))
    both = read_summary(bundle(none, allergy())).allergies
    assert (both.state, titles(both)) == ("present", ["Penicillin"])
    broken = read_summary(bundle(none, allergy(code=42))).allergies
    assert (broken.state, broken.items, broken.unreadable) == ("present", (), 1)


def test_a_section_in_words_only_is_there() -> None:
    """Many documents say all they know in the narrative."""
    text = {"div": "<div>Dị ứng <b>hải sản</b><script>alert(1)</script></div>"}
    section = read_summary(bundle(s48765_2={"text": text})).allergies
    assert (section.state, section.narrative) == ("present", "Dị ứng hải sản")


# One broken line


@pytest.mark.parametrize(
    "broken",
    [
        {"code": "penicillin"},
        {"code": 42},
        {"code": {"coding": 7}},
        {"code": {}},
        {"clinicalStatus": 7, "code": {"text": "x"}},
        {"verificationStatus": [1], "code": {"text": "x"}},
    ],
)
def test_a_broken_resource_costs_its_own_line(broken: dict[str, Any]) -> None:
    """The resident sees the rest, and that one entry could not be read."""
    section = read_summary(
        bundle(allergy(), {"resourceType": "AllergyIntolerance", **broken})
    ).allergies
    assert (titles(section), section.unreadable) == (["Penicillin"], 1)


def test_a_reference_into_nothing_is_counted() -> None:
    """A list that names three allergies and holds two must not look complete."""
    entry = {"entry": [{"reference": "AllergyIntolerance/gone"}, "nonsense"]}
    section = read_summary(bundle(allergy(), s48765_2=entry)).allergies
    assert (titles(section), section.unreadable) == (["Penicillin"], 2)


def test_what_was_entered_in_error_is_not_shown() -> None:
    """It was never true."""
    wrong = allergy(verificationStatus=coded("x", "entered-in-error"))
    medicine = {
        "resourceType": "MedicationStatement",
        "status": "entered-in-error",
        "medicationCodeableConcept": {"text": "Warfarin"},
    }
    summary = read_summary(bundle(wrong, medicine))
    assert (summary.allergies.state, summary.medicines.state) == (
        "no_information",
        "no_information",
    )


def test_another_patients_resource_is_left_out() -> None:
    """A bundle may hold a mother and her child; each sees their own."""
    own = {"resourceType": "Patient", "id": "1", "name": [{"text": "Mẹ"}]}
    child = {"resourceType": "Patient", "id": "2", "name": [{"text": "Con"}]}
    found = read_summary(bundle(own, child, allergy(patient={"reference": "Patient/2"})))
    assert (found.patient.name, found.allergies.items) == ("Mẹ", ())


@pytest.mark.parametrize("value", [None, [], {}, 7, "text", {"entry": 3}, {"entry": [None, {}, 5]}])
def test_anything_at_all_is_a_record(value: object) -> None:
    """A server's nonsense is an empty record, not a crash."""
    summary = read_summary(value)
    assert isinstance(summary, HealthSummary)
    assert summary.is_empty


# Words


def test_vietnamese_words_come_first_then_english() -> None:
    """A resident reads their own language wherever the document has it."""
    translation = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [
            {"url": "lang", "valueCode": "vi"},
            {"url": "content", "valueString": "Cơn bốc hỏa"},
        ],
    }
    coding = {"system": SNOMED, "code": "198436008", "display": "Menopausal flushing (finding)"}
    dutch = {"system": "urn:nl", "code": "1", "display": "opvliegers"}
    code = {"coding": [dutch, coding], "text": "opvliegers"}
    document = bundle(allergy(code=code))
    document["entry"][0]["resource"]["language"] = "nl-NL"
    assert titles(read_summary(document).allergies) == ["Menopausal flushing"]
    coding["_display"] = {"extension": [translation]}  # type: ignore[assignment]
    assert titles(read_summary(document).allergies) == ["Cơn bốc hỏa"]
    code["text"] = "Bốc hỏa"
    del coding["_display"]
    assert titles(read_summary(document).allergies) == ["Bốc hỏa"]


def test_contained_resources_and_medicines_behind_references_are_found() -> None:
    """A prescription often carries its medicine inside."""
    medicine = {
        "resourceType": "MedicationRequest",
        "contained": [
            {"resourceType": "Medication", "id": "m", "code": {"text": "Amlodipin 5 mg"}}
        ],
        "medicationReference": {"reference": "#m"},
        "dosageInstruction": [{"text": "1 viên mỗi sáng"}],
    }
    [found] = read_summary(bundle(medicine)).medicines.items
    assert (found.title, found.detail, found.is_current) == (
        "Amlodipin 5 mg",
        "1 viên mỗi sáng",
        True,
    )


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("2015", (2015, None, None)),
        ("2015-03", (2015, 3, None)),
        ("2015-03-31", (2015, 3, 31)),
        ("2015-03-31T08:00:00+07:00", (2015, 3, 31)),
        ("2022-01-08T20:42:11.0607701+00:00", (2022, 1, 8)),
        ("2015-13-40", (2015, None, None)),
        ("hồi nhỏ", (None, None, None)),
    ],
)
def test_a_partial_date_keeps_what_was_given(given: str, parts: tuple[int | None, ...]) -> None:
    """The year 2015 must not become 1 January 2015."""
    found = date(given)
    assert found is not None
    assert (found.year, found.month, found.day) == parts
    assert found.as_given == given


def test_interpretation_and_limits_come_from_the_resource_alone() -> None:
    """The app never calls a value high that the laboratory did not."""
    plain = {"resourceType": "Observation", "code": {"text": "LDL"}}
    plain |= {"valueQuantity": {"value": 9.9, "unit": "mmol/L"}}
    full = {**plain, "interpretation": [coded("x", "H")]}
    full |= {"referenceRange": [{"high": {"value": 3.4, "unit": "mmol/L"}}, {"text": "dưới 3,4"}]}
    without, with_both = read_summary(bundle(plain, full)).results.items
    assert (without.interpretation, without.reference_ranges) == ("", ())
    assert with_both.interpretation == "H"
    assert [r.text for r in with_both.reference_ranges] == ["", "dưới 3,4"]


def test_a_value_of_a_wrong_type_is_unreadable_not_zero() -> None:
    """A number that is not one must never be drawn as a measurement."""
    for value in ("cao", None, {"unit": "mmol/L"}, {"value": True}, {"value": float("nan")}):
        result = {"resourceType": "Observation", "code": {"text": "LDL"}, "valueQuantity": value}
        section = read_summary(bundle(result)).results
        assert (section.items, section.unreadable) == ((), 1)


def test_blood_pressure_is_two_results_of_one_panel() -> None:
    """130/82 arrives as components."""
    part = {"code": {"text": "Tâm thu"}, "valueQuantity": {"value": 130, "unit": "mmHg"}}
    other = {"code": {"text": "Tâm trương"}, "valueQuantity": {"value": 82, "unit": "mmHg"}}
    panel = {
        "resourceType": "Observation",
        "code": {"text": "Huyết áp"},
        "component": [part, other, 3],
    }
    panel |= {"category": [coded("x", "vital-signs")], "effectiveDateTime": "2026-10-02"}
    section = read_summary(bundle(panel)).vital_signs
    assert [(r.title, r.value, r.panel) for r in section.items] == [
        ("Tâm thu", "130 mmHg", "Huyết áp"),
        ("Tâm trương", "82 mmHg", "Huyết áp"),
    ]
    assert section.unreadable == 1
    assert len({result.key for result in section.items}) == 2


def test_different_units_never_share_a_series() -> None:
    """3.4 mmol/L and 131 mg/dL on one axis would be a lie."""
    shown = [("2026-01-08", 3.6, "mmol/L"), ("2026-10-02", 2.8, "mmol/L"), ("2024", 131, "mg/dL")]
    observations = [
        {
            "resourceType": "Observation",
            "code": {"text": "LDL"},
            "effectiveDateTime": day,
            "valueQuantity": {"value": value, "unit": unit},
        }
        for day, value, unit in shown
    ]
    series = result_series(read_summary(bundle(*observations)).results.items)
    assert [(s.unit, len(s.results)) for s in series] == [("mmol/L", 2), ("mg/dL", 1)]
    assert series[0].latest.value == "2.8 mmol/L"


def test_members_in_a_circle_are_read_once() -> None:
    """A panel that holds itself must not hang the phone."""

    def panel(name: str, member: str) -> dict[str, Any]:
        found = {
            "resourceType": "Observation",
            "id": name,
            "code": {"text": name},
            "valueInteger": 1,
        }
        return found | {"hasMember": [{"reference": f"Observation/{member}"}]}

    listed = {"entry": [{"reference": "Observation/a"}, {"reference": "Observation/b"}]}
    found = read_summary(bundle(panel("a", "b"), panel("b", "a"), s30954_2=listed))
    assert sorted(titles(found.results)) == ["a", "b"]


def test_a_narrative_shows_no_script_picture_or_link() -> None:
    """A hospital's XHTML is a stranger's page."""
    div = '<div onclick="x()">Một<br/>hai<img src="https://x/y.png"/><style>p{}</style><a href="j">ba</a>'
    assert text_of(div) == "Một\nhaiba"
    assert text_of(f"<p>a\u202eb\x00{chr(0xD800)}</p>") == "ab"
    assert text_of(["not text"]) == ""
