"""The card in a real browser: its code, read off the screen, opens a gate once and is dead soon after."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser

from .browser import App
from .resident import signed_in
from .server import ROOT, Product

pytestmark = pytest.mark.browser


def read_code(app: App, path: Path) -> str:
    """The text of the QR code on a screenshot, as a camera at a gate would read it."""
    for _attempt in range(20):
        app.page.screenshot(path=path)
        found = zxingcpp.read_barcodes(Image.open(path))
        if found:
            return str(found[0].text)
        app.page.wait_for_timeout(500)
    raise AssertionError("no code could be read off the screen")


def gate(code: str, folder: Path, at: float) -> str:
    """The verdict of the gate command, with a memory of its own in the folder."""
    options = ["--keys", str(folder / "keys.json"), "--state", str(folder / "gate.sqlite3")]
    answered = subprocess.run(
        [sys.executable, "-m", "gate", "check", *options, "--at", str(int(at))],
        input=code + "\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return answered.stdout.split("\t")[0]


def test_a_code_read_off_the_screen_is_taken_once(
    chromium: Browser, product: Product, tmp_path: Path
) -> None:
    """A code is good for one gate, and a photograph of it is dead within 30 seconds."""
    keys = httpx.get(f"{product.address}/api/gate/keys", trust_env=False).json()
    (tmp_path / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh", "/cards")
    app.sees(re.compile("Mở mã QR"))
    if "Thẻ chưa có trên máy này" in app.screen():
        app.button("Dùng thẻ trên máy này").click()
        app.sees("Thẻ này nằm trên máy chủ của ứng dụng.")
    app.go(app.button(re.compile("Mở mã QR")), re.compile("/cards/code$"))
    app.sees("Nguyễn Minh Anh")
    code = read_code(app, tmp_path / "code.png")
    now = time.time()
    assert gate(code, tmp_path, now) == "accepted"
    assert gate(code, tmp_path, now) == "replayed"
    (tmp_path / "gate.sqlite3").unlink()
    assert gate(code, tmp_path, now + 31) == "too_old"
    assert app.outside == []


def test_each_new_code_is_taken_and_asks_nothing_of_the_gateway(
    chromium: Browser, product: Product, tmp_path: Path
) -> None:
    """Three steps: the code changes by itself, every 15 seconds."""
    keys = httpx.get(f"{product.address}/api/gate/keys", trust_env=False).json()
    (tmp_path / "keys.json").write_text(json.dumps(keys), encoding="utf-8")
    app = signed_in(chromium, product.address, "Trần Gia Huy", "/cards")
    app.button("Dùng thẻ trên máy này").click()
    app.sees("Thẻ này nằm trên máy chủ của ứng dụng.")
    app.go(app.button(re.compile("Mở mã QR")), re.compile("/cards/code$"))
    seen: list[str] = []
    end = time.monotonic() + 60
    while len(seen) < 3 and time.monotonic() < end:
        code = read_code(app, tmp_path / "code.png")
        if code not in seen:
            seen.append(code)
            (tmp_path / "gate.sqlite3").unlink(missing_ok=True)
            now = time.time()
            assert gate(code, tmp_path, now) == "accepted"
            assert gate(code, tmp_path, now) == "replayed"
            (tmp_path / "gate.sqlite3").unlink()
            assert gate(code, tmp_path, now + 31) == "too_old"
        app.page.wait_for_timeout(1000)
    assert len(seen) == 3
