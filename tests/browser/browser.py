"""A real browser on the real app: finds things by their accessible names, and keeps what went wrong.

Flet 1.0.5 draws on a canvas; what can be found is its semantics tree, which our page switches on.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from re import Pattern
from typing import Literal
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from starlette.types import ASGIApp

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESKTOP = (412, 892), (1280, 800)
READABLE = "flt-semantics-host :is([role], input, span, h1, h2)"
START_MS = 120_000
PATIENCE = 30.0
"""Seconds to wait for words: two busy cores are slow, a passing wait costs nothing."""
TRIES = 5


def find_chromium() -> str | None:
    """The path of an installed Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(make_app: Callable[[str], ASGIApp], port: int | None = None) -> Iterator[str]:
    """Serve `make_app(public_url)` from a thread; yields the public address."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    config = uvicorn.Config(
        make_app(address),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield address
    server.should_exit = True
    thread.join(10)


def new_page(
    browser: Browser,
    size: tuple[int, int] = PHONE,
    theme: Literal["light", "dark"] = "light",
) -> Page:
    """A page in a context of its own: no cookie shared with another resident's."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(
        viewport=viewport,  # type: ignore[arg-type]
        color_scheme=theme,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    return context.new_page()


class App:
    """The app in one page. `errors` and `outside` must be empty at the end of a journey."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url))
        page.on("console", lambda message: self._note_refusal(message.text))

    @property
    def semantics(self) -> Locator:
        """What a screen reader reads; announcements repeat it elsewhere on the page."""
        return self.page.locator("flt-semantics-host")

    def open(self, route: str = "/") -> App:
        """Go to an address of the app and wait until there is something to read."""
        self.page.goto(self.address + route)
        return self.wait()

    def reload(self) -> App:
        """Load the page afresh."""
        self.page.reload()
        return self.wait()

    def wait(self) -> App:
        """Wait until the app has drawn its first screen.

        No `wait_for_function`: it evaluates text in the page, which our policy forbids.
        """
        self.page.wait_for_selector("#opening", state="detached", timeout=START_MS)
        self.page.wait_for_selector(READABLE, state="attached", timeout=START_MS)
        return self

    def identified(self, identifier: str) -> Locator:
        """The node of `ft.Semantics(identifier=…)`."""
        return self.semantics.locator(f"[flt-semantics-identifier='{identifier}']")

    def button(self, name: str | Pattern[str]) -> Locator:
        """A button by its name."""
        return self.semantics.get_by_role("button", name=name, exact=isinstance(name, str))

    def tab(self, name: str | Pattern[str]) -> Locator:
        """A destination of the navigation by its name."""
        return self.semantics.get_by_role("tab", name=name, exact=isinstance(name, str))

    def field(self, label: str) -> Locator:
        """A text field by its label."""
        return self.semantics.get_by_label(label, exact=True)

    def text(self, words: str | Pattern[str]) -> Locator:
        """Words on the screen."""
        return self.semantics.get_by_text(words)

    def sees(self, words: str | Pattern[str], seconds: float = PATIENCE) -> None:
        """Wait until the screen says these words, in a text or in the name of a group of texts."""
        named = self.semantics.get_by_label(words)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not named.count():
            with suppress(AssertionError):
                expect(self.semantics).to_contain_text(words, timeout=500)
                return
        if not named.count():
            expect(self.semantics).to_contain_text(words, timeout=100)

    def screen(self) -> str:
        """Everything the screen says."""
        return self.semantics.inner_text()

    def type(self, label: str, words: str) -> None:
        """Type into a field, key by key, until it holds the words.

        `fill()` loses about half its input here, a click during a transition is swallowed, and
        the first key after the focus is sometimes lost.
        """
        field = self.field(label)
        for attempt in range(TRIES):
            try:
                self._type_once(field, words, clicked=attempt % 2 == 0)
            except (AssertionError, PlaywrightTimeout):
                if attempt == TRIES - 1:
                    raise
            else:
                return

    def go(self, target: Locator, address: str | Pattern[str]) -> None:
        """Press until the page's address changes: clicks during a transition are swallowed."""
        for attempt in range(TRIES):
            target.click()
            try:
                self.page.wait_for_url(address, timeout=6000)
            except PlaywrightTimeout:
                if attempt == TRIES - 1:
                    raise
            else:
                return

    def press(self, target: Locator, words: str | Pattern[str], seconds: float = 8) -> None:
        """Press until the screen says these words: a click during a redraw is swallowed."""
        for attempt in range(TRIES):
            target.scroll_into_view_if_needed(timeout=seconds * 1000)
            target.click(timeout=seconds * 1000)
            try:
                self.sees(words, seconds)
            except AssertionError:
                if attempt == TRIES - 1 or not target.is_visible():
                    raise
            else:
                return

    def picture(self, path: str) -> None:
        """Save a screenshot; pixels lag behind semantics."""
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=path)

    def _type_once(self, field: Locator, words: str, *, clicked: bool) -> None:
        # What lies half under a pinned bar cannot be clicked, but the keyboard reaches it.
        if clicked:
            field.click(timeout=3000)
        else:
            field.focus(timeout=3000)
        expect(field).to_be_focused(timeout=3000)
        self.page.wait_for_timeout(100)
        if field.input_value():
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
        self.page.keyboard.type(words)
        expect(field).to_have_value(words, timeout=3000)

    def _note(self, url: str) -> None:
        parts = urlsplit(url.removeprefix("blob:"))
        if parts.scheme != "data" and parts.netloc != urlsplit(self.address).netloc:
            self.outside.append(url)

    def _note_refusal(self, text: str) -> None:
        # A request that the policy stopped is no request to Playwright, but it was an attempt.
        if "Content Security Policy" in text:
            self.outside.append(text)
