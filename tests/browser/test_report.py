"""One report in a real browser: signed in, photographed, sent, found again after a restart, signed out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .resident import open_app, signed_in
from .server import Product
from .writing_reports import WORDS, draw_photo, write_report

pytestmark = pytest.mark.browser


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone would write it."""
    return draw_photo(tmp_path)


def test_a_report_is_sent_and_found_again_after_a_restart(
    chromium: Browser, product: Product, photo: Path
) -> None:
    """The promise of the product, from the tap to the database and back."""
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh")
    app.sees("Minh Anh")
    app.go(app.button("Gửi phản ánh"), re.compile("/reports/new$"))
    write_report(app, photo)
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
