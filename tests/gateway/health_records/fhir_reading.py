"""Two residents' records, and how a FHIR client reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from gateway.database import Database
from tests.gateway.health_records.whole_record import whole_record

MINH_ANH, GIA_HUY = "test-minh-anh", "test-gia-huy"


@pytest.fixture
def records(stored: Any) -> dict[str, str]:
    """Both residents' records with one resource of every type, and their logical ids."""
    return {
        MINH_ANH: stored(whole_record("a", "Nguyễn Minh Anh"), MINH_ANH),
        GIA_HUY: stored(whole_record("b", "Trần Gia Huy"), GIA_HUY),
    }


async def get(
    gateway: httpx.AsyncClient, headers: dict[str, str], path: str, **asked: str
) -> dict[str, Any]:
    answer = await gateway.get(f"/fhir/R4/{path}", params=asked, headers=headers)
    assert answer.status_code == 200, (path, asked, answer.text)
    found: dict[str, Any] = answer.json()
    return found


def resources(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"]]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    seen: list[str] = []

    def note(*found: Any) -> None:
        seen.append(found[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)
