"""The record on the screen: whatever a document holds, every screen of it can be drawn."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.entry import Process
from gateway.health_records.sandbox import document_of
from gateway.registers.population import sandbox_residents
from services.health_records import read_summary
from services.health_records.details import Details
from services.health_records.fhir import date as fhir_date
from services.health_records.items import Allergy
from services.health_records.trends import points, trends_of
from services.health_records.visits import Paper
from tests.support.fhir_mutation import mutated
from tests.support.health_bundle import draws_everything, quiet_process
from views.health_records.chart_scale import axis_of
from views.health_records.item import facts
from views.health_records.papers import file_name
from views.health_records.words import show_fhir_date

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "fhir"
DOCUMENTS: list[Any] = [json.loads(path.read_text()) for path in sorted(SHARED.glob("*.json"))]
OWN = {resident.key: document_of(resident) for resident in sandbox_residents()}
LOOKS: tuple[dict[str, Any], ...] = ({}, {"language": "en", "text_scale": 2.0}, {"width": 1280.0})


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    """The app without a city."""
    with quiet_process() as found:
        yield found


def observation(day: str, value: float, unit: str = "mmol/L", **more: Any) -> dict[str, Any]:
    """A result of one test."""
    quantity = {"value": value, "unit": unit}
    found = {"resourceType": "Observation", "code": {"text": "LDL"}, "valueQuantity": quantity}
    return {**found, "effectiveDateTime": day, **more}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": found} for found in resources]}


def words_of(process: Process, *resources: dict[str, Any], **look: Any) -> str:
    return draws_everything(process, read_summary(bundle(*resources)), **look)


@pytest.mark.parametrize("look", LOOKS)
def test_every_screen_of_real_records_can_be_drawn(process: Process, look: dict[str, Any]) -> None:
    """A record from abroad, in both languages, at twice the size of text, on a desktop."""
    for document in (OWN["nguyen-minh-anh"], *(DOCUMENTS if not look else DOCUMENTS[1:2])):
        words = draws_everything(process, read_summary(document), **look)
        assert ("Allergies" if "language" in look else "Dị ứng") in words


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_mutation_of_a_record_leaves_a_screen_undrawn(
    process: Process, data: st.DataObject
) -> None:
    """A broken resource costs its own line, never a screen. The long form: tests/campaigns."""
    valid = data.draw(st.sampled_from([OWN["nguyen-minh-anh"], OWN["pham-thi-lan"]]))
    draws_everything(process, read_summary(mutated(data, valid)))


def test_a_script_or_a_picture_in_a_narrative_is_never_drawn(process: Process) -> None:
    """A document is written by strangers: its text is shown, what it would load is not."""
    div = '<div><script>steal()</script><img src="https://x.test/p.png"/>Da khô</div>'
    broken = {"resourceType": "Condition", "code": {"text": "Chàm"}, "text": {"div": div}}
    words = words_of(process, broken)
    assert "Da khô" in words
    assert "steal" not in words
    assert "x.test" not in words


def test_units_that_differ_have_charts_of_their_own(process: Process) -> None:
    """3.4 mmol/L and 131 mg/dL on one axis would be a lie."""
    days = ("2026-01-08", "2026-07-03")
    words = words_of(
        process,
        *(observation(day, value) for day, value in zip(days, (3.6, 3.0), strict=True)),
        *(observation(day, value, "mg/dL") for day, value in zip(days, (140, 131), strict=True)),
    )
    assert words.count("Biểu đồ LDL") == 2
    assert "từ 3,6 đến 3,0 mmol/L" in words
    assert "từ 140 đến 131 mg/dL" in words


def test_nothing_is_said_of_a_result_that_the_laboratory_did_not_say(process: Process) -> None:
    """9.9 may be high: only the laboratory says so. A negative is not "in range"."""
    plain = words_of(process, observation("2026-01-08", 9.9), observation("2026-02-08", 9.9))
    assert not any(word in plain for word in ("Cao", "cao", "Thấp", "Trong ngưỡng"))
    assert "Phòng xét nghiệm không ghi ngưỡng" in plain
    coded = {"coding": [{"code": "NEG"}]}
    negative = words_of(process, observation("2026-01-08", 0.1, interpretation=[coded]))
    assert "Âm tính" in negative
    assert "Trong ngưỡng" not in negative


def test_a_result_without_a_date_is_in_the_table_and_says_so(process: Process) -> None:
    """Nobody may guess where it lies on the axis."""
    undated = {**observation("", 7.7), "effectiveDateTime": None}
    given = [observation(f"2026-0{month}-01", 3.0) for month in (1, 2)]
    words = words_of(process, *given, undated)
    assert "1 kết quả không ghi ngày chỉ có trong bảng." in words
    assert "7,7" in words


def test_an_allergy_that_was_ruled_out_raises_no_alarm(process: Process) -> None:
    """A brick card for an allergy one does not have ends in the wrong medicine."""
    refuted = {
        "resourceType": "AllergyIntolerance",
        "code": {"text": "Penicillin"},
        "verificationStatus": {"coding": [{"code": "refuted"}]},
    }
    section = read_summary(bundle(refuted)).allergies
    assert section.findings == ()
    assert "đã loại trừ" in words_of(process, refuted)


def test_the_kind_of_an_allergy_is_said_in_words() -> None:
    """FHIR's four codes are English words of a standard, not a resident's."""
    for kind in ("food", "medication", "environment", "biologic"):
        allergy = Allergy(
            key="a", resource_type="AllergyIntolerance", title="?", categories=(kind,)
        )
        said = dict(facts(allergy, Details()))
        assert said["Loại"] not in ("", kind)


def test_a_long_section_is_drawn_a_page_at_a_time(process: Process) -> None:
    """Ten thousand lines at once would freeze a phone."""
    many = [
        {"resourceType": "Condition", "id": str(n), "code": {"text": f"Bệnh {n}"}}
        for n in range(95)
    ]
    words = words_of(process, *many)
    assert "Xem thêm 30 trong 65" in words
    assert words.count("Bệnh ") < 45


@pytest.mark.parametrize(
    "values",
    [[0.0], [0.0, 0.0], [3.9, 2.8], [-5.0, 5.0], [1e-9, 2e-9], [1e12, 1e12 + 1], [130, 82, 250]],
)
def test_an_axis_holds_every_value_between_round_ticks(values: list[float]) -> None:
    """A point outside its own chart cannot be read."""
    results = [observation(f"2026-01-{n + 1:02}", value) for n, value in enumerate(values)]
    summary = read_summary(bundle(*results))
    [trend] = trends_of(summary.results.items)
    axis = axis_of(points(trend.series[0]), ())
    assert axis.low <= min(values) <= max(values) <= axis.high
    assert 2 <= len(axis.ticks) <= 8
    steps = {round(b - a, 12) for a, b in itertools.pairwise(axis.ticks)}
    assert max(steps) - min(steps) <= 1e-6 * max(1.0, abs(axis.high))


def test_a_file_of_a_paper_has_a_plain_name() -> None:
    """A title is written by strangers: it must not become a path."""
    paper = Paper("k", "../../etc/Tóm tắt: bệnh án", "application/pdf", "Binary/1")
    assert file_name(paper) == "etc-tóm-tắt-bệnh-án.pdf"
    assert file_name(Paper("k", "", "x/y", "u")) == "giay-to"


def test_partial_dates_stay_partial() -> None:
    """The year 2015 must not become 1 January 2015 in words."""
    shown = [show_fhir_date(fhir_date(given)) for given in ("2015", "2015-03", "2015-03-31")]
    assert shown == ["2015", "03/2015", "31/03/2015"]
