"""The lock in a real browser: half a report waits behind it, and three wrong PINs have to wait too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .browser import App
from .resident import signed_in
from .server import Product
from .test_four_browsers import LOCKED, PIN, SWITCH, Look, unlock

pytestmark = pytest.mark.browser

WORDS = "Biển báo cấm đỗ ở đầu ngõ đã đổ, nằm giữa vỉa hè."
FIELD = "Chuyện gì đang xảy ra?"
PIN_FIELD = "Mã PIN, sáu chữ số"
WAITS = re.compile(r"\d+ giây")


def test_a_half_typed_report_is_there_again_behind_the_lock(
    chromium: Browser, product: Product
) -> None:
    """A lock that costs what was typed is switched off by whoever it should protect."""
    app = play(chromium, product, lambda app, name: None)
    assert app.errors == []
    assert app.outside == []


def play(chromium: Browser, product: Product, look: Look) -> App:
    """Play the story; `look` is called at the screens worth a picture."""
    app = signed_in(chromium, product.address, "Đỗ Thu Trang", "/me/settings/lock")
    choose_pin(app)
    app.open("/reports/new")
    if LOCKED in app.screen():
        unlock(app)
    app.type(FIELD, WORDS)
    route = app.page.url
    away(app)
    app.sees(LOCKED)
    back(app)
    assert WORDS not in app.screen()
    expect(app.field(FIELD)).to_have_count(0)
    look(app, "21-lock-typed")
    wrong_three_times(app)
    look(app, "21-lock-waits")
    app.page.reload()
    app.wait().sees(WAITS)
    app.sees(LOCKED)
    expect(app.semantics).not_to_contain_text(WAITS, timeout=60_000)
    unlock(app)
    shows_the_words(app)
    assert app.page.url == route
    look(app, "21-lock-opened")
    away(app)
    app.sees(LOCKED)
    back(app)
    unlock(app)
    shows_the_words(app)
    return app


def choose_pin(app: App) -> None:
    """A PIN, and the lock as soon as the tab is left."""
    app.sees("Bật khóa")
    app.type("Mã PIN mới, sáu chữ số", PIN)
    app.type("Nhập lại mã PIN đó", PIN)
    app.press(app.button("Bật khóa"), "Khóa ngay")
    app.semantics.get_by_role("checkbox", name="Ngay lập tức").click()
    app.page.wait_for_timeout(1000)


def away(app: App) -> None:
    """The tab is left for another one."""
    app.page.evaluate(SWITCH % ("hidden", "true", "blur"))


def back(app: App) -> None:
    """And taken up again."""
    app.page.evaluate(SWITCH % ("visible", "false", "focus"))


def wrong_three_times(app: App) -> None:
    """Each wrong PIN is said; after the third not even the right one is taken for half a minute."""
    for _try in range(3):
        app.type(PIN_FIELD, "11111")
        app.page.keyboard.type("1")
        app.sees(re.compile("lần thử|giây"))
        app.page.wait_for_timeout(500)
    app.sees(WAITS)
    assert LOCKED in app.screen()


def shows_the_words(app: App) -> None:
    """The field holds every word, for the eye and for a screen reader."""
    app.sees("Gửi phản ánh")
    expect(app.field(FIELD)).to_have_value(WORDS, timeout=30_000)
