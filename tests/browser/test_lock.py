"""The lock in a real browser: it comes when the tab is hidden, keeps what was typed, and a sign-in resets it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from .browser import App
from .resident import PASSCODE, signed_in
from .server import Product

pytestmark = [pytest.mark.browser, pytest.mark.long]

PIN = "482915"
LOCKED = "Ứng dụng đang khóa"
SWITCH = """() => {
  Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true});
  Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('%s'));
}"""
"""What a browser tells a page whose tab is left, and taken up again."""
HIDE = SWITCH % ("hidden", "true", "blur")
SHOW = SWITCH % ("visible", "false", "focus")


def choose_pin(app: App) -> None:
    """In the settings, with the app locking itself at once."""
    app.open("/me/settings/lock")
    app.sees("Bật khóa")
    app.type("Mã PIN mới, sáu chữ số", PIN)
    app.type("Nhập lại mã PIN đó", PIN)
    app.press(app.button("Bật khóa"), "Khóa ngay")


def unlock(app: App) -> None:
    """The sixth digit sends the PIN."""
    app.type("Mã PIN, sáu chữ số", PIN[:5])
    app.page.keyboard.type(PIN[5])


def test_a_hidden_tab_locks_and_keeps_what_was_typed(chromium: Browser, product: Product) -> None:
    """Somebody leaves the library's computer for the printer."""
    app = signed_in(chromium, product.address, "Minh Anh", "/me")
    choose_pin(app)
    app.semantics.get_by_role("checkbox", name="Ngay lập tức").click()
    app.page.wait_for_timeout(1000)
    app.open("/me/verify")
    app.sees(LOCKED)  # Leaving a page hides it.
    unlock(app)
    app.type("Mã kiểm tra", "ABCD-1234")
    app.page.evaluate(HIDE)
    app.sees(LOCKED)
    app.page.evaluate(SHOW)
    assert "ABCD" not in app.screen()
    second = App(app.page.context.new_page(), app.address).open("/records")
    second.sees(LOCKED)
    assert "Penicillin" not in second.screen()
    second.page.close()
    app.page.bring_to_front()
    unlock(app)
    app.sees("Mã kiểm tra")
    assert app.field("Mã kiểm tra").input_value() == "ABCD-1234"
    forget(app)
    assert app.errors == []
    assert app.outside == []


def forget(app: App) -> None:
    """The PIN is forgotten: a new sign-in, with the passcode typed anew, lets another be chosen."""
    app.page.evaluate(HIDE)
    app.sees(LOCKED)
    app.page.evaluate(SHOW)
    app.press(app.button(re.compile("Quên mã PIN")), "Không ai đọc lại được mã PIN")
    app.go(app.button(re.compile("Đăng nhập lại bằng VNeID")), re.compile("/identity/"))
    page = app.page
    page.get_by_label(re.compile("Minh Anh")).check()
    page.get_by_label("Mật mã").fill(PASSCODE)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    page.wait_for_url(re.compile(r"/me/settings/lock"), timeout=30_000)
    app.wait()
    app.sees("Bạn vừa đăng nhập lại nên không cần mã PIN cũ.")
