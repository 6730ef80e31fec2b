"""GeoReport v2 as cities really answer it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.errors import GatewayUnavailable
from services.georeport import ServiceRequest, service_requests_of, services_of
from tests.services.test_service_requests import REPORT

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "open311"


@pytest.mark.parametrize("body", [None, {}, "x", 3, {"errors": []}])
def test_an_answer_that_is_no_list_is_the_gateways_failure(body: Any) -> None:
    """It must not look like "no reports yet"."""
    with pytest.raises(GatewayUnavailable):
        service_requests_of(body)


@pytest.mark.parametrize("field", ["lat", "long"])
@pytest.mark.parametrize("value", ["", "north", None, True, "nan", "inf", 181, [], {}])
def test_a_coordinate_that_is_none_is_no_place(field: str, value: Any) -> None:
    """Better no pin than one in the sea."""
    report = ServiceRequest.from_json({"service_request_id": "1", field: value})
    assert getattr(report, field) is None


def test_a_time_without_an_offset_is_the_citys() -> None:
    """Half the cities leave it out."""
    report = ServiceRequest.from_json({"requested_datetime": "2026-11-20T08:00:00"})
    assert report.requested_datetime is not None
    assert report.requested_datetime.utcoffset() == timedelta(hours=7)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([*REPORT, *REPORT["extended_attributes"]])  # type: ignore[misc]


@settings(max_examples=50)
@given(st.lists(st.dictionaries(NAMES, ODD) | ODD))
def test_no_answer_of_a_city_breaks_the_reading(body: list[Any]) -> None:
    """One odd record must not hide all the others."""
    for report in service_requests_of(body):
        assert report.service_request_id
        assert report.status in ("open", "closed")
        assert report.status_code


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples lie beside the project, not in it")
def test_real_cities_are_read() -> None:
    """Recorded answers of real GeoReport servers."""
    requests = service_requests_of(
        json.loads((SAMPLES / "open311status_service_requests.json").read_text())
    )
    assert [one.service_request_id for one in requests] == ["14-01100669", "14-01100627"]
    assert requests[0].requested_datetime is not None
    assert requests[0].lat is not None
    services = services_of(json.loads((SAMPLES / "open311status_service_list.json").read_text()))
    assert [one.service_code for one in services][:2] == ["001", "002"]
    assert services[0].keywords == ("lorem", "ipsum", "dolor")
