"""What a health record costs: `python -m tests.bench.health` prints CPU times on this machine.

A document of 1.8 MB from its text to a drawn overview; the growth from 10 to 10,000 resources, whose
cost for each must stay within 1.5 times; the most memory; and how soon the copy of the device is on
the screen while the city does not answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from app.entry import Process
from services.errors import Offline
from services.health_records import read_summary
from services.health_records.copies import Copies
from services.keeping import always
from tests.support.drawing import Drawing
from tests.support.health_bundle import bundle_of, draw, quiet_process
from views.health_records.overview import HealthRecordView, Overview

SIZE = 1_800_000
ROOT = Path(__file__).parents[2]
MEMORY = """
import json, re, sys
from pathlib import Path
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
from services.health_records import read_summary
before = peak()
summary = read_summary(json.loads(sys.stdin.read()))
print(json.dumps([before, peak()]))
"""


def sized() -> str:
    """A document of 1.8 MB as text."""
    one = len(json.dumps(bundle_of(1000), ensure_ascii=False).encode()) / 1000
    return json.dumps(bundle_of(round(SIZE / one)), ensure_ascii=False)


async def cost_of_overview(process: Process, text: str) -> tuple[float, float]:
    """Milliseconds of CPU: (from the text to a summary, from the summary to a drawn screen)."""
    before = time.process_time()
    summary = read_summary(json.loads(text))
    read = time.process_time() - before
    before = time.process_time()
    phone = await draw(process, partial(Overview, summary))
    drawn = time.process_time() - before
    assert "Cách đọc hồ sơ" in phone.text()
    await phone.close()
    return read * 1000, drawn * 1000


async def growth(process: Process, rounds: int, most: int) -> float:
    """Print the cost for each resource at every size; returns the worst of them to the smallest."""
    costs: list[float] = []
    for count in (10, 100, 1000, 10_000):
        if count > most:
            break
        text = json.dumps(bundle_of(count))
        repeated = max(rounds, 300 // count)
        found = [await cost_of_overview(process, text) for _ in range(repeated)]
        read = statistics.median(one[0] for one in found)
        drawn = statistics.median(one[1] for one in found)
        costs.append(read / count)
        print(
            f"{count:6} resources: read {read:8.1f} ms, {read / count:.3f} ms each; drawn {drawn:6.1f} ms"
        )
    return max(costs) / costs[0]


async def copy_first(process: Process, text: str) -> None:
    """Print how soon a kept copy is drawn, while the city keeps everyone waiting."""
    drawing = Drawing(process)
    records = drawing.services.health_records
    asked = asyncio.Event()

    async def never(*_given: object, **_named: object) -> object:
        asked.set()
        await asyncio.Event().wait()
        raise Offline

    vault = process.vault.for_subject("bench")
    records._vault = vault
    records._copies = Copies(vault, process.clock, keep=always)
    records._own_id = never  # type: ignore[method-assign, assignment]
    raw = json.loads(text)
    await records._copies.slot("summary", None).put(raw, read_summary(raw), "")
    records._copies = Copies(vault, process.clock, keep=always)
    before = time.process_time()
    kept = await records._copies.slot("summary", None).kept(read_summary)
    opened = (time.process_time() - before) * 1000
    assert kept is not None
    before = time.process_time()
    phone = await drawing.show(HealthRecordView)
    drawn = (time.process_time() - before) * 1000
    words = phone.text()
    assert "Cách đọc hồ sơ" in words, "not in the first thing that is drawn"
    assert "đang xem có gì mới" in words
    assert asked.is_set(), "the city was not asked"
    print(
        f"kept copy: opened and read in {opened:.0f} ms of CPU, drawn in {drawn:.0f} ms, no answer yet"
    )
    waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await phone.close()
    for task in waiting:
        task.cancel()


def memory(text: str) -> tuple[float, float]:
    """MB: (a process with our reader loaded, its peak after a document was read)."""
    command = [sys.executable, "-c", MEMORY]
    done = subprocess.run(command, input=text.encode(), cwd=ROOT, check=True, capture_output=True)
    before, after = json.loads(done.stdout)
    return before, after


async def main() -> None:
    """Print every figure; ends with an error where growth is worse than 1.5 times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=int, default=10_000)
    given = parser.parse_args()
    with quiet_process() as process:
        text = sized()
        await cost_of_overview(process, json.dumps(bundle_of(10)))
        found = [await cost_of_overview(process, text) for _ in range(given.rounds)]
        read, drawn = (statistics.median(one[n] for one in found) for n in (0, 1))
        megabytes = len(text.encode()) / 1e6
        print(
            f"{megabytes:.2f} MB: read {read:.0f} ms, drawn {drawn:.0f} ms, together {read + drawn:.0f} ms of CPU"
        )
        before, after = memory(text)
        print(
            f"memory: {before:.0f} MB before, {after:.0f} MB at most ({after - before:.0f} MB for the record)"
        )
        await copy_first(process, text)
        worst = await growth(process, given.rounds, given.most)
        print(
            f"cost for each resource, worst against ten resources: {worst:.2f} times (at most 1.5)"
        )
        sys.exit(worst > 1.5)


if __name__ == "__main__":
    asyncio.run(main())
