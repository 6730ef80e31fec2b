"""The certificate in a real browser: applied for, saved, accepted by `pdfsig`, refused when changed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from .browser import App
from .resident import signed_in
from .server import ROOT, Product

pytestmark = pytest.mark.browser


def apply(app: App) -> None:
    """From the list through the four steps to the status."""
    app.go(app.button("Xin phiếu lý lịch tư pháp số 1"), re.compile("/new"))
    app.sees("Loại phiếu bạn xin")
    app.go(app.button("Tiếp tục"), re.compile("/details$"))
    app.semantics.get_by_role("checkbox", name="Bổ sung hồ sơ xin việc").click()
    app.go(app.button("Tiếp tục"), re.compile("/delivery$"))
    app.go(app.button("Tiếp tục"), re.compile("/review$"))
    app.sees("Xem lại trước khi gửi")
    app.go(app.button("Nộp hồ sơ"), re.compile("/certificates/id/"))


def verdict(path: Path, product: Product) -> int:
    """The exit code of the checking command."""
    command = [sys.executable, "-m", "gateway", "verify", str(path)]
    environ = {"IHANOI_DATA": str(product.folder), "PORT": str(product.port), "PATH": "/usr/bin"}
    return subprocess.run(
        command, cwd=ROOT, env=environ, check=False, capture_output=True
    ).returncode


def test_a_certificate_is_applied_for_saved_and_trusted(
    chromium: Browser, product: Product, tmp_path: Path
) -> None:
    """A paper with the force of law: a stranger's tool says so, and a changed byte is seen."""
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh", "/records/certificates")
    apply(app)
    app.sees("Đã ký số, còn hiệu lực", 60)
    with app.page.expect_download() as download:
        app.button("Lưu tệp PDF").click()
    path = tmp_path / "certificate.pdf"
    download.value.save_as(path)
    assert verdict(path, product) == 0
    forged = bytearray(path.read_bytes())
    forged[len(forged) // 2] ^= 1
    (tmp_path / "forged.pdf").write_bytes(forged)
    assert verdict(tmp_path / "forged.pdf", product) == 1
    assert app.errors == []
    assert app.outside == []
    if shutil.which("pdfsig") and shutil.which("certutil"):
        assert "Signature is Valid." in signature(path, product)


def signature(path: Path, product: Product) -> str:
    """What poppler's `pdfsig` says when it trusts the sandbox's root."""
    root = path.with_name("root.pem")
    address = f"{product.address}/api/certificates/v1/sandbox-root.pem"
    root.write_bytes(httpx.get(address, trust_env=False).content)
    trust = f"sql:{path.parent}"
    named = ["-A", "-d", trust, "-n", "sandbox", "-t", "C,C,C", "-a", "-i", str(root)]
    subprocess.run(["certutil", "-N", "-d", trust, "--empty-password"], check=True)
    subprocess.run(["certutil", *named], check=True)
    said = subprocess.run(
        ["pdfsig", "-nssdir", trust, str(path)], check=True, capture_output=True, text=True
    ).stdout
    assert "Total document signed" in said
    assert "Certificate is Trusted." in said
    return said


def test_a_stranger_checks_at_the_public_page(chromium: Browser, product: Product) -> None:
    """An employer without an account opens the address on the paper."""
    page = chromium.new_context(locale="vi-VN").new_page()
    page.goto(f"{product.address}/verify")
    assert page.get_by_role("heading").first.is_visible()
    page.goto(f"{product.address}/verify/?code=0000-0000")
    page.get_by_text("Không tìm thấy số phiếu").first.wait_for()
