"""The report screens, in the real app over the real gateway and a real database."""

from __future__ import annotations

import io

from PIL import Image

from app import paths
from services.device import PickedFile, Place
from tests.journeys.conftest import Home, home
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

__all__ = ["home"]

WHO = "nguyen-minh-anh"
HANG_TRONG = Place(21.0301, 105.8501, 12.0)
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."


def photo(color: str = "grey") -> PickedFile:
    """A picture as a phone takes it."""
    file = io.BytesIO()
    Image.new("RGB", (400, 300), color).save(file, "JPEG")
    return PickedFile("hố.jpg", file.getvalue())


async def reporting(home: Home) -> tuple[Phone, DeviceTwin]:
    """A resident at the first step, with a photo chosen and the description typed."""
    phone, device = await home.signed_in(WHO, paths.NEW_SERVICE_REQUEST)
    device.files, device.place = [photo()], HANG_TRONG
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Xóa ảnh")
    await phone.type("Chuyện gì đang xảy ra?", WORDS)
    return phone, device


async def test_a_resident_reports_in_three_steps_and_finds_it_in_the_list(home: Home) -> None:
    """The whole point of the app, from the tap to the record."""
    phone, _device = await reporting(home)
    await phone.tap("Tiếp tục")
    await phone.tap("Dùng vị trí của tôi")
    await phone.sees("Thuộc phường Hoàn Kiếm")
    await phone.tap("Ổ gà, mặt đường hỏng")
    await phone.tap("Tiếp tục")
    await phone.sees("Xem lại trước khi gửi")
    assert WORDS in phone.text()
    await phone.tap("Gửi phản ánh", times=2)
    await phone.sees("Mã HN-")
    assert "Còn" in phone.text()
    await phone.sees("Kết quả kèm ảnh")
    await phone.go(paths.SERVICE_REQUESTS)
    await phone.sees("Ổ gà, mặt đường hỏng")
