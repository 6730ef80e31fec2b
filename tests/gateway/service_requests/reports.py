"""A report to send, and how."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest

from gateway.working_time import HANOI

SENT = datetime(2026, 10, 12, 9, 12, tzinfo=HANOI)
REPORT = {
    "service_code": "pothole",
    "description": "Ổ gà sâu giữa đường, xe máy phải tránh gấp.",
    "address_string": "Trước số 28 Hàng Trống",
    "address_id": "00070",
    "lat": "21.030210",
    "long": "105.849620",
}
PATH = "/open311/v2/requests.json"
MINE = "/reports/mine"

Files = list[tuple[str, tuple[str, bytes, str]]]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def media(*photos: bytes) -> Files:
    """Photos as the app sends them."""
    return [("media", (f"photo-{n}.jpg", data, "image/jpeg")) for n, data in enumerate(photos)]


async def send(
    gateway: httpx.AsyncClient, headers: dict[str, str], files: Files | None = None, **changes: Any
) -> httpx.Response:
    """Send the report with some fields changed, or left out with None."""
    fields = {name: value for name, value in {**REPORT, **changes}.items() if value is not None}
    return await gateway.post(PATH, headers=headers, data=fields, files=files)


def errors_of(answer: httpx.Response) -> set[tuple[str, str]]:
    """Field and code of each error of a 422."""
    assert answer.status_code == 422, answer.text
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}
