"""What recording costs a resident: CPU time of each request while the support stories walk the real app.

python -m tests.bench.recorder_walk

Every resident is new here, so most answers hold what their recorder never saw before.
"""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from services.device import Place
from services.diagnostics import Recorder
from services.diagnostics.har import Exchange
from services.diagnostics.ring import TABLE
from services.vault_rows import VaultRows
from tests.campaigns.support_stories import STORIES, Hands
from tests.journeys.conftest import living
from tests.support.consents import everybody_agreed


class Costs:
    """CPU seconds of what was measured, in the thread that did it."""

    def __init__(self) -> None:
        self.each: list[tuple[float, int]] = []
        self.rows: list[float] = []

    def measure(self) -> None:
        """Stand before the recorder's own methods."""
        exchanged, put = Recorder.exchanged, VaultRows.put

        def timed(recorder: Recorder, exchange: Exchange) -> None:
            began = time.thread_time()
            exchanged(recorder, exchange)
            self.each.append((time.thread_time() - began, len(exchange.content)))

        def timed_put(rows: Any, connection: Any, table: str, key: str, value: Any) -> None:
            began = time.thread_time()
            put(rows, connection, table, key, value)
            if table == TABLE:
                self.rows.append(time.thread_time() - began)

        Recorder.exchanged, VaultRows.put = timed, timed_put  # type: ignore[method-assign,assignment]

    def __str__(self) -> str:
        costs, number = sorted(one for one, _size in self.each), len(self.each)
        found = {
            "requests": f"{number}",
            "mean": f"{1000 * sum(costs) / number:.2f} ms",
            "half below": f"{1000 * costs[number // 2]:.2f} ms",
            "95 % below": f"{1000 * costs[int(number * 0.95)]:.2f} ms",
            "writing to the vault": f"{1000 * sum(self.rows) / number:.2f} ms a request, {len(self.rows)} rows",
        }
        lines = [f"{name:<22}{figure}" for name, figure in found.items()]
        largest = sorted(self.each, reverse=True)[:5]
        most = ", ".join(f"{1000 * one:.1f} ms ({size / 1024:.0f} kB)" for one, size in largest)
        return "\n".join([*lines, f"{'the most':<22}{most}"])


async def walk(folder: Path) -> None:
    """Do every story once, each on a device of its own."""
    async with living(folder) as home:
        everybody_agreed(folder)
        for story in STORIES:
            place = home.another_vault()
            phone, device = await place.signed_in(story.who)
            device.place = Place(21.0301, 105.8501, 12.0)
            hands = Hands(phone, device)
            # The city lies in the same process; looking through its objects is not the resident's.
            gc.freeze()
            await hands.look()
            for act in story.acts:
                await act(hands)
            await hands.look()
            await phone.close()


def main() -> None:
    """Walk and print."""
    costs = Costs()
    costs.measure()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IHANOI_DATA"] = folder
        asyncio.run(walk(Path(folder)))
    print(costs)


if __name__ == "__main__":
    main()
