"""One report in a real browser: signed in, photographed, sent, found again after a restart, signed out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

from .resident import open_app, signed_in
from .server import Product

pytestmark = pytest.mark.browser

WORDS = "Nắp cống vỡ giữa đường, xe máy phải tránh gấp."


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A drawn photo with a place in its metadata, as a phone would write it."""
    image = Image.new("RGB", (2400, 1800), "#6B6F72")
    ImageDraw.Draw(image).ellipse(
        (700, 600, 1700, 1200), fill="#222222", outline="#C9C9C9", width=30
    )
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    path = tmp_path / "nap-cong.jpg"
    image.save(path, exif=exif)
    return path


def test_a_report_is_sent_and_found_again_after_a_restart(
    chromium: Browser, product: Product, photo: Path
) -> None:
    """The promise of the product, from the tap to the database and back."""
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh")
    app.sees("Minh Anh")
    app.go(app.button("Gửi phản ánh"), re.compile("/reports/new$"))
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
    app.type("Số nhà, tên đường hoặc mốc dễ thấy", "Trước số 12 Hàng Trống")
    app.semantics.get_by_role("checkbox", name=re.compile("Ổ gà")).click()
    app.go(app.button("Tiếp tục"), re.compile("/review"))
    app.sees("Xem lại trước khi gửi")
    app.sees(WORDS)
    app.go(app.button("Gửi phản ánh"), re.compile("/reports/id/"))
    address = app.page.url.removeprefix(product.address)
    app.sees(re.compile(r"HN-\d{4}-\d{5}"))

    assert app.errors == []
    product.restart()
    app.page.wait_for_timeout(300)  # lets in what the page complained of while its server was away
    app.errors.clear()
    app.open(address)
    app.sees(WORDS, 90)
    app.sees("Đã gửi")

    app.open("/me")
    app.button("Đăng xuất").scroll_into_view_if_needed()
    app.button("Đăng xuất").click()
    app.sees("Đăng nhập bằng VNeID", 30)
    assert app.errors == []
    assert app.outside == []


def test_a_pasted_address_opens_the_record_after_sign_in(
    chromium: Browser, product: Product
) -> None:
    """A link in a new tab leads to the record, not to the start."""
    app = open_app(chromium, product.address, "/me/settings")
    app.open("/reports")
    app.sees("Đăng nhập bằng VNeID")
    from .resident import sign_in

    sign_in(app, "Nguyễn Minh Anh")
    app.sees("Của tôi")
    assert app.page.url.endswith("/reports")


def test_another_browser_sees_nothing_of_the_resident(chromium: Browser, product: Product) -> None:
    """Two people at two computers of one server."""
    first = signed_in(chromium, product.address, "Nguyễn Minh Anh")
    second = open_app(chromium, product.address, "/")
    second.sees("Đăng nhập bằng VNeID")
    assert "Minh Anh" not in second.screen()
    third = signed_in(chromium, product.address, "Vũ Khánh Linh", "/reports")
    third.sees("Chưa có phản ánh nào")
    first.sees("Minh Anh")
