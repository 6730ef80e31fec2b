"""The resident's rights over their data: taken along, erased here, erased everywhere, asked about."""

from __future__ import annotations

import io
import json
import re
from zipfile import ZipFile

from app import paths
from tests.journeys.conftest import Home

WHO = "nguyen-minh-anh"


async def test_everything_is_put_together_and_saved(home: Home) -> None:
    """A right that needs a letter and a month is none."""
    phone, device = await home.signed_in(WHO, paths.PRIVACY)
    await phone.sees("Đang lưu trên máy này")
    await phone.tap("Tải dữ liệu của tôi")
    await phone.tap("Tập hợp dữ liệu của tôi")
    await phone.sees("Đã xong")
    await phone.tap("Lưu tệp")
    await phone.sees("Đã lưu.")
    [saved] = device.saved.values()
    with ZipFile(io.BytesIO(saved)) as file:
        assert "index.html" in file.namelist()
        assert "Nguyễn Minh Anh" in file.read("index.html").decode()
        assert set(json.loads(file.read("data/device.json"))) >= {"drafts", "outbox"}


async def test_what_can_be_had_again_is_erased_here(home: Home) -> None:
    """Selling a phone must not mean giving up the account."""
    phone, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    await phone.sees("Cần bạn bổ sung")
    await phone.go(paths.PRIVACY_DEVICE)
    await phone.sees("Hồ sơ đã lưu, có mã hóa")
    await phone.tap("Xóa trên máy này")
    await phone.tap("Đúng, xóa trên máy này")
    await phone.sees("Đã xóa trên máy này.")


async def test_an_account_is_erased_with_a_receipt_and_begins_empty(home: Home) -> None:
    """What goes and what stays is said before, and proven afterwards; then nobody is signed in."""
    phone, _device = await home.signed_in(WHO, paths.PRIVACY_ERASE)
    await phone.sees("Sẽ xóa")
    await phone.sees("Phần còn giữ, và vì sao")
    await phone.tap("Xóa tài khoản")
    await phone.sees("Xóa tất cả?")
    await phone.tap("Đúng, xóa tất cả")
    await phone.sees("Đã xóa tài khoản của bạn.")
    assert re.search(r"Biên nhận [0-9a-f]{32}", phone.text())
    await phone.tap("Lưu biên nhận")
    await phone.sees("Đã lưu.")
    await phone.tap("Xong")
    await phone.sees("Đăng nhập bằng VNeID")
    again, _device = await home.signed_in(WHO, paths.SERVICE_REQUESTS)
    await again.sees("Chưa có phản ánh nào")


async def test_a_question_about_ones_data_is_asked(home: Home) -> None:
    """It is answered by a person within two working days, and the resident sees until when."""
    phone, _device = await home.signed_in(WHO, paths.PRIVACY_REQUESTS)
    await phone.tap("Hạn chế sử dụng")
    await phone.tap("Gửi")
    await phone.sees("viết thêm một chút")
    await phone.type("Bằng lời của bạn", "Địa chỉ trong phản ánh của tôi đã cũ.")
    await phone.tap("Gửi")
    await phone.sees("Trả lời chậm nhất")


async def test_an_officer_answers_and_the_resident_reads_it(home: Home) -> None:
    """Two working days are a promise only where somebody can see what is due, and answer."""
    phone, _device = await home.signed_in(WHO, paths.PRIVACY_REQUESTS)
    await phone.type("Bằng lời của bạn", "Địa chỉ trong phản ánh của tôi đã cũ.")
    await phone.tap("Gửi")
    await phone.sees("Trả lời chậm nhất")
    desk, _device = await home.signed_in("hoang-duc-quan")
    await desk.go(paths.ME)
    await desk.tap("Yêu cầu về dữ liệu cá nhân")
    await desk.sees("1 yêu cầu đang chờ")
    await desk.sees("Địa chỉ trong phản ánh của tôi đã cũ.")
    await desk.sees("Hạn 17:00")
    assert "Minh Anh" not in desk.text()
    await desk.tap("Trả lời")
    await desk.tap("Gửi câu trả lời")
    await desk.sees("Hãy chọn quyết định của bạn.")
    await desk.tap("Từ chối")
    await desk.type("Đã làm gì, hoặc vì sao không", "Phản ánh đã đóng, địa chỉ giữ làm bằng chứng.")
    await desk.tap("Gửi câu trả lời")
    await desk.sees("Đã trả lời.")
    await desk.sees("Không có yêu cầu nào chờ trả lời")
    await phone.go(paths.INBOX)
    await phone.sees("Phản ánh đã đóng, địa chỉ giữ làm bằng chứng.")
    await phone.go(paths.PRIVACY_REQUESTS)
    await phone.sees("Bị từ chối")


async def test_the_desk_of_requests_is_for_officers(home: Home) -> None:
    """What residents ask of their data is nobody else's to read."""
    phone, _device = await home.signed_in(WHO, paths.DESK_DATA_REQUESTS)
    await phone.sees("Tài khoản của bạn")
