"""Support opens the sandbox's app as a resident with a server that is down: the error, mended there and then."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from .album import scroll
from .browser import DESKTOP, App
from .resident import signed_in
from .server import Product

pytestmark = [pytest.mark.browser, pytest.mark.long]

AGENT, RESIDENT = "Bùi Thu Hà", "Phạm Thị Lan"
DOWN = "Máy chủ không phục vụ (503)"
FARTHEST = 12
"""Turns of the wheel to the end of the page."""

Look = Callable[[App, str], None]
"""What is done with a screen worth a picture."""


def test_a_resident_is_opened_with_a_fault_which_is_switched_off_and_ends(
    chromium: Browser, product: Product
) -> None:
    """What a resident would see, without a bundle of theirs; the agent's own tab stays the agent's."""
    agent, tab = play(chromium, product.address, lambda app, name: None)
    assert agent.errors + tab.errors == []
    assert agent.outside + tab.outside == []


def play(chromium: Browser, address: str, look: Look) -> tuple[App, App]:
    """Play the whole story; `look` is called at the screens worth a picture."""
    agent = signed_in(chromium, address, AGENT, "/support-desk", size=DESKTOP)
    agent.go(agent.button(re.compile("Mở như cư dân thử")), re.compile("/support-desk/personas"))
    agent.sees("Lỗi gì xảy ra?")
    look(agent, "19-persona-choosing")
    tab = opened(agent)
    tab.sees(re.compile(f"Cư dân thử: {RESIDENT} · lỗi: 503"), 90)
    tab.page.set_viewport_size({"width": 412, "height": 892})
    tab.sees("Mã lỗi persona-", 60)
    look(tab, "19-persona-down")
    tab.button("Đổi lỗi").click()
    tab.sees("Lỗi của cư dân thử này")
    look(tab, "19-persona-faults")
    reached(tab, tab.field(DOWN)).click()
    reached(tab, tab.button("Xong")).click()
    tab.sees("lỗi: không")
    with suppress(PlaywrightTimeout):  # The app may have asked again by itself.
        tab.button("Thử lại").first.click(timeout=3000)
    expect(tab.semantics).not_to_contain_text("Mã lỗi persona-", timeout=60_000)
    look(tab, "19-persona-mended")
    tab.reload()
    tab.sees(f"Cư dân thử: {RESIDENT}")
    tab.button("Kết thúc").click()
    tab.sees("Cư dân thử này đã đóng.")
    look(tab, "19-persona-closed")
    agent.open("/me")
    agent.sees(AGENT)
    assert "Cư dân thử" not in agent.screen()
    return agent, tab


def opened(agent: App) -> App:
    """The resident, the fault, the purpose, and the tab that opens."""
    chosen = agent.semantics.get_by_role("checkbox", name=re.compile(f"^{RESIDENT}"))
    purpose = agent.semantics.get_by_role("checkbox", name="Tìm nguyên nhân lỗi")
    for target in (chosen, agent.field(DOWN), purpose):
        reached(agent, target).click()
    with agent.page.context.expect_page(timeout=60_000) as found:
        reached(agent, agent.button("Mở trong thẻ mới")).click()
    return App(found.value, agent.address).wait()


def reached(app: App, target: Locator) -> Locator:
    """What lies further down a long page, once the wheel has brought it near."""
    for _turn in range(FARTHEST):
        if target.count():
            break
        scroll(app, 300)
        app.page.wait_for_timeout(300)
    return target.first
