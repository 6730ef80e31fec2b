"""Reading one's own health record."""

from pathlib import Path
from typing import Any

import pytest

from app import paths
from gateway.health_records import import_health
from gateway.settings import Settings
from tests.journeys.conftest import Home

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "fhir"
ABSENT = pytest.param(SHARED, marks=pytest.mark.skip(reason=f"no real bundles at {SHARED}"))
BUNDLES: list[Any] = sorted(SHARED.glob("*.json")) or [ABSENT]


async def test_a_resident_reads_allergies_first(home: Home) -> None:
    """In an emergency the first line counts."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.sees("Penicillin")
    words = phone.text()
    assert words.index("Penicillin") < words.index("Tăng huyết áp")
    assert "Amlodipin" in words


async def test_none_and_no_information_are_different_words(home: Home) -> None:
    """A doctor must not take silence for a confirmed "none"."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.sees("Không có")
    await phone.sees("Chưa có thông tin")


async def test_a_newcomer_sees_an_empty_record_explained(home: Home) -> None:
    """Nothing known is not "healthy"."""
    phone, _device = await home.signed_in("vu-khanh-linh", paths.RECORDS)
    await phone.sees("Chưa có thông tin")
    assert "Penicillin" not in phone.text()


async def test_a_section_opens_with_everything_the_resource_says(home: Home) -> None:
    """The overview is short; the details are one tap away."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.tap("Penicillin")
    await phone.sees("Phản ứng")
    assert phone.route == paths.health_section("allergies")


@pytest.mark.parametrize("path", BUNDLES, ids=lambda p: p.stem)
async def test_real_bundles_of_other_countries_can_be_read(home: Home, path: Path) -> None:
    """A resident who lived abroad brings a record that no one here wrote."""
    settings = Settings(home.process.data_folder)
    assert import_health([str(path), "--subject", "sandbox-vu-khanh-linh"], settings) == 0
    phone, _device = await home.signed_in("vu-khanh-linh", paths.RECORDS)
    await phone.sees("Cách đọc hồ sơ")
    assert phone.crash is None
    for section in ("allergies", "conditions", "medicines", "immunizations", "results"):
        await phone.go(paths.health_section(section))
        await phone.sees_no("Sổ không có mục này.")
