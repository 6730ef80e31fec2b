"""What a code costs: `python -m tests.bench.card_code` prints CPU times on this machine.

Aims: drawing at most 10 ms, checking at most 2 ms (p99) with a deny list of a million cards.
"""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable

from gate.code import check
from gate.keys import DenyList
from gate.memory import Memory
from services.card_code import draw_png
from tests.support.card_codes import AT, SampleCard

ROUNDS = 500
DENIED = 1_000_000


def cpu_times(work: Callable[[int], object]) -> list[float]:
    """Milliseconds of CPU for each round."""
    times = []
    for number in range(ROUNDS):
        before = time.process_time_ns()
        work(number)
        times.append((time.process_time_ns() - before) / 1e6)
    return sorted(times)


def report(name: str, times: list[float]) -> None:
    """One line: median and 99th percentile."""
    p99 = times[int(len(times) * 0.99)]
    print(f"{name:36} p50 {statistics.median(times):6.2f} ms   p99 {p99:6.2f} ms")


def main() -> None:
    """Measure making, drawing and checking."""
    chance = random.Random(1)
    cards = [
        SampleCard(card_id=chance.randbytes(8), seed=chance.randbytes(32)) for _ in range(ROUNDS)
    ]
    texts = [card.code(AT) for card in cards]
    tracemalloc.start()
    deny = DenyList(chance.getrandbits(64) for _ in range(DENIED))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gate, memory = SampleCard().gate(deny=deny), Memory()
    report("draw the QR picture", cpu_times(lambda n: draw_png(texts[n])))
    report("check, a million cards denied", cpu_times(lambda n: check(texts[n], gate, memory, AT)))
    report("check the same code again", cpu_times(lambda n: check(texts[n], gate, memory, AT)))
    print(f"deny list of {len(deny):,} cards: {kept / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
