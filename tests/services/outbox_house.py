"""An outbox over a vault in a folder, and a city that answers as a test wants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from services.clock import ServerClock
from services.errors import (
    ServiceError,
)
from services.outbox import Outbox
from services.vault import Vault

KEY = bytes(32)


class House:
    """An outbox over a vault, and a send that does what a test says."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "vault.sqlite3"
        self.who: str | None = "s-1"
        self.vault = Vault(self.path, KEY)
        self.sent: list[tuple[Any, str]] = []
        self.trouble: dict[Any, ServiceError] = {}
        self.everywhere: ServiceError | None = None
        self.before: Callable[[], Awaitable[None]] | None = None
        self.outbox = self.window()

    def window(self) -> Outbox:
        outbox = Outbox(self.vault.for_subject(lambda: self.who), ServerClock())
        outbox.register("report", self.send)
        return outbox

    async def send(self, payload: Any, idempotency_key: str) -> Any:
        if self.before is not None:
            await self.before()
        self.sent.append((payload, idempotency_key))
        if error := self.everywhere or self.trouble.get(payload):
            raise error
        return {"sent": payload}

    async def states(self) -> dict[Any, tuple[str, str | None, int]]:
        items = await self.outbox.list()
        return {item.payload: (item.state, item.last_error, item.attempts) for item in items}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
