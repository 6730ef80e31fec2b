"""The criminal record certificate: applied for, paid, followed, read, shown, and checked by a stranger."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from app import paths
from services.device import PickedFile
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.device import DeviceTwin
from tests.support.phone import Phone
from views.components.link_code import draw_link

WHO, PARENT = "nguyen-minh-anh", "pham-quoc-bao"
DOWN_FILE = "sandbox-criminal-records-down"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's authority needs no time between two states, and asks for a fee."""
    monkeypatch.setenv("IHANOI_CERTIFICATE_STEP_SECONDS", "0")
    monkeypatch.setenv("IHANOI_CERTIFICATE_FEE", "200000")
    monkeypatch.setenv("IHANOI_CERTIFICATE_ARCHIVE", "0")


async def fill_in(phone: Phone) -> None:
    """From the list to the last step, with a purpose chosen."""
    await phone.tap("Xin phiếu lý lịch tư pháp")
    await phone.sees("Loại phiếu bạn xin")
    await phone.tap("Tiếp tục")
    await phone.sees("Kiểm tra thông tin")
    await phone.tap("Bổ sung hồ sơ xin việc")
    await phone.tap("Tiếp tục")
    await phone.sees("Trong ứng dụng, bằng tệp đã ký số")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")


async def applied(home: Home, who: str = WHO) -> tuple[Phone, DeviceTwin]:
    """A resident whose application was just sent, and waits for its fee."""
    phone, device = await home.signed_in(who, paths.CERTIFICATES)
    await fill_in(phone)
    await phone.tap("Nộp hồ sơ", times=2)
    await phone.sees("Phí phải trả")
    return phone, device


async def pay(phone: Phone) -> None:
    """The sandbox's bank says that the fee was paid."""
    await phone.tap("Thử: trả tiền")
    await phone.sees_no("Phí phải trả")


async def issued(phone: Phone) -> None:
    """Drawing and signing take seconds of a busy machine; the screen asks again by itself."""
    for _patience in range(2):
        with suppress(AssertionError):
            await phone.sees("Đã ký số, còn hiệu lực")
            return
    await phone.sees("Đã ký số, còn hiệu lực")


async def check(guest: Phone, device: DeviceTwin, button: str, name: str, data: bytes) -> None:
    """Choose a picture or a file on the checking screen, from its entry on."""
    await guest.go(paths.HOME)
    await guest.go(paths.VERIFY)
    device.files = [PickedFile(name, data)]
    await guest.tap(button)


async def test_a_resident_applies_pays_reads_and_a_stranger_checks(home: Home) -> None:
    """The whole point: from the tap to the file that an employer trusts, every state on the way."""
    phone, device = await applied(home)
    address = phone.route
    assert "200.000 đ" in phone.text()
    await phone.tap("Thử: để việc trả tiền không thành")
    await phone.sees("Chưa trả được tiền.")
    await phone.tap("Lấy mã mới")
    await phone.sees("Phí phải trả")
    await pay(phone)
    assert address.startswith(f"{paths.CERTIFICATES}/id/LL-")
    await issued(phone)
    for words in ("Nguyễn Minh Anh", "Đang ẩn", "Đã nộp", "Đã tiếp nhận", "Đang tra cứu", "Ký số"):
        assert words in phone.text()
    await phone.tap("Hiện nội dung")
    await phone.sees("Trang 1 trên 1 của phiếu")
    await phone.tap("Ẩn nội dung")
    await phone.sees_no("Trang 1 trên 1 của phiếu")
    code = next(line for line in phone.text().splitlines() if len(line) == 9 and line[4] == "-")
    await phone.tap("Gửi phiếu cho nơi cần")
    await phone.tap("Lưu tệp PDF")
    await phone.sees("Đã lưu tệp.")
    [(name, document)] = device.saved.items()
    assert (name, document[:4]) == ("phieu-ly-lich-tu-phap-so-1-000001.pdf", b"%PDF")
    link = await show_the_result(phone)
    await strangers_check(home, code, link)
    await phone.go(paths.CERTIFICATES)
    await phone.go(address)
    await phone.sees("Người không đăng nhập")
    await phone.sees("“Công ty TNHH Mẫu ABC” (chưa xác minh)")
    await phone.tap("Dừng ngay")
    await phone.sees("Đã dừng")
    await phone.go(paths.INBOX)
    await phone.tap("Phiếu lý lịch tư pháp đã có")
    await phone.sees("Đã ký số, còn hiệu lực")
    await phone.go(paths.CERTIFICATES)
    await phone.sees("Số MẪU-000001")
    assert phone.text().count("Bổ sung hồ sơ xin việc") == 1


async def show_the_result(phone: Phone) -> str:
    """The result alone, by a link."""
    await phone.tap("Chỉ một phần, qua liên kết")
    await phone.sees("Số định danh")
    await phone.tap("Tạo liên kết")
    await phone.sees("Chọn ít nhất một phần.")
    await phone.tap("Kết quả")
    await phone.tap("Tạo liên kết")
    await phone.sees("Sẵn sàng cho xem")
    return next(line for line in phone.text().splitlines() if "/verify/p/" in line)


async def strangers_check(home: Home, code: str, link: str) -> None:
    """A guest checks the code as letters, and the shown part by the picture of its link.

    The file, whole and changed, is checked in a browser: tests/browser/test_certificate.py.
    """
    guest, device = await home.phone_of("nobody", paths.VERIFY)
    await guest.type("Mã kiểm tra", code.replace("-", " ").lower())
    await guest.tap("Kiểm tra mã")
    await guest.sees("Phiếu hợp lệ")
    assert "Chưa kiểm tra nội dung tệp" in guest.text()
    assert "Nguyễn Minh Anh" not in guest.text()
    await check(guest, device, "Chụp hoặc chọn ảnh mã QR", "mã.png", draw_link(link))
    await guest.type("Ai đang xem", "Công ty TNHH Mẫu ABC")
    await guest.tap("Xem")
    await guest.sees("Phần cho xem là thật")
    assert "Không có án tích" in guest.text()
    assert "Nguyễn Minh Anh" not in guest.text()


async def test_a_parent_applies_for_form_two_of_a_child(home: Home) -> None:
    """By recorded relation; behind a passcode; and with the law said before it is chosen."""
    phone, _device = await home.signed_in(PARENT, paths.NEW_CERTIFICATE)
    await phone.sees("Không ai được đòi bạn nộp phiếu số 2.")
    await phone.tap("Phạm Khánh Vy")
    await phone.tap("Phiếu số 2")
    await phone.tap("Tiếp tục")
    await phone.sees("Kiểm tra thông tin")
    await phone.sees("Phạm Khánh Vy")
    await phone.tap("Thêm nơi ở trước đây")
    await phone.type("Nơi ở trước đây 1", "Số 1 phố Mẫu, Hà Nội")
    await phone.tap("Tiếp tục")
    await phone.sees("Viết năm bằng 4 chữ số, ví dụ 2015.")
    await phone.type("Từ năm (1)", "2015")
    await phone.tap("Du học, học tập")
    await phone.tap("Tiếp tục")
    await phone.type("Mật mã, 6 chữ số", "123456")
    await phone.tap("Tiếp tục")
    await phone.sees("Quá dễ đoán.")
    await phone.type("Mật mã, 6 chữ số", "482615")
    await phone.type("Nhập lại mật mã", "482615")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    assert "482615" not in phone.text()
    await phone.tap("Nộp hồ sơ")
    await phone.sees("Phí phải trả")
    assert "Cấp cho: Phạm Khánh Vy" in phone.text()


async def test_without_a_network_it_waits_and_goes_once(home: Home) -> None:
    """Said before and after; the second application has to wait for the first."""
    link = link_of(home.process.http)
    phone, _device = await home.signed_in(WHO, paths.CERTIFICATES)
    await fill_in(phone)
    link.cut = True
    await phone.tap("Nộp hồ sơ")
    await phone.sees("Sẽ tự gửi khi có mạng, chỉ gửi một lần.")
    await phone.go(paths.NEW_CERTIFICATE)
    await phone.sees("Hồ sơ của bạn đang chờ gửi.")
    await phone.tap("Mở mục chờ gửi")
    await phone.sees("Hồ sơ xin phiếu lý lịch tư pháp")
    link.cut = False
    await phone.tap("Gửi ngay")
    await phone.go(paths.CERTIFICATES)
    await phone.sees("Cần trả 200.000 đ")
    await phone.sees_no("Chờ")
    assert phone.text().count("Bổ sung hồ sơ xin việc") == 1


async def test_what_is_not_a_certificate_never_looks_like_one(home: Home) -> None:
    """A made-up code, another picture, wrong details, and an outage: none is valid."""
    guest, device = await home.phone_of("nobody", paths.VERIFY)
    made_up = draw_link("https://example.test/verify/?code=BBBB-3333")
    await check(guest, device, "Chụp hoặc chọn ảnh mã QR", "mã.png", made_up)
    await guest.sees("Không tìm thấy số phiếu")
    other = draw_link("https://example.test/nothing")
    await check(guest, device, "Chụp hoặc chọn ảnh mã QR", "mã.png", other)
    await guest.sees("Đây không phải giấy ứng dụng biết.")
    await guest.tap("Kiểm tra mã")
    await guest.sees("Nhập mã ghi trên phiếu.")
    await guest.tap("Chỉ có bản in?")
    await guest.tap("Kiểm tra")
    await guest.sees("Viết ngày, tháng, năm")
    for label, words in (
        ("Số phiếu", "MẪU-000001"),
        ("Mã hồ sơ", "LL-2611-00001"),
        ("Họ và tên", "Nguyễn Minh Anh"),
        ("Ngày sinh", "8/3/1988"),
        ("Số định danh", "001188000001"),
    ):
        await guest.type(label, words)
    await guest.tap("Kiểm tra")
    await guest.sees("Không tìm thấy số phiếu")
    nowhere = home.another_vault()
    nowhere.process = replace(nowhere.process, gateway_url="http://127.0.0.1:8550/nowhere")
    stranded, _twin = await nowhere.phone_of("nobody", paths.VERIFY)
    await stranded.type("Mã kiểm tra", "AAAA-2222")
    await stranded.tap("Kiểm tra mã")
    await stranded.sees("Chưa kiểm tra được")
    assert "hợp lệ" not in guest.text() + stranded.text()


async def test_the_draft_is_found_again_after_a_restart(home: Home) -> None:
    """A bus arrives in the middle of a form; nothing typed may be lost."""
    phone, _device = await home.signed_in(WHO, paths.NEW_CERTIFICATE)
    await phone.tap("Tiếp tục")
    await phone.sees("•••••••••")
    await phone.tap("Hiện số định danh")
    await phone.sees_no("•••••••••")
    await phone.tap("Thông tin này bị sai?")
    await phone.sees("công an phường, xã")
    await phone.tap("Nhập số khác")
    await phone.type("Số điện thoại", "12")
    await phone.tap("Tiếp tục")
    await phone.sees("Nhập 10 chữ số, bắt đầu bằng 0.")
    await phone.type("Số điện thoại", "0987 654 321")
    await phone.tap("Thêm tên gọi trước đây")
    await phone.type("Tên gọi trước đây 1", "Nguyễn Thị Mẫu")
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
    assert "Nguyễn Thị Mẫu" in again.text()


async def test_one_in_process_is_asked_about_and_withdrawn_and_is_nobody_elses(home: Home) -> None:
    """The register is down: it is said calmly, a second one has to wait, and one may leave."""
    (home.process.data_folder / DOWN_FILE).touch()
    phone, _device = await home.signed_in(WHO, paths.NEW_CERTIFICATE)
    await phone.sees("Bạn vẫn nộp được")
    await phone.go(paths.CERTIFICATES)
    await fill_in(phone)
    await phone.tap("Nộp hồ sơ")
    await pay(phone)
    address = phone.route
    await phone.sees("Hệ thống tra cứu đang tạm ngừng.")
    assert "Bạn không cần làm gì lúc này." in phone.text()
    await phone.go(paths.NEW_CERTIFICATE)
    await phone.sees("Bạn đang có một hồ sơ chưa xong.")
    await phone.tap("Mở hồ sơ đang xử lý")
    assert phone.route == address
    await phone.tap("Hỏi về hồ sơ này")
    await phone.type("Câu hỏi của bạn", "Bao giờ có kết quả?")
    await phone.tap("Gửi câu hỏi")
    await phone.sees("Hỏi và trả lời")
    other, _twin = await home.another_vault().signed_in("tran-gia-huy", address)
    await other.sees("Không có hồ sơ này")
    await other.go(paths.CERTIFICATES)
    await other.sees("Chưa có phiếu nào")
    assert "LL-" not in other.text()
    await phone.tap("Rút hồ sơ")
    await phone.tap("Đồng ý rút")
    await phone.sees("Bạn đã rút hồ sơ.")
    await phone.sees("Tiền đã trả sẽ được hoàn lại.")


async def test_a_level_one_account_is_told_how_to_reach_level_two(home: Home) -> None:
    """A closed door needs a sign that says where the key is."""
    phone, _device = await home.signed_in("do-thanh-tung", paths.CERTIFICATES)
    await phone.sees("Cần tài khoản định danh mức 2")
    assert "Xin phiếu lý lịch tư pháp" not in phone.text()
    await phone.tap("Đăng nhập mức 2")
    await phone.sees("Tài khoản này ở mức 1.")
    await phone.go(paths.NEW_CERTIFICATE)
    await phone.sees("Cần tài khoản định danh mức 2")
