"""Searching a FHIR record: dates, tokens, modifiers and pages as R4 says, in few statements."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gateway.health_records.parameters import PARAMETERS
from tests.gateway.conftest import on_sqlite
from tests.gateway.health_records.fhir_reading import (
    GIA_HUY,
    MINH_ANH,
    counted,
    get,
    records,
    resources,
)
from tests.gateway.health_records.whole_record import whole_record

__all__ = ["records"]

pytestmark = pytest.mark.postgresql


DATES = [
    ("eq2026-05-12", True), ("2026-05", True), ("2026-06", False), ("ne2026-05-12", False),
    ("gt2026-05-11", True), ("gt2026-05-12", False), ("lt2026-05-13", True),
    ("lt2026-05-12", False), ("ge2026-05-12", True), ("le2026-05-12", True),
    ("sa2026-05-11", True), ("sa2026-05-12", False), ("eb2026-05-13", True),
    ("eb2026-05-12", False), ("ap2026-05-12", True), ("2026-05-12T00:00:00+07:00", False),
    ("le2026-05-12T09:00:00Z", True), ("2025,2026-05-12", True),
]  # fmt: skip


@pytest.mark.postgresql
async def test_dates_are_compared_by_their_prefix_and_precision(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """In a search 2026-05 is a whole month: a result of its twelfth day lies in it and not behind it."""
    stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    headers = headers_for(MINH_ANH, "health")
    for asked, fits in DATES:
        found = await get(gateway, headers, "Observation", date=asked)
        assert (found["total"] == 1) == fits, asked


@pytest.mark.postgresql
async def test_tokens_strings_and_modifiers(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """The same questions on both databases: a code, its system, words with and without accents."""
    stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    headers = headers_for(MINH_ANH, "health")
    for kind, name, value, fits in (
        ("Observation", "code", "http://loinc.org|mau", True),
        ("Observation", "code", "http://snomed.info/sct|mau", False),
        ("Observation", "code", "|mau", False),
        ("Observation", "code", "http://loinc.org|", True),
        ("Observation", "code", "khac,mau", True),
        ("Observation", "code:not", "mau", False),
        ("Observation", "code:text", "đường", True),
        ("Observation", "code:missing", "false", True),
        ("Observation", "encounter:missing", "true", False),
        ("Patient", "name", "nguyen", True),
        ("Patient", "name", "minh", False),
        ("Patient", "name:contains", "MINH", True),
        ("Patient", "name:exact", "Nguyễn Minh Anh Mau", True),
        ("Patient", "name:exact", "nguyễn minh anh mau", False),
    ):
        found = await get(gateway, headers, kind, **{name: value})
        assert (found["total"] == 1) == fits, (kind, name, value)


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("Observation", {"date": "tomorrow"}),
        ("Observation", {"date": "2026-13"}),
        ("Observation", {"_count": "many"}),
        ("Observation", {"_sort": "code"}),
        ("Observation", {"code:above": "mau"}),
        ("Observation", {"code": ""}),
        ("Observation", {"code:missing": "perhaps"}),
        ("Observation", {"_lastUpdated": "yesterday"}),
        ("AuditEvent", {"date": "yesterday"}),
        ("AuditEvent", {"date:missing": "true"}),
    ],
)
async def test_what_cannot_be_understood_is_refused_and_not_guessed(
    gateway: httpx.AsyncClient,
    records: dict[str, str],
    headers_for: Any,
    kind: str,
    asked: dict[str, str],
) -> None:
    """An answer to another question than the one asked could be read as "there is none"."""
    headers = headers_for(MINH_ANH, "health")
    answer = await gateway.get(f"/fhir/R4/{kind}", params=asked, headers=headers)
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "invalid")


@on_sqlite
async def test_an_unknown_parameter_is_refused_or_ignored_as_the_client_prefers(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """What was ignored does not stand in the self link (FHIR R4, section 3.1.1.3)."""
    headers = headers_for(MINH_ANH, "health")
    for kind in ("Observation", "Provenance"):
        lenient = await get(gateway, headers, kind, nonsense="1", _id="x")
        assert "nonsense" not in lenient["link"][0]["url"]
        assert "_id=x" in lenient["link"][0]["url"]
        strict = await gateway.get(
            f"/fhir/R4/{kind}", params={"nonsense": "1"},
            headers={**headers, "Prefer": "handling=strict"},
        )  # fmt: skip
        assert strict.status_code == 400


@pytest.mark.postgresql
async def test_pages_hold_everything_once_and_belong_to_one_caller(
    gateway: httpx.AsyncClient, stored: Any, headers_for: Any
) -> None:
    """A next link is of no use to anybody else, also not with a token of their own."""
    many = whole_record("a", "Nguyễn Minh Anh")
    many["entry"] += [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-00000000{n:04}",
         "resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
                      "effectiveDateTime": f"2026-01-{n % 28 + 1:02}"}}
        for n in range(24)
    ]  # fmt: skip
    own = stored(many, MINH_ANH)
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    for path, total in (("Observation", 25), (f"Patient/{own}/$everything", len(PARAMETERS) + 24)):
        page = await get(gateway, headers, path, _count="7")
        seen = [r["id"] for r in resources(page)]
        while link := next((one for one in page["link"] if one["relation"] == "next"), None):
            token = httpx.URL(link["url"]).params["_page"]
            stolen = await gateway.get(f"/fhir/R4/{path}", params={"_page": token}, headers=other)
            assert stolen.status_code == 404
            page = await get(gateway, headers, path, _page=token)
            assert page["total"] == total
            seen += [r["id"] for r in resources(page)]
        assert len(seen) == len(set(seen)) == total
    newest = await get(gateway, headers, "Observation", _sort="-date", _count="1")
    oldest = await get(gateway, headers, "Observation", _sort="date", _count="1")
    days = [resources(found)[0]["effectiveDateTime"] for found in (newest, oldest)]
    assert days == ["2026-05-12", "2026-01-01"]
    counted = await get(gateway, headers, "Observation", _summary="count")
    assert (counted["total"], counted["entry"]) == (25, [])
    assert "total" not in await get(gateway, headers, "Observation", _total="none")


@on_sqlite
async def test_a_search_by_form_answers_as_the_one_by_address(
    gateway: httpx.AsyncClient, records: dict[str, str], headers_for: Any
) -> None:
    """Codes of diseases in addresses end in logs; a form keeps them out."""
    headers = headers_for(MINH_ANH, "health")
    answer = await gateway.post(
        "/fhir/R4/Condition/_search", data={"code": "mau", "_count": "5"}, headers=headers
    )
    assert answer.json()["total"] == 1
    broken = await gateway.post("/fhir/R4/Condition/_search", content=b"\xff\xfe=", headers=headers)
    assert broken.status_code == 400


@on_sqlite
async def test_a_search_asks_the_database_as_often_for_many_as_for_few(
    gateway: httpx.AsyncClient, app: Any, stored: Any, headers_for: Any
) -> None:
    """A query for every row is what makes a record of a lifetime slow."""
    database = app.state.database
    headers = headers_for(MINH_ANH, "health")
    own = stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH)
    counts = []
    for round_ in range(2):
        with counted(database) as seen:
            await get(gateway, headers, "Observation", code="mau", _count="100")
            await get(gateway, headers, f"Patient/{own}/$everything", _count="100")
        # Workers beside it and a sign-in's standing, read once in a while, are not its cost.
        others = ("PRAGMA", "BEGIN", "FROM jobs", " sessions")
        counts.append(len([one for one in seen if not any(each in one for each in others)]))
        if round_ == 0:
            for n in range(5):
                more = whole_record(f"more{n}", "Nguyễn Minh Anh")
                stored(more, MINH_ANH)
    assert counts[1] <= counts[0] + 2
    assert counts[0] <= 12
