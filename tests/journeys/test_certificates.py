"""The criminal record certificate: applied for, followed, read, saved, and checked by a stranger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import paths
from services.device import PickedFile
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin
from tests.support.phone import Phone
from views.components.link_code import draw_link

WHO = "nguyen-minh-anh"
DOWN_FILE = "sandbox-criminal-records-down"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's authority needs no time between two states."""
    monkeypatch.setenv("IHANOI_CERTIFICATE_STEP_SECONDS", "0")


async def fill_in(phone: Phone) -> None:
    """From the list to the last step, with a purpose chosen."""
    await phone.tap("Xin phiếu lý lịch tư pháp số 1")
    await phone.sees("Loại phiếu bạn xin")
    await phone.tap("Tiếp tục")
    await phone.sees("Kiểm tra thông tin")
    await phone.tap("Bổ sung hồ sơ xin việc")
    await phone.tap("Tiếp tục")
    await phone.sees("Trong ứng dụng, bằng tệp đã ký số")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")


async def applied(home: Home, who: str = WHO) -> tuple[Phone, DeviceTwin]:
    """A resident whose application was just sent."""
    phone, device = await home.signed_in(who, paths.CERTIFICATES)
    await fill_in(phone)
    await phone.tap("Nộp hồ sơ", times=2)
    await phone.sees("Tiến trình")
    return phone, device


async def saved_file(phone: Phone, device: DeviceTwin) -> bytes:
    """The file that the resident keeps."""
    await phone.sees("Đã ký số, còn hiệu lực")
    await phone.tap("Lưu tệp PDF")
    await phone.sees("Đã lưu tệp.")
    [(name, document)] = device.saved.items()
    assert name == "phieu-ly-lich-tu-phap-so-1-000001.pdf"
    return document


async def check(phone: Phone, device: DeviceTwin, document: bytes) -> None:
    """Choose a file on the checking screen."""
    await phone.go(paths.HOME)
    await phone.go(paths.VERIFY)
    device.files = [PickedFile("phiếu.pdf", document)]
    await phone.tap("Chọn tệp PDF")
    await phone.sees("Nên làm gì")


async def test_a_resident_applies_and_reads_the_signed_certificate(home: Home) -> None:
    """The whole point: from the tap to the file, with every state seen on the way."""
    phone, _device = await applied(home)
    await phone.sees("Bạn không cần làm gì lúc này.")
    assert "Còn 5 ngày làm việc" in phone.text()
    assert phone.route.startswith(f"{paths.CERTIFICATES}/id/LL-")
    await phone.sees("Đã ký số, còn hiệu lực")
    assert "Nguyễn Minh Anh" in phone.text()
    assert "Đang ẩn" in phone.text()
    await phone.tap("Hiện nội dung")
    await phone.sees("Trang 1 trên 1 của phiếu")
    for state in ("Đã nộp", "Đã tiếp nhận", "Đang tra cứu", "Ký số"):
        assert state in phone.text()
    await phone.tap("Ẩn nội dung")
    await phone.sees_no("Trang 1 trên 1 của phiếu")


async def test_a_second_tap_sends_one_application(home: Home) -> None:
    """Two applications for one person would be two numbers at the authority."""
    phone, _device = await applied(home)
    await phone.sees("Đã ký số, còn hiệu lực")
    await phone.go(paths.CERTIFICATES)
    await phone.sees("Số MẪU-000001")
    assert phone.text().count("Bổ sung hồ sơ xin việc") == 1


async def test_the_saved_file_is_valid_and_one_changed_byte_is_altered(home: Home) -> None:
    """An employer has to tell the real file from a forged one."""
    phone, device = await applied(home)
    document = await saved_file(phone, device)
    assert document.startswith(b"%PDF")
    await check(phone, device, document)
    await phone.sees("Phiếu hợp lệ")
    assert "N••••• M••• Anh" in phone.text()
    forged = bytearray(document)
    forged[len(forged) // 3] ^= 1
    await phone.tap("Kiểm tra phiếu khác")
    await check(phone, device, bytes(forged))
    await phone.sees("Nội dung đã bị sửa")
    assert "Phiếu hợp lệ" not in phone.text()


async def test_a_guest_checks_a_code_and_the_resident_sees_that_somebody_did(home: Home) -> None:
    """Checking needs no account, and is not hidden from whom it is about."""
    phone, _device = await applied(home)
    await phone.sees("Mã kiểm tra")
    code = next(line for line in phone.text().splitlines() if len(line) == 9 and line[4] == "-")
    guest, _twin = await home.phone_of("nobody", paths.VERIFY)
    await guest.tap("Kiểm tra mã")
    await guest.sees("Nhập mã ghi trên phiếu.")
    await guest.type("Mã kiểm tra", code.replace("-", " ").lower())
    await guest.tap("Kiểm tra mã")
    await guest.sees("Phiếu hợp lệ")
    assert "Chưa kiểm tra nội dung tệp" in guest.text()
    assert "Nguyễn Minh Anh" not in guest.text()
    address = phone.route
    await phone.go(paths.CERTIFICATES)
    await phone.go(address)
    await phone.sees("Người không đăng nhập")
    await phone.sees("kết quả hợp lệ")


async def test_an_unknown_code_is_not_valid(home: Home) -> None:
    """A made-up code, typed or as a picture, must never look like a certificate."""
    guest, device = await home.phone_of("nobody", paths.VERIFY)
    device.files = [PickedFile("mã.png", draw_link("https://example.test/verify/?code=BBBB-3333"))]
    await guest.tap("Chụp hoặc chọn ảnh mã QR")
    await guest.sees("Không tìm thấy số phiếu")
    await guest.tap("Kiểm tra phiếu khác")
    device.files = [PickedFile("mã.png", draw_link("https://example.test/nothing"))]
    await guest.tap("Chụp hoặc chọn ảnh mã QR")
    await guest.sees("Đây không phải giấy ứng dụng biết.")
    await guest.type("Mã kiểm tra", "AAAA-2222")
    await guest.tap("Kiểm tra mã")
    await guest.sees("Không tìm thấy số phiếu")
    assert "Phiếu hợp lệ" not in guest.text()


async def test_a_check_that_got_no_answer_is_not_valid(home: Home) -> None:
    """An outage must never look like a good certificate."""
    nowhere = home.another_vault()
    nowhere.process = replace(nowhere.process, gateway_url="http://127.0.0.1:8550/nowhere")
    guest, _twin = await nowhere.phone_of("nobody", paths.VERIFY)
    await guest.type("Mã kiểm tra", "AAAA-2222")
    await guest.tap("Kiểm tra mã")
    await guest.sees("Chưa kiểm tra được")
    assert "Phiếu hợp lệ" not in guest.text()


async def test_residents_never_see_each_other_s_application(home: Home) -> None:
    """Few things are more private than a criminal record."""
    phone, _device = await applied(home)
    other, _twin = await home.another_vault().signed_in("tran-gia-huy", phone.route)
    await other.sees("Không có hồ sơ này")
    await other.go(paths.CERTIFICATES)
    await other.sees("Chưa có phiếu nào")
    assert "LL-" not in other.text()


async def test_the_draft_is_found_again_after_a_restart(home: Home) -> None:
    """A bus arrives in the middle of a form; nothing typed may be lost."""
    phone, device = await home.signed_in(WHO, paths.NEW_CERTIFICATE)
    await phone.tap("Tiếp tục")
    await phone.tap("Nhập số khác")
    await phone.type("Số điện thoại", "12")
    await phone.tap("Tiếp tục")
    await phone.sees("Nhập 10 chữ số, bắt đầu bằng 0.")
    await phone.type("Số điện thoại", "0987 654 321")
    await phone.tap("Du học, học tập")
    await phone.tap("Tiếp tục")
    await phone.sees("Bước 3/4")
    again, _device = await home.signed_in(WHO, paths.CERTIFICATES)
    await again.sees("Bản nháp")
    await again.tap("Làm tiếp hồ sơ")
    await again.sees("Bước 3/4")
    await again.sees("0987 654 321")
    await again.tap("Tiếp tục")
    await again.sees("Du học, học tập")
    assert device.saved == {}


async def test_a_resident_asks_for_the_whole_identity_number(home: Home) -> None:
    """Over a shoulder it stays hidden until its owner wants to compare it."""
    phone, _device = await home.signed_in(WHO, paths.NEW_CERTIFICATE_DETAILS)
    await phone.sees("•••••••••")
    await phone.tap("Hiện số định danh")
    await phone.sees_no("•••••••••")
    await phone.tap("Ẩn số định danh")
    await phone.sees("•••••••••")


async def test_one_application_at_a_time_leads_to_the_one_in_process(home: Home) -> None:
    """Who applies twice is shown the first, not an error."""
    (home.process.data_folder / DOWN_FILE).touch()
    phone, _device = await applied(home)
    address = phone.route
    await phone.go(paths.NEW_CERTIFICATE)
    await phone.sees("Bạn đang có một hồ sơ chưa xong.")
    await phone.tap("Mở hồ sơ đang xử lý")
    await phone.sees("Tiến trình")
    assert phone.route == address
    await phone.go(paths.CERTIFICATES)
    await phone.tap("Mở hồ sơ đang xử lý")
    assert phone.route == address


async def test_a_register_that_is_down_is_said_calmly_and_does_not_stop_anybody(
    home: Home,
) -> None:
    """An outage of somebody else's system must not look like the resident's fault."""
    (home.process.data_folder / DOWN_FILE).touch()
    phone, _device = await home.signed_in(WHO, paths.NEW_CERTIFICATE)
    await phone.sees("Bạn vẫn nộp được")
    await phone.go(paths.CERTIFICATES)
    await fill_in(phone)
    await phone.tap("Nộp hồ sơ")
    await phone.sees("Hệ thống tra cứu đang tạm ngừng.")
    assert "Bạn không cần làm gì lúc này." in phone.text()


async def test_a_level_one_account_is_told_how_to_reach_level_two(home: Home) -> None:
    """A closed door needs a sign that says where the key is."""
    phone, _device = await home.signed_in("do-thanh-tung", paths.CERTIFICATES)
    await phone.sees("Cần tài khoản định danh mức 2")
    assert "Xin phiếu lý lịch tư pháp số 1" not in phone.text()
    await phone.tap("Đăng nhập mức 2")
    await phone.sees("Tài khoản này ở mức 1.")
    await phone.go(paths.NEW_CERTIFICATE)
    await phone.sees("Cần tài khoản định danh mức 2")
