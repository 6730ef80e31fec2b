"""The certificate in a real browser: applied for, paid, followed, checked by a stranger, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .browser import App
from .officer import revoke
from .resident import open_app, signed_in
from .server import Product

pytestmark = pytest.mark.browser

RESIDENT = "Nguyễn Minh Anh"
LIST = "/records/certificates"
Look = Callable[[App, str], None]
"""What is done with a screen worth a picture."""


def test_a_certificate_is_applied_for_trusted_forged_and_revoked(
    chromium: Browser, product: Product, tmp_path: Path
) -> None:
    """A paper with the force of law: a stranger is told the truth about it each time they ask."""
    resident = signed_in(chromium, product.address, RESIDENT, LIST)
    guest = play(resident, chromium, product.address, tmp_path, lambda app, name: None)
    assert resident.errors + guest.errors == []
    assert resident.outside + guest.outside == []


def play(app: App, chromium: Browser, city: str, folder: Path, look: Look) -> App:
    """Play the whole story over the city at an address; returns the stranger's app.

    `look` is called at the screens worth a picture.
    """
    apply(app, look)
    app.sees("Phí phải trả")
    look(app, "14-certificate-payment")
    app.press(app.button("Thử: trả tiền"), "Còn 5 ngày làm việc")
    look(app, "15-certificate-status")
    app.sees("Đã ký số, còn hiệu lực", 60)
    look(app, "15-certificate-result")
    result = app.page.url.removeprefix(app.address)
    found = re.search(r"MẪU-\d{6}", app.screen())
    assert found is not None
    document = save(app, folder)
    guest = open_app(chromium, app.address, "/me/verify")
    check(guest, document, "Phiếu hợp lệ")
    look(guest, "16-verify-valid")
    forged = bytearray(document.read_bytes())
    forged[len(forged) // 2] ^= 1
    changed = folder / "forged.pdf"
    changed.write_bytes(forged)
    check(guest, changed, "Nội dung đã bị sửa")
    look(guest, "16-verify-altered")
    revoke(city, found[0], "identity_error")
    check(guest, document, "Phiếu đã bị thu hồi")
    look(guest, "16-verify-revoked")
    app.open(result)
    app.sees("Cơ quan cấp đã thu hồi phiếu.")
    return guest


def apply(app: App, look: Look) -> None:
    """From the list through the four steps to the payment."""
    app.go(app.button("Xin phiếu lý lịch tư pháp"), re.compile("/new"))
    app.sees("Loại phiếu bạn xin")
    look(app, "14-certificate-form")
    app.go(app.button("Tiếp tục"), re.compile("/details$"))
    purpose = app.semantics.get_by_role("checkbox", name="Bổ sung hồ sơ xin việc")
    purpose.scroll_into_view_if_needed()
    purpose.click()
    look(app, "14-certificate-details")
    app.go(app.button("Tiếp tục"), re.compile("/delivery$"))
    app.go(app.button("Tiếp tục"), re.compile("/review$"))
    app.sees("Xem lại trước khi gửi")
    look(app, "14-certificate-review")
    app.go(app.button("Nộp hồ sơ"), re.compile("/certificates/id/"))


def save(app: App, folder: Path) -> Path:
    """The file, as the resident hands it on."""
    app.go(app.button("Gửi phiếu cho nơi cần"), re.compile("/send$"))
    with app.page.expect_download() as download:
        app.button("Lưu tệp PDF").click()
    path = folder / "certificate.pdf"
    download.value.save_as(path)
    return path


def check(guest: App, document: Path, words: str) -> None:
    """Choose a file on the checking screen; the answer stands there without a sign-in."""
    again = guest.button("Kiểm tra phiếu khác")
    if again.count():
        guest.press(again, "Chọn tệp PDF")
    with guest.page.expect_file_chooser() as chooser:
        guest.button("Chọn tệp PDF").click()
    chooser.value.set_files(document)
    guest.sees(words)
    assert ("Phiếu hợp lệ" in guest.screen()) == (words == "Phiếu hợp lệ")


def test_a_stranger_checks_at_the_public_page(chromium: Browser, product: Product) -> None:
    """An employer without an account opens the address on the paper."""
    page = chromium.new_context(locale="vi-VN").new_page()
    page.goto(f"{product.address}/verify")
    assert page.get_by_role("heading").first.is_visible()
    page.goto(f"{product.address}/verify/?code=0000-0000")
    page.get_by_text("Không tìm thấy số phiếu").first.wait_for()
