"""The resident's own pictures in a bundle: seen before anything is sent, and sent only where they say so."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from app import paths
from services.device import PickedFile
from services.diagnostics import read
from services.diagnostics.album import LARGEST, MOST
from tests.journeys.conftest import Home
from tests.journeys.test_support import named
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

WHO = "nguyen-minh-anh"
ITEM = "Ảnh phản ánh gốc"


def taken(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture with where it was taken in it, as a camera writes it."""
    out, place = BytesIO(), Image.Exif()
    place[0x8825] = {1: "N", 2: (21.0, 1.0, 42.7), 3: "E", 4: (105.0, 51.0, 15.2)}
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=place)
    return out.getvalue()


@pytest.fixture
async def previewed(home: Home) -> tuple[Phone, DeviceTwin]:
    """A resident who took two photos for a report, and looks at their bundle."""
    phone, device = await home.signed_in(WHO, paths.NEW_SERVICE_REQUEST)
    device.files = [
        PickedFile("a.jpg", taken(640, 480, (200, 40, 40))),
        PickedFile("b.jpg", taken(480, 640, (40, 40, 200))),
    ]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.sees("Xem to ảnh 2")
    await phone.go(paths.NEW_BUNDLE)
    await phone.sees("Xem trước khi gửi")
    return phone, device


async def saved(phone: Phone, device: DeviceTwin) -> dict[str, bytes]:
    """The pictures in the file that the resident saves."""
    await phone.tap("Lưu thành tệp")
    await phone.sees("Đã lưu thành tệp.")
    [data] = device.saved.values()
    return dict(read(data).photos)


async def test_own_photos_are_seen_with_their_size_and_stay_here_unless_turned_on(
    previewed: tuple[Phone, DeviceTwin],
) -> None:
    """What could show a face is decided by eye, and off until then."""
    phone, device = previewed
    await phone.sees("Ảnh 1 trên 2 của bạn, 640 × 480")
    await phone.sees("Ảnh 2 trên 2 của bạn, 480 × 640")
    pictures = [one for one in phone.visible() if one["_c"] == "Image" and one.get("src")]
    assert len(pictures) >= 2
    assert await saved(phone, device) == {}


async def test_own_photos_go_as_they_are_where_they_were_turned_on(
    previewed: tuple[Phone, DeviceTwin],
) -> None:
    """Support sees the picture that could not be sent, and not where it was taken."""
    phone, device = previewed
    await phone.turn_on(named(phone, ITEM))
    photos = await saved(phone, device)
    assert list(photos) == ["photo-1.jpg", "photo-2.jpg"]
    for jpeg, size, strongest in zip(
        photos.values(), ((640, 480), (480, 640)), (0, 2), strict=True
    ):
        with Image.open(BytesIO(jpeg)) as picture:
            assert picture.size == size
            assert not picture.getexif()
            colour = picture.convert("RGB").getpixel((10, 10))
        assert isinstance(colour, tuple)
        assert max(range(3), key=colour.__getitem__) == strongest


async def test_they_are_bounded_and_gone_with_whoever_took_them(home: Home) -> None:
    """A tablet that goes from hand to hand holds nobody's pictures."""
    phone, _device = await home.signed_in(WHO)
    recorder = home.services[phone].recorder
    for number in range(MOST + 3):
        recorder.took(bytes([number]) * 10)
    assert len((await recorder.bundle()).photos) == MOST
    recorder.took(b"x" * LARGEST)
    assert list((await recorder.bundle()).photos.values()) == [b"x" * LARGEST]
    recorder.person(None)
    assert (await recorder.bundle()).photos == {}
    recorder.took(b"taken while nobody is signed in")
    assert (await recorder.bundle()).photos == {}
