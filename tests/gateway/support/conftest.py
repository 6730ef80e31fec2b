"""A city with two of support's staff, and a bundle to send to them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from gateway.settings import Settings
from tests.gateway.clocked_city import Call, CityClock, city_settings
from tests.gateway.conftest import RESIDENT, HeadersFor

AGENT, OTHER_AGENT, SUPERVISOR = "test-agent", "test-other-agent", "test-supervisor"
STAFF = {AGENT: "Bùi Thu Hà", OTHER_AGENT: "Cao Văn Tín", SUPERVISOR: "Võ Minh Châu"}
TUESDAY = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MANIFEST = {"made_by": "ihanoi-open", "format": 1, "app_version": "0.1.0", "items": ["machine"]}
V1 = "/support/v1"


def bundle(manifest: Any = MANIFEST, **files: bytes) -> bytes:
    """A zip as the app makes it; `files` by name without the ending."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in files.items():
            archive.writestr(f"{name}.json", content)
    return out.getvalue()


@pytest.fixture
def clock() -> CityClock:
    """Tuesday morning, ten o'clock in Hà Nội."""
    return CityClock(TUESDAY)


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: CityClock) -> Settings:
    """A city whose list of support staff is a file of its own."""
    folder = tmp_path / "registers"
    folder.mkdir()
    staff = [{"subject": subject, "name": name} for subject, name in STAFF.items()]
    (folder / "support.json").write_text(json.dumps({"staff": staff}), encoding="utf-8")
    return city_settings(tmp_path, database_url, clock)


@pytest.fixture
def call(gateway: httpx.AsyncClient, headers_for: HeadersFor) -> Call:
    """One request of a resident, or of the staff."""

    async def send(
        method: str, path: str, body: Any = None, *, by: str = RESIDENT, key: str = ""
    ) -> httpx.Response:
        role = "supervisor" if by == SUPERVISOR else "support"
        headers = headers_for(by, "support", roles=(role,)) if by in STAFF else headers_for(by)
        headers |= {"Idempotency-Key": key} if key else {}
        return await gateway.request(method, f"{V1}{path}", json=body, headers=headers)

    return send


class Send(Protocol):
    """Sends a bundle."""

    async def __call__(
        self, data: bytes = ..., *, by: str = RESIDENT, key: str = "", **fields: str
    ) -> httpx.Response: ...


@pytest.fixture
def send(gateway: httpx.AsyncClient, headers_for: HeadersFor) -> Send:
    """Sends a bundle as the app does."""

    async def sending(
        data: bytes = bundle(), *, by: str = RESIDENT, key: str = "", **fields: str
    ) -> httpx.Response:
        headers = headers_for(by) | ({"Idempotency-Key": key} if key else {})
        files = {"bundle": ("bundle.zip", data, "application/zip")}
        return await gateway.post(f"{V1}/bundles", headers=headers, data=fields, files=files)

    return sending
