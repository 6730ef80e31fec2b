"""A report that fails, from the resident's error to the fix: sent as a bundle from one browser, opened by its
code and replayed in another, answered, made a test that fails until the fault is mended.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .browser import DESKTOP, App, free_port
from .resident import open_app, signed_in
from .server import ROOT, FaultyProduct, Product, Served
from .writing_reports import LANDMARK, WORDS, draw_photo, write_report

pytestmark = [pytest.mark.browser, pytest.mark.long]

RESIDENT, AGENT, SUPERVISOR = "Nguyễn Minh Anh", "Bùi Thu Hà", "Võ Minh Châu"
PURPOSE = "Tìm nguyên nhân lỗi"
TOLD, CODE = "Có lỗi ở phía chúng tôi.", "Mã lỗi"
ANSWER = "Bản mới đã sửa lỗi này. Bản nháp của bạn còn đó, mời bạn gửi lại."
PRIVATE = (WORDS, LANDMARK, "Minh Anh", "nap-cong", "SecretCamera")
"""What no eye of the staff may see."""

Look = Callable[[App, str], None]
"""What is done with a screen worth a picture."""


@dataclass(frozen=True, slots=True)
class Story:
    """Everybody's browsers, the code, and the bundle as the agent saved it."""

    apps: list[App]
    code: str
    bundle: Path


@contextmanager
def faulty_product(folder: Path) -> Iterator[Product]:
    """A server of the story's own, whose app has the fault."""
    product = FaultyProduct(folder).start()
    try:
        yield product
    finally:
        product.stop()


def test_a_failing_report_is_replayed_answered_and_made_a_test_of_its_fix(
    chromium: Browser, tmp_path: Path
) -> None:
    """Support sees what the resident saw, nothing of who they are, and the resident reads who looked."""
    with faulty_product(tmp_path) as product:
        story = play(chromium, product.address, tmp_path, lambda app, name: None)
        test = make_a_test(chromium, story, lambda app, name: None)
    for app in story.apps:
        assert app.errors == []
        assert app.outside == []
    with_fault = run_test(test, "-p", "tests.support.faulty_app")
    assert with_fault.returncode == 1, with_fault.stdout
    assert "unexpected" in with_fault.stdout
    mended = run_test(test)
    assert mended.returncode == 0, mended.stdout


def play(chromium: Browser, address: str, folder: Path, look: Look) -> Story:
    """Play the story up to the resident's last look; `look` is called at the screens worth a picture."""
    resident = signed_in(chromium, address, RESIDENT, "/reports/new")
    write_report(resident, draw_photo(folder))
    resident.press(resident.button("Gửi phản ánh"), "Mã lỗi")
    resident.sees(TOLD)
    resident.sees(WORDS)
    code = send(resident, look)
    agent = signed_in(chromium, address, AGENT, "/support-desk", size=DESKTOP)
    open_by_code(agent, code, look)
    bundle = save(agent, folder, code)
    replay = watch(agent, look)
    agent.type("Trả lời của bạn cho người dân", ANSWER)
    agent.press(agent.button("Trả lời người dân"), "Chờ người dân")
    read_the_answer(resident, code, look)
    supervisor = signed_in(chromium, address, SUPERVISOR, "/support-desk/log", size=DESKTOP)
    supervisor.sees(AGENT)
    for words in (code, PURPOSE, "Lấy gói để phát lại"):
        supervisor.sees(words)
    look(supervisor, "19-support-log-desktop")
    return Story([resident, agent, replay, supervisor], code, bundle)


def send(resident: App, look: Look) -> str:
    """From the error to the code; one switch is turned off."""
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
    agent.semantics.get_by_role("checkbox", name=PURPOSE).click()
    look(agent, "19-support-desk")
    agent.go(agent.button("Mở gói"), re.compile("/support-desk/openings/"))
    agent.sees("Phát lại")
    nothing_private(agent)
    look(agent, "19-support-opened")


def save(agent: App, folder: Path, code: str) -> Path:
    """The file, for the engineers."""
    with agent.page.expect_download() as download:
        agent.button("Lưu tệp").click()
    path = folder / f"{code}.zip"
    download.value.save_as(path)
    return path


def watch(agent: App, look: Look) -> App:
    """The same error with stand-ins, in a tab that belongs to this agent alone."""
    with agent.page.context.expect_page(timeout=60_000) as opened:
        agent.button("Phát lại").click()
    tab = App(opened.value, agent.address)
    tab.wait()
    tab.sees(re.compile("PHÁT LẠI"), 90)
    tab.sees(re.compile("Gặp lỗi"), 90)
    assert "Khác bản ghi" not in tab.screen()
    phone = tab.semantics.get_by_label("Màn hình phát lại, chỉ xem")
    tab.sees(TOLD)
    tab.sees("Xem lại trước khi gửi")
    nothing_private(tab)
    look(tab, "19-replay-error-desktop")
    assert phone.get_by_role("textbox").count() == 0
    step_back(tab, 2)
    point_at(tab, "Đến lỗi kế tiếp")
    tab.sees(CODE)
    step_back(tab, 3)
    point_at(tab, "1×")
    tab.sees("4×")
    point_at(tab, "Phát")
    tab.sees(re.compile(r"Bước (\d+) trên \1:"), 60)
    point_at(tab, "Đến lỗi kế tiếp")
    tab.sees(CODE)
    tab.page.set_viewport_size({"width": 412, "height": 892})
    tab.sees(CODE)
    look(tab, "19-replay-error")
    tab.page.close()
    # A page behind another draws seldom, and loses what is typed meanwhile.
    agent.page.bring_to_front()
    return tab


def step_back(tab: App, steps: int) -> None:
    """Back to where the error was not met yet: the step that met it shows it, too."""
    for _each in range(steps):
        point_at(tab, "Lùi một bước")
    expect(tab.semantics).not_to_contain_text(CODE)


def point_at(tab: App, name: str) -> None:
    """Click where a button is: a slider's empty overlay lies above all of the tree, not of the page."""
    box = tab.button(name).bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.wait_for_timeout(400)


def read_the_answer(resident: App, code: str, look: Look) -> None:
    """The inbox tells of it; the thread holds the answer and who looked, when and why; it is closed."""
    resident.open("/me/inbox")
    resident.sees(code)
    resident.open(f"/me/support/id/{code}")
    resident.sees(ANSWER)
    for words in (AGENT, PURPOSE, "Lấy gói để phát lại"):
        assert words in resident.screen(), words
    look(resident, "19-support-answered")


def make_a_test(chromium: Browser, story: Story, look: Look) -> Path:
    """A developer opens the saved file on their machine and has a test of it written."""
    folder, port = story.bundle.parent, free_port()
    (folder / "tests" / "journeys").mkdir(parents=True)
    arguments = ["-m", "app.replay", str(story.bundle), "--port", str(port)]
    served = Served(folder, "replay", arguments, f"http://127.0.0.1:{port}/connection", cwd=folder)
    served.start({**os.environ, "PYTHONPATH": str(ROOT), "IHANOI_DATA": str(folder / "developer")})
    try:
        app = open_app(chromium, f"http://127.0.0.1:{port}", "/replay", size=DESKTOP, theme="dark")
        app.sees("yêu cầu", 90)
        point_at(app, "Tạo bài kiểm thử")
        app.sees("Đã ghi bài kiểm thử")
        look(app, "19-replay-test-desktop-dark")
        story.apps.append(app)
    finally:
        served.stop()
    [test] = (folder / "tests" / "journeys" / "replayed").glob("test_*.py")
    return test


def run_test(test: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a written test, as a developer does."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, str(test)],
        cwd=test.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )


def nothing_private(app: App) -> None:
    """Neither the screen nor the tree behind it holds a word of the resident's."""
    screen = app.screen() + app.page.content()
    for words in PRIVATE:
        assert words not in screen, words
