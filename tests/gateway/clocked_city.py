"""A city without sample records whose clock a test moves, and a resident's request to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx

from gateway.settings import Settings
from tests.gateway.conftest import PUBLIC_URL, RESIDENT


class CityClock:
    """The gateway's time, which a test moves."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)


class Call(Protocol):
    """One request with a resident's token."""

    async def __call__(
        self, method: str, path: str, body: Any = None, *, by: str = RESIDENT, key: str = ""
    ) -> httpx.Response: ...


def city_settings(folder: Path, database_url: str, clock: Callable[[], datetime]) -> Settings:
    """The settings of such a city."""
    return Settings(
        data_folder=folder,
        database_url=database_url,
        public_url=PUBLIC_URL,
        sandbox=False,
        clock=clock,
    )
