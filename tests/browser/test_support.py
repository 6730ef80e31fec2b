"""An error, its bundle, and the answer: a resident and support in two browsers, the replay in a third tab."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from .browser import DESKTOP, App
from .resident import signed_in
from .server import Product

pytestmark = [pytest.mark.browser, pytest.mark.long]

RESIDENT, AGENT = "Nguyễn Minh Anh", "Bùi Thu Hà"
NOWHERE = "/me/support/id/HT-2222-22"
ANSWER = "Mã này không có. Mời bạn mở từ danh sách."

Look = Callable[[App, str], None]
"""What is done with a screen worth a picture."""


def test_an_error_is_sent_opened_by_code_replayed_and_answered(
    chromium: Browser, product: Product
) -> None:
    """Support sees what the resident saw, nothing of who they are, and the resident reads who looked."""
    resident, agent = play(chromium, product.address, lambda app, name: None)
    assert resident.errors + agent.errors == []
    assert resident.outside + agent.outside == []


def play(chromium: Browser, address: str, look: Look) -> tuple[App, App]:
    """Play the whole story; `look` is called at the screens worth a picture."""
    resident = signed_in(chromium, address, RESIDENT, NOWHERE)
    code = send(resident, look)
    agent = signed_in(chromium, address, AGENT, "/support-desk", size=DESKTOP)
    open_by_code(agent, code, look)
    replay(agent, look)
    agent.type("Trả lời của bạn cho người dân", ANSWER)
    agent.press(agent.button("Trả lời người dân"), "Chờ người dân")
    resident.open(f"/me/support/id/{code}")
    resident.sees(ANSWER)
    for words in (AGENT, "Tìm nguyên nhân lỗi", "Lấy gói để phát lại"):
        assert words in resident.screen(), words
    look(resident, "19-support-answered")
    return resident, agent


def send(resident: App, look: Look) -> str:
    """From the error to the code."""
    resident.sees("Mã lỗi")
    resident.go(resident.button("Gửi gói hỗ trợ"), re.compile(r"/me/support/new\?error="))
    resident.sees("Xem trước khi gửi")
    look(resident, "19-support-preview")
    resident.go(resident.button(re.compile("Gửi 4 mục")), re.compile("/me/support/sent/"))
    resident.sees("Đã gửi gói hỗ trợ")
    look(resident, "19-support-code")
    resident.open("/me/support")
    resident.sees("Gói đã gửi")
    found = re.search(r"HT-\w{4}-\d\d", resident.screen())
    assert found is not None
    return found[0]


def open_by_code(agent: App, code: str, look: Look) -> None:
    """The code as it was read aloud, and what it is opened for."""
    agent.sees("Mở một gói")
    agent.type("Mã hỗ trợ", code.replace("-", " ").lower())
    agent.semantics.get_by_role("checkbox", name="Tìm nguyên nhân lỗi").click()
    look(agent, "19-support-desk")
    agent.go(agent.button("Mở gói"), re.compile("/support-desk/openings/"))
    agent.sees("Phát lại")
    assert "Minh Anh" not in agent.screen()
    look(agent, "19-support-opened")


def replay(agent: App, look: Look) -> None:
    """The same error with stand-ins, in a tab that belongs to this agent alone."""
    with agent.page.context.expect_page(timeout=60_000) as opened:
        agent.button("Phát lại").click()
    tab = App(opened.value, agent.address)
    tab.wait()
    tab.sees(re.compile("PHÁT LẠI"), 90)
    tab.sees(re.compile("Gặp lỗi"), 90)
    assert "Minh Anh" not in tab.screen()
    look(tab, "19-support-replay")
    tab.page.close()
