"""Making a report: several drafts that nothing loses, photos, other doors."""

from __future__ import annotations

import asyncio
import io
import shutil
from dataclasses import replace
from pathlib import Path

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from app import paths
from app.entry import services_of
from services.device import PickedFile, Place
from services.service_requests import ServiceRequestDraft
from services.vault import Vault
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

WHO, NEWCOMER = "nguyen-minh-anh", "vu-khanh-linh"
HANG_TRONG = Place(21.0301, 105.8501, 12.0)
LABEL = "Chuyện gì đang xảy ra?"
HOLE = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."
LAMP = "Đèn đường trong ngõ tắt ba đêm nay."


def photo(name: str = "hố.jpg", place: tuple[float, float] | None = None) -> PickedFile:
    """A picture as a phone takes it, with or without the place in it."""
    exif = Image.Exif()
    if place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[1], gps[2] = "N", _sexagesimal(place[0])
        gps[3], gps[4] = "E", _sexagesimal(place[1])
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(file, "JPEG", exif=exif)
    return PickedFile(name, file.getvalue())


def _sexagesimal(degrees: float) -> tuple[IFDRational, ...]:
    minutes = degrees % 1 * 60
    seconds = round(minutes % 1 * 60 * 10_000)
    return IFDRational(int(degrees)), IFDRational(int(minutes)), IFDRational(seconds, 10_000)


async def drafts_of(home: Home, device: DeviceTwin) -> list[ServiceRequestDraft]:
    """What the vault keeps of the resident's drafts."""
    services = services_of(home.process, device.identity, keep_health_copies=True)
    return await services.service_requests.drafts()


async def kept(home: Home, device: DeviceTwin, words: str) -> None:
    """Wait until the vault holds a draft with these words: a second at most, says the promise."""
    async with asyncio.timeout(10):
        while words not in [one.description for one in await drafts_of(home, device)]:
            await asyncio.sleep(0.05)


async def writing(home: Home, words: str = HOLE, who: str = NEWCOMER) -> tuple[Phone, DeviceTwin]:
    """A resident at the first step who has typed what is happening."""
    phone, device = await home.signed_in(who, paths.NEW_SERVICE_REQUEST)
    await phone.type(LABEL, words)
    await kept(home, device, words)
    await phone.sees("Đã lưu nháp lúc")
    return phone, device


def after_a_kill(home: Home, tmp_path: Path) -> Home:
    """The same city and the same device after the app's process was killed and started again.

    Nothing is closed: what the new process finds is what lay on the disk at that moment.
    """
    folder = tmp_path / "after"
    folder.mkdir()
    for file in home.process.data_folder.glob("vault.sqlite3*"):
        shutil.copy(file, folder / file.name)
    vault = Vault(folder / "vault.sqlite3", home.process.vault._key)
    return Home(replace(home.process, vault=vault), home._browser)


async def test_a_draft_is_found_again_after_the_process_was_killed(
    home: Home, tmp_path: Path
) -> None:
    """A phone that ran out of power within a second of the last letter has lost nothing."""
    phone, device = await home.signed_in(NEWCOMER, paths.NEW_SERVICE_REQUEST)
    device.files = [photo()]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.type(LABEL, HOLE)
    await kept(home, device, HOLE)
    restarted = after_a_kill(home, tmp_path)
    again, _device = await restarted.signed_in(NEWCOMER, paths.DRAFTS)
    await again.sees(HOLE)
    await again.sees("1 ảnh")
    await again.tap("Tiếp tục bản nháp")
    await again.sees("Xem to ảnh 1")
    assert HOLE in again.text()
    await restarted.close()
    restarted.process.vault.close()


async def test_two_drafts_stand_side_by_side_and_each_goes_on(home: Home) -> None:
    """The lamp does not wait until the hole is written to its end."""
    phone, device = await writing(home)
    await phone.go(paths.DRAFTS)
    await phone.tap("Viết phản ánh mới")
    await phone.sees("1 bản nháp khác")
    assert HOLE not in phone.text()
    await phone.type(LABEL, LAMP)
    await kept(home, device, LAMP)
    await phone.tap("1 bản nháp khác")
    await phone.sees("2 phản ánh đang viết dở")
    words = phone.text()
    assert words.index(LAMP) < words.index(HOLE), "the newest first"
    [hole, lamp] = await drafts_of(home, device)
    assert (hole.description, lamp.description) == (HOLE, LAMP)
    await phone.go(paths.draft(hole.draft_id))
    await phone.sees(HOLE)
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 2/3")
    assert hole.draft_id in phone.route


async def test_an_older_draft_keeps_its_address_through_every_step(home: Home) -> None:
    """A reload in the middle must not open the other draft."""
    phone, device = await writing(home)
    await phone.go(paths.HOME)
    await phone.go(paths.NEW_SERVICE_REQUEST)
    await phone.sees("Bạn đang viết tiếp một bản nháp.")
    await phone.tap("Viết phản ánh khác")
    await phone.sees("1 bản nháp khác")
    await phone.type(LABEL, LAMP)
    await kept(home, device, LAMP)
    [hole, _lamp] = await drafts_of(home, device)
    await phone.go(paths.draft(hole.draft_id, paths.NEW_SERVICE_REQUEST_REVIEW))
    await phone.sees(HOLE)
    await phone.tap("Sửa")
    await phone.sees("Bước 1/3")
    await phone.type(LABEL, HOLE + " Rất sâu.")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    assert HOLE + " Rất sâu." in phone.text()
    assert LAMP not in phone.text()


async def test_a_deleted_draft_can_be_brought_back(home: Home) -> None:
    """Deleting is one tap, so it can be undone."""
    phone, device = await writing(home)
    await phone.go(paths.DRAFTS)
    await phone.tap("Xóa bản nháp")
    await phone.sees("Đã xóa bản nháp.")
    await phone.sees("Chưa có bản nháp")
    assert await drafts_of(home, device) == []
    await phone.tap("Hoàn tác")
    await phone.sees(HOLE)
    assert [one.description for one in await drafts_of(home, device)] == [HOLE]


async def test_a_draft_of_one_resident_is_not_anothers(home: Home) -> None:
    """On a shared computer, and on the web's server, drafts are private."""
    _phone, device = await writing(home)
    [draft] = await drafts_of(home, device)
    other, _device = await home.signed_in(WHO, paths.draft(draft.draft_id))
    await other.sees("Chụp ảnh sự việc")
    assert HOLE not in other.text()
    await other.go(paths.DRAFTS)
    await other.sees("Chưa có bản nháp")


async def test_the_photos_own_place_is_offered_and_never_taken(home: Home) -> None:
    """Who photographs at noon and writes in the evening is not where the hole is."""
    phone, device = await home.signed_in(NEWCOMER, paths.NEW_SERVICE_REQUEST)
    device.files = [photo(place=(HANG_TRONG.lat, HANG_TRONG.long))]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Ảnh có ghi nơi chụp.")
    await phone.sees("Đã lưu nháp lúc")
    [draft] = await drafts_of(home, device)
    assert draft.lat is None
    await phone.tap("Dùng nơi trong ảnh")
    await phone.sees("Đã dùng nơi trong ảnh.")
    await phone.type(LABEL, HOLE)
    await phone.tap("Tiếp tục")
    await phone.sees("Thuộc phường Hoàn Kiếm")


async def test_photos_change_their_order_and_get_words(home: Home) -> None:
    """The first photo is the one that everybody sees; who cannot see it hears its words."""
    phone, device = await home.signed_in(NEWCOMER, paths.NEW_SERVICE_REQUEST)
    device.files = [photo("một.jpg"), photo("hai.jpg")]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Xem to ảnh 2")
    await phone.tap("Mô tả ảnh cho người không nhìn thấy")
    await phone.type("Ảnh chụp gì (không bắt buộc)", "Ổ gà đọng nước")
    await phone.tap("Chuyển ảnh lên trước")
    await phone.sees("Đã lưu nháp lúc")
    await phone.go(paths.SERVICE_REQUESTS)
    [draft] = await drafts_of(home, device)
    assert [one.description for one in draft.photos] == ["Ổ gà đọng nước", ""]


async def test_a_report_goes_on_without_the_camera(home: Home) -> None:
    """Whoever refuses the camera can still report."""
    phone, device = await home.signed_in(NEWCOMER, paths.NEW_SERVICE_REQUEST)
    device.gives_photos = False
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Chưa được dùng máy ảnh.")
    await phone.tap("Không có ảnh")
    await phone.type(LABEL, HOLE)
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 2/3")


async def test_words_of_danger_lead_to_the_right_number_and_stop_nobody(home: Home) -> None:
    """A fire must not wait for office hours."""
    phone, device = await writing(home, "Có đám cháy ở tầng ba, khói nhiều.")
    await phone.sees("Có người gặp nguy hiểm? Gọi ngay:")
    await phone.tap("Gọi 114")
    assert device.opened == ["tel:114"]
    await phone.tap("Không có ảnh")
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 2/3")


async def test_what_is_no_report_finds_its_door(home: Home) -> None:
    """Complaints and denunciations have their own way by law."""
    phone, _device = await writing(home, "Tôi muốn tố cáo cán bộ nhận tiền.")
    await phone.sees("Việc này có thể không phải phản ánh.")
    await phone.sees("tiếp công dân")
    await phone.tap("Không phải phản ánh?")
    for number in ("113", "114", "115", "1022"):
        assert f"Gọi {number}" in phone.text()
