"""Reading one's own health record."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import paths
from gateway.health_records import import_health
from gateway.settings import Settings
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.device import MemoryTokenStore

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


async def test_a_line_opens_with_everything_the_resource_says(home: Home) -> None:
    """The overview is short; the details are two taps away, the codes a third."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.tap("Penicillin")
    assert phone.route == paths.health_section("allergies")
    await phone.tap("Penicillin")
    await phone.sees("Phản ứng")
    await phone.sees("BS. Lê Thu Trang")
    assert "373270004" not in phone.text()
    await phone.tap("Xem mã")
    await phone.sees("373270004")


async def test_a_test_is_read_over_time(home: Home) -> None:
    """A number alone says little: the chart has its limits, the table says the same in words."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.health_section("results"))
    await phone.tap("Cholesterol LDL")
    await phone.sees("Giảm đều trong 12 tháng.")
    await phone.sees("Biểu đồ Cholesterol LDL, 5 kết quả, 09/10/2025 đến 02/10/2026")
    words = phone.text()
    assert "Ngưỡng cao 3,4" in words
    assert words.count("Cao") == 2
    await phone.choose("SegmentedButton", {"selected": ["6"]})
    await phone.sees_no("09/10/2025")


async def test_a_visit_with_its_paper_prescription_and_next_appointment(home: Home) -> None:
    """What the doctor said is half forgotten at the door: it can be read, saved and remembered."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.health_section("visits"))
    await phone.tap("Khám tăng huyết áp")
    await phone.sees("Tái khám Thứ Ba, 05/01/2027")
    words = phone.text()
    assert "Bệnh viện Đa khoa Mẫu số 1" in words
    assert "90 ngày" in words
    assert "Tăng huyết áp nguyên phát (I10), đang kiểm soát tốt" in words
    assert "Nhịn ăn sáng để xét nghiệm máu." in words
    await phone.tap("Lưu vào lịch (.ics)")
    await phone.sees("Đã lưu tệp.")
    assert device.saved["tai-kham.ics"].startswith(b"BEGIN:VCALENDAR")
    await phone.tap("Xem các trang")
    await phone.sees("Trang 1 của Tóm tắt lần khám 02/10/2026, dạng ảnh")
    await phone.tap("Lưu tệp")
    await phone.sees_no("Đang lấy tệp…")
    assert device.saved["tóm-tắt-lần-khám-02-10-2026.pdf"].startswith(b"%PDF-")
    await phone.tap("Đặt nhắc tái khám")
    await phone.sees("Đã đặt nhắc.")
    for address in (paths.HOME, paths.INBOX):
        await phone.go(address)
        await phone.sees("Thứ Ba, 05/01/2027")
    await phone.tap("Lịch tái khám")
    await phone.tap("Bỏ nhắc")
    await phone.sees("Đặt nhắc tái khám")


async def test_chosen_parts_are_saved_as_a_pdf(home: Home) -> None:
    """A doctor without a computer still reads paper; nobody has to hand over everything."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.tap("In hoặc lưu bản tóm tắt")
    await phone.sees("Bạn muốn đưa phần nào vào?")
    await phone.turn_on("Bệnh đang theo dõi", on=False)
    await phone.tap("Lưu PDF")
    await phone.sees("Đã lưu tệp.")
    assert device.saved["tom-tat-suc-khoe.pdf"].startswith(b"%PDF-")


async def test_the_copy_is_on_the_screen_before_the_city_answers(home: Home) -> None:
    """In an ambulance the line may be slow or gone: the allergy is there at once, with its time."""
    tokens = MemoryTokenStore()
    first, _device = await home.phone_of("nguyen-minh-anh", paths.RECORDS, tokens)
    await first.tap("Đăng nhập bằng VNeID")
    await first.sees("Penicillin")
    line = link_of(home.process.http)
    held = asyncio.Event()
    answered = line.inner.handle_async_request

    async def keep_waiting(request: httpx.Request) -> httpx.Response:
        await held.wait()
        raise httpx.ConnectError("cut")

    line.inner.handle_async_request = keep_waiting  # type: ignore[method-assign]
    try:
        again, _device = await home.phone_of("nguyen-minh-anh", paths.RECORDS, tokens)
        await again.sees("Penicillin")
        assert "đang xem có gì mới" in again.text()
        # What this session has read already is in the first thing it draws: no wait at all.
        again.page.navigate(paths.health_section("allergies"))
        await again.settle()
        assert "Penicillin" in again.text()
        line.cut = True
        held.set()
        await again.sees("Đang xem bản lưu lúc")
        assert "Penicillin" in again.text()
    finally:
        line.inner.handle_async_request = answered  # type: ignore[method-assign]


async def test_signing_out_leaves_nothing_of_the_record_behind(home: Home) -> None:
    """A lent phone must not keep its last holder's illness."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.RECORDS)
    await phone.sees("Penicillin")
    vault = home.process.vault.for_subject("sandbox-nguyen-minh-anh")
    assert any(key.startswith("health_records/") for key in await vault.list("saved"))
    await phone.go(paths.ME)
    await phone.tap("Đăng xuất")
    await phone.sees("Đăng nhập bằng VNeID")
    assert not any(key.startswith("health_records/") for key in await vault.list("saved"))


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
