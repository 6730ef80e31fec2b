"""Two residents, an officer and a support agent on one server, in four browsers at once: through expiry,
lock, step-up, sign-out elsewhere, export and erasure, each sees only their own.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser

from .browser import App
from .resident import PASSCODE, signed_in
from .server import Product

pytestmark = [pytest.mark.browser, pytest.mark.long]

ANH, LAN, OFFICER, AGENT = "Nguyễn Minh Anh", "Phạm Thị Lan", "Hoàng Đức Quân", "Bùi Thu Hà"
WORDS = {
    ANH: "Ổ gà trước cổng nhà chị Anh, nước đọng lâu ngày.",
    LAN: "Đèn ngõ nhà bà Lan tắt đã ba tối liền.",
}
PIN = "482915"
LOCKED = "Ứng dụng đang khóa"
SWITCH = """() => {
  Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true});
  Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('%s'));
}"""
"""What a browser tells a page whose tab is left, and taken up again."""

Look = Callable[[App, str], None]
"""What is done with a screen worth a picture."""


@pytest.fixture
def own_product(tmp_path: Path) -> Iterator[Product]:
    """A server of this story's own, where tokens live 40 seconds: a resident is erased on it."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("IHANOI_ACCESS_SECONDS", "40")
        product = Product(tmp_path).start()
    yield product
    product.stop()


@dataclass(frozen=True, slots=True)
class Four:
    """Everybody's browser, by name, on one product."""

    product: Product
    apps: dict[str, App]

    def database(self, statement: str, *values: object) -> None:
        """Change a row as time or the provider would."""
        with sqlite3.connect(self.product.folder / "gateway.sqlite3", timeout=30) as city:
            city.execute("PRAGMA foreign_keys = ON")
            city.execute(statement, values)

    def each_sees_only_their_own(self) -> None:
        """The page of each says their own name and no other's, nor any other's words."""
        for name, app in self.apps.items():
            app.open("/me")
            app.sees(name)
            screen = app.screen()
            for other in (ANH, LAN, OFFICER, AGENT):
                assert other == name or other not in screen, f"{name} sees {other}"
            for other, words in WORDS.items():
                assert other == name or words not in screen, f"{name} sees {words}"


def test_four_browsers_at_once_see_only_their_own(chromium: Browser, own_product: Product) -> None:
    """What a city's app is trusted for, in one story."""
    four = play(chromium, own_product, lambda app, name: None)
    for app in four.apps.values():
        assert app.errors == []
        assert app.outside == []


def play(chromium: Browser, product: Product, look: Look) -> Four:
    """Play the whole story; `look` is called at the screens worth a picture."""
    apps = {
        who: signed_in(chromium, product.address, who, "/me") for who in (ANH, LAN, OFFICER, AGENT)
    }
    four = Four(product, apps)
    four.each_sees_only_their_own()
    write_drafts(four)
    staff_see_no_drafts(four)
    lock(four.apps[ANH], look)
    expire(four, look)
    export(four, look)
    sign_out_elsewhere(four, chromium, look)
    erase(four, look)
    return four


def write_drafts(four: Four) -> None:
    """Both residents write at once; each list of drafts holds their own alone."""
    for name in (ANH, LAN):
        app = four.apps[name].open("/reports/new")
        app.type("Chuyện gì đang xảy ra?", WORDS[name])
    for name, other in ((ANH, LAN), (LAN, ANH)):
        app = four.apps[name].open("/reports/drafts")
        app.sees(WORDS[name])
        assert WORDS[other] not in app.screen()


def staff_see_no_drafts(four: Four) -> None:
    """The desk and support's desk know nothing of what was not sent; residents know neither desk."""
    for name, route in ((OFFICER, "/desk"), (AGENT, "/support-desk")):
        app = four.apps[name].open(route)
        app.sees(re.compile("Bàn xử lý|Mở một gói"))
        assert not any(words in app.screen() for words in WORDS.values())
    for name in (ANH, LAN):
        app = four.apps[name].open("/support-desk")
        app.page.wait_for_timeout(1500)
        assert "Mở một gói" not in app.screen()


def lock(app: App, look: Look) -> None:
    """Left alone, the page hides itself; the PIN brings it back."""
    app.open("/me/settings/lock")
    app.sees("Bật khóa")
    app.type("Mã PIN mới, sáu chữ số", PIN)
    app.type("Nhập lại mã PIN đó", PIN)
    app.press(app.button("Bật khóa"), "Khóa ngay")
    app.semantics.get_by_role("checkbox", name="Ngay lập tức").click()
    app.page.wait_for_timeout(1000)
    app.page.evaluate(SWITCH % ("hidden", "true", "blur"))
    app.sees(LOCKED)
    app.page.evaluate(SWITCH % ("visible", "false", "focus"))
    assert ANH not in app.screen()
    look(app, "18-locked")
    unlock(app)
    app.sees("Khóa ngay")
    app.semantics.get_by_role("checkbox", name="1 phút", exact=True).click()
    app.page.wait_for_timeout(1000)


def unlock(app: App) -> None:
    """The sixth digit sends the PIN."""
    app.type("Mã PIN, sáu chữ số", PIN[:5])
    app.page.keyboard.type(PIN[5])


def expire(four: Four, look: Look) -> None:
    """The provider renews Lan's sign-in no longer: the page stays under the sheet, and comes back."""
    app = four.apps[LAN].open("/reports/drafts")
    app.sees(WORDS[LAN])
    four.database(
        "DELETE FROM identity_refresh_tokens WHERE grant_id IN"
        " (SELECT grant_id FROM identity_grants WHERE subject = ?)",
        "sandbox-pham-thi-lan",
    )
    app.sees("Phiên đăng nhập đã hết", 90)
    look(app, "20-session-over")
    app.go(app.button("Đăng nhập lại"), re.compile("/identity/"))
    confirm(app, LAN)
    app.sees(WORDS[LAN])


def confirm(app: App, name: str) -> None:
    """At the provider's page: the same person, and the passcode again."""
    page = app.page
    page.get_by_label(re.compile(name)).check()
    page.get_by_label("Mật mã").fill(PASSCODE)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    page.wait_for_url(re.compile(rf"^{app.address}/(?!identity|callback|sign-in)"), timeout=30_000)
    app.wait()


def export(four: Four, look: Look) -> None:
    """Taking everything along asks for a fresh sign-in first, and holds nobody else's."""
    app = four.apps[ANH].open("/me/privacy/export")
    app.sees("Tập hợp dữ liệu của tôi")
    four.database(
        "UPDATE identity_grants SET auth_time = auth_time - 3600 WHERE subject = ?",
        "sandbox-nguyen-minh-anh",
    )
    app.page.wait_for_timeout(11_000)  # The access token is renewed, and tells its sign-in's age.
    app.press(app.button("Tập hợp dữ liệu của tôi"), "Xác nhận đó là bạn.")
    look(app, "18-step-up")
    app.go(app.button("Xác nhận lại bằng VNeID"), re.compile("/identity/"))
    confirm(app, ANH)
    app.press(app.button("Tập hợp dữ liệu của tôi"), re.compile("Đang tập hợp|Đã xong"))
    app.sees("Đã xong", 90)
    look(app, "18-export")
    with app.page.expect_download(timeout=60_000) as saved:
        app.button("Lưu tệp").click()
    with ZipFile(io.BytesIO(saved.value.path().read_bytes())) as file:
        told = "".join(
            file.read(name).decode() for name in file.namelist() if name.endswith(("json", "html"))
        )
        drafts = json.loads(file.read("data/device.json"))["drafts"]
    assert ANH in told
    assert WORDS[ANH] in json.dumps(drafts, ensure_ascii=False)
    assert LAN not in told
    assert WORDS[LAN] not in told


def sign_out_elsewhere(four: Four, chromium: Browser, look: Look) -> None:
    """From another browser Anh ends all other sign-ins; the first is told so in words."""
    other = signed_in(chromium, four.product.address, ANH, "/me/settings/sessions")
    unlock_if_asked(other)
    other.sees("Thiết bị khác")
    look(other, "18-sessions")
    # Their only other one is the one this story began with.
    other.press(
        other.button(re.compile("Đăng xuất cả|^Đăng xuất$")).first, re.compile("Có, đăng xuất")
    )
    other.press(other.button(re.compile("Có, đăng xuất")), re.compile("Đã đăng xuất"))
    app = four.apps[ANH]
    # Which of the two it hears first, the refused token or the refused renewal, is chance.
    app.sees(re.compile("đăng xuất từ một thiết bị khác|đăng xuất từ thiết bị khác"), 90)
    look(app, "18-ended-elsewhere")
    four.apps[ANH] = other


def unlock_if_asked(app: App) -> None:
    """A new browser of somebody with a PIN begins locked, unless they have just signed in."""
    if LOCKED in app.screen():
        unlock(app)


def erase(four: Four, look: Look) -> None:
    """Lan erases everything; nobody else loses anything, and Lan begins empty."""
    app = four.apps[LAN].open("/me/privacy/erase")
    app.sees("Phần còn giữ, và vì sao")
    app.press(app.button("Xóa tài khoản"), "Xóa tất cả?")
    app.press(app.button("Đúng, xóa tất cả"), "Đã xóa tài khoản của bạn.", 60)
    look(app, "18-erased")
    app.page.context.close()
    four.apps[LAN] = signed_in(chromium_of(four), four.product.address, LAN, "/reports/drafts")
    four.apps[LAN].sees("Chưa có bản nháp")
    four.each_sees_only_their_own()
    anh = four.apps[ANH].open("/reports/drafts")
    anh.sees(WORDS[ANH])


def chromium_of(four: Four) -> Browser:
    """The browser in which all of them have a context of their own."""
    browser = four.apps[OFFICER].page.context.browser
    assert browser is not None
    return browser
