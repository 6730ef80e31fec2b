"""What takes long to make is made once in a run, by whichever worker needs it first."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.serve import make_city
from tests.support.consents import everybody_agreed

PUBLIC_URL = "http://127.0.0.1:8550"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` has filled for every worker of this run: copy it, or only read it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with (base / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        folder = base / f"once-{name}"
        if not folder.exists():
            draft = factory.mktemp(f"draft-of-{name}")
            make(draft)
            draft.rename(folder)
    return folder


def started_city(factory: pytest.TempPathFactory) -> Path:
    """A city's folder after its first start: tables, keys, people and their records; everybody has
    agreed to everything.
    """
    return once(factory, "city", _start)


def _start(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IHANOI_DATA", str(folder))
        environment.delenv("DATABASE_URL", raising=False)
        city = make_city(PUBLIC_URL)

    async def start_and_stop() -> None:
        async with city.router.lifespan_context(city):
            pass

    asyncio.run(start_and_stop())
    everybody_agreed(folder)
