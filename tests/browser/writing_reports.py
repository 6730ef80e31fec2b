"""A report as a resident writes it in the browser: photo, words, place, kind, up to the last look."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from .browser import App

WORDS = "Nắp cống vỡ giữa đường, xe máy phải tránh gấp."
LANDMARK = "Trước số 12 Hàng Trống"


def draw_photo(folder: Path) -> Path:
    """A drawn photo whose metadata name a camera, as a phone would write it."""
    image = Image.new("RGB", (2400, 1800), "#6B6F72")
    ImageDraw.Draw(image).ellipse(
        (700, 600, 1700, 1200), fill="#222222", outline="#C9C9C9", width=30
    )
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    path = folder / "nap-cong.jpg"
    image.save(path, exif=exif)
    return path


def write_report(app: App, photo: Path) -> None:
    """From the first step, which is open, to the last look before sending."""
    with app.page.expect_file_chooser() as chooser:
        app.button(re.compile("Chụp hoặc chọn ảnh")).click()
    chooser.value.set_files(photo)
    app.sees("Vị trí, ngày giờ ẩn trong ảnh")
    expect(app.button(re.compile("Chụp hoặc chọn ảnh"))).to_have_count(0, timeout=30_000)
    app.type("Chuyện gì đang xảy ra?", WORDS)
    app.go(app.button("Tiếp tục"), re.compile("/place"))
    app.type("Tìm phường, xã theo tên", "hoan kiem")
    app.button(re.compile("Phường Hoàn Kiếm")).first.click()
    app.sees("Hoàn Kiếm")
    app.type("Số nhà, tên đường hoặc mốc dễ thấy", LANDMARK)
    app.semantics.get_by_role("checkbox", name=re.compile("Ổ gà")).click()
    app.go(app.button("Tiếp tục"), re.compile("/review"))
    app.sees("Xem lại trước khi gửi")
    app.sees(WORDS)
