"""Papers of a visit as pictures, and a summary as a page to print; each for who may read it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
import pypdfium2
import pytest
from PIL import Image

from gateway.database import Database
from gateway.health_records import seed
from gateway.registers.population import sandbox_residents
from gateway.settings import Settings
from tests.gateway.conftest import on_sqlite

pytestmark = on_sqlite
SUBJECTS = {resident.key: resident.subject for resident in sandbox_residents()}
MINH_ANH, GIA_HUY = SUBJECTS["nguyen-minh-anh"], SUBJECTS["tran-gia-huy"]


@pytest.fixture
def city(database: Database, settings: Settings) -> None:
    """The sandbox's records."""
    seed(Settings(settings.data_folder, settings.database_url), database)


def words_of(document: bytes) -> str:
    with pypdfium2.PdfDocument(document) as opened:
        return "\n".join(page.get_textpage().get_text_range() for page in opened)


async def found_of(
    gateway: httpx.AsyncClient, headers: dict[str, str], path: str
) -> list[dict[str, Any]]:
    answer = await gateway.get(f"/fhir/R4/{path}", headers=headers)
    return [entry["resource"] for entry in answer.json()["entry"]]


async def test_a_visit_has_its_letter_prescription_and_follow_up(
    gateway: httpx.AsyncClient, city: None, headers_for: Any
) -> None:
    """All of one visit hangs together by references that this server answers."""
    headers, other = headers_for(MINH_ANH, "health"), headers_for(GIA_HUY, "health")
    visit, _ = await found_of(gateway, headers, "Encounter?_sort=-date")
    here = f"encounter=Encounter/{visit['id']}"
    [letter] = await found_of(gateway, headers, f"DocumentReference?{here}")
    [medicine] = await found_of(gateway, headers, f"MedicationRequest?{here}")
    [report] = await found_of(gateway, headers, f"DiagnosticReport?{here}")
    [again] = await found_of(gateway, headers, "Appointment?date=ge2027")
    assert medicine["medicationCodeableConcept"]["text"] == "Amlodipin 5 mg"
    assert again["supportingInformation"] == [{"reference": f"Encounter/{visit['id']}"}]
    assert len(report["result"]) >= 5
    [insurance] = await found_of(gateway, headers, "Coverage")
    assert insurance["subscriberId"].startswith("DN")
    file = letter["content"][0]["attachment"]["url"]
    document = await gateway.get(f"/fhir/R4/{file}", headers=headers)
    assert "Nguyễn Minh Anh" in words_of(document.content)
    assert "Dữ liệu mẫu" in words_of(document.content)
    page = f"/health/v1/documents/{file.split('/')[1]}/pages"
    picture = await gateway.get(f"{page}/1.png", headers=headers)
    assert (picture.headers["content-type"], picture.headers["x-page-count"]) == ("image/png", "1")
    assert Image.open(BytesIO(picture.content)).size[0] == 1240
    kept = {**headers, "If-None-Match": picture.headers["etag"]}
    assert (await gateway.get(f"{page}/1.png", headers=kept)).status_code == 304
    for refused in (
        await gateway.get(f"{page}/2.png", headers=headers),
        await gateway.get(f"{page}/0.png", headers=headers),
        await gateway.get(f"{page}/1.png", headers=other),
        await gateway.get(f"/fhir/R4/{file}", headers=other),
    ):
        assert refused.status_code == 404


async def test_a_year_of_results_has_limits_and_two_units(
    gateway: httpx.AsyncClient, city: None, headers_for: Any
) -> None:
    """Trends need a year of values with their limits, and laboratories that do not agree on units."""
    headers = headers_for(SUBJECTS["pham-thi-lan"], "health")
    results = await found_of(gateway, headers, "Observation?category=laboratory&_count=200")
    sugar = [r for r in results if r["code"]["text"] == "Đường huyết đói"]
    assert {r["valueQuantity"]["unit"] for r in sugar} == {"mmol/L", "mg/dL"}
    assert all(r["referenceRange"] and r["interpretation"] for r in sugar)
    days = sorted(r["effectiveDateTime"] for r in sugar)
    assert (days[0][:7], len(days) >= 12) == ("2025-07", True)
    pressure = await found_of(gateway, headers, "Observation?code=85354-9&date=ge2025-09")
    assert len(pressure) >= 12


async def test_only_the_chosen_sections_are_printed(
    gateway: httpx.AsyncClient, city: None, headers_for: Any
) -> None:
    """A page for the dentist holds the allergies and not the rest of a life."""
    headers = headers_for(MINH_ANH, "health")
    some = await gateway.post(
        "/health/v1/summary.pdf", json={"sections": ["48765-2", "47519-4"]}, headers=headers
    )
    assert some.headers["content-type"] == "application/pdf"
    assert "attachment" in some.headers["content-disposition"]
    words = words_of(some.content)
    assert "Penicillin" in words
    assert "Nổi mẩn" in words
    assert "Không có" in words
    assert "Amlodipin" not in words
    whole = words_of(
        (await gateway.post("/health/v1/summary.pdf", json={}, headers=headers)).content
    )
    for expected in ("Amlodipin 5 mg", "Huyết áp", "Cúm mùa", "Chưa có thông tin", "2,8 mmol/L"):
        assert expected in whole
    assert "Nên tiêm" in whole
    wrong = await gateway.post("/health/v1/summary.pdf", json={"sections": ["1"]}, headers=headers)
    assert wrong.status_code == 422
    theirs = (await found_of(gateway, headers_for(GIA_HUY, "health"), "Patient"))[0]["id"]
    refused = await gateway.post(
        "/health/v1/summary.pdf", json={"patient_id": theirs}, headers=headers
    )
    assert refused.status_code == 404


async def test_printing_is_a_look_like_any_other(
    gateway: httpx.AsyncClient, city: None, headers_for: Any
) -> None:
    """A printed record leaves the house: its owner must see when."""
    headers = headers_for(MINH_ANH, "health")
    await gateway.post("/health/v1/summary.pdf", json={}, headers=headers)
    [event] = await found_of(gateway, headers, "AuditEvent")
    assert (event["entity"][1]["name"], event["action"]) == ("summary.pdf", "E")
