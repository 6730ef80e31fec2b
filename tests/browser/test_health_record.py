"""The health record in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from .resident import signed_in
from .server import Product

pytestmark = pytest.mark.browser


def test_a_resident_reads_the_record_and_a_section(chromium: Browser, product: Product) -> None:
    """Allergies first; "none" and "no information" are told apart; a section opens."""
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh", "/records")
    app.sees("Penicillin")
    app.sees("Không có")
    app.sees("Chưa có thông tin")
    app.open("/records/health/sections/results")
    app.sees(re.compile("LDL", re.IGNORECASE))
    app.sees("Trong ngưỡng".lower())
    assert app.errors == []
    assert app.outside == []


def test_a_newcomer_is_told_why_the_record_is_empty(chromium: Browser, product: Product) -> None:
    """Silence is not health."""
    app = signed_in(chromium, product.address, "Vũ Khánh Linh", "/records")
    app.sees("Sổ của bạn chưa có gì.")
    assert "Không có" not in app.screen().replace("Không có: ", "").replace("không có nghĩa", "")
