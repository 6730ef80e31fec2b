"""What components are drawn with that need values and no city."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.config import Config
from app.entry import Process, make_process

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
async def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Process]:
    """A process of the app whose gateway is never asked: much cheaper than a city."""
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    config = Config("embedded", "embedded", "embedded", "ihanoi-app", sandbox=True)
    made = make_process(config, os.urandom(32), NOWHERE)
    async with made.http:
        yield made
    made.vault.close()
