"""What is kept of what was sent: for a year, and no longer."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.clock import ServerClock
from services.outbox import Outbox
from services.outbox_answers import ANSWERS_KEPT
from services.vault import Vault

SECOND = timedelta(seconds=1)


class Years:
    """A device's clock that a test moves on."""

    def __init__(self) -> None:
        self.began, self.ahead = time.time(), timedelta()

    def __call__(self) -> float:
        return self.began + self.ahead.total_seconds()


@pytest.fixture
def years() -> Years:
    return Years()


def outbox_of(vault: Vault, subject: str, years: Years) -> Outbox:
    """A resident's outbox over the shared vault, at a plain city."""

    async def send(payload: Any, key: str) -> Any:
        return [{"service_request_id": f"HN-{payload}"}]

    outbox = Outbox(vault.for_subject(subject), ServerClock(years, years))
    outbox.register("report", send, keep_answer=True)
    return outbox


async def test_answers_go_a_year_after_they_came(tmp_path: Path, years: Years) -> None:
    """What somebody reported, and where, lies on the device for ever otherwise."""
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32))
    mine, theirs = outbox_of(vault, "s-1", years), outbox_of(vault, "s-2", years)
    await mine.submit("report", "a", item_id="id-a")
    years.ahead = ANSWERS_KEPT - SECOND
    await mine.submit("report", "b", item_id="id-b")
    await theirs.submit("report", "c", item_id="id-c")
    assert set(await mine.answers()) == {"id-a", "id-b"}
    years.ahead = ANSWERS_KEPT + SECOND
    assert set(await mine.answers()) == {"id-b"}
    assert set(await mine.answers()) == {"id-b"}
    assert set(await theirs.answers()) == {"id-c"}
    years.ahead = 3 * ANSWERS_KEPT
    assert await mine.answers() == {}
    assert await vault.for_subject("s-1").sizes() == {}
    assert set(await vault.for_subject("s-2").list("sent")) == {"id-c"}
