"""A resident in front of a browser: signs in at the sandbox's pages, by their visible names."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from .browser import PHONE, App, new_page

PASSCODE = "246810"
PICTURES = Path(__file__).parent.parent.parent / "shots"


def open_app(browser: Browser, address: str, route: str = "/", **look: object) -> App:
    """The app in a browser that nobody has signed in with."""
    page = new_page(browser, look.get("size", PHONE), look.get("theme", "light"))  # type: ignore[arg-type]
    return App(page, address).open(route)


def sign_in(app: App, name: str) -> None:
    """Press the button, choose the resident, type the passcode, agree."""
    app.go(app.button(re.compile("Đăng nhập bằng VNeID")), re.compile("/identity/"))
    page = app.page
    page.get_by_label(re.compile(name)).check()
    page.get_by_label("Mật mã").fill(PASSCODE)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("button", name="Đồng ý", exact=True).click()
    page.wait_for_url(re.compile(rf"^{app.address}/(?!identity|callback|sign-in)"), timeout=30_000)
    app.wait()
    expect(app.semantics).not_to_contain_text("Xem thử, không đăng nhập", timeout=30_000)


def signed_in(browser: Browser, address: str, name: str, route: str = "/", **look: object) -> App:
    """The app with a resident signed in, at an address."""
    app = open_app(browser, address, route, **look)
    sign_in(app, name)
    return app
