"""What a code costs: `python -m tests.bench.card_code` prints CPU times on this machine.

Aims: drawing at most 10 ms; checking at most 2 ms (p99) with a deny list of a million cards, in a
gate of its own whose memory stays below 64 MB.
"""

from __future__ import annotations

import hashlib
import json
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from services.card_code import draw_png
from tests.gate.station_twins import ROOT_KEY, make_folder, signed_keys
from tests.support.card_codes import SampleCard

ROUNDS = 2000
DENIED = 1_000_000
ROOT = Path(__file__).parents[2]
GATE = """
import json, re, sys, time
from pathlib import Path
from gate.station import Station

station = Station(Path(sys.argv[1]))
times, words = [], {}
for line in sys.stdin.read().splitlines():
    before = time.process_time_ns()
    answer = station.answer(line)
    times.append((time.process_time_ns() - before) / 1e6)
    word = answer if isinstance(answer, str) else str(answer.verdict)
    words[word] = words.get(word, 0) + 1
# Not getrusage: that counts what the parent had before this program began.
memory = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"times": times, "words": words, "memory": memory, "denied": station.standing().denied}))
"""
"""A gate as it runs at a stop, in a process that holds nothing of the tests."""


def report(name: str, times: list[float]) -> None:
    """One line: median and 99th percentile."""
    times = sorted(times)
    p99 = times[int(len(times) * 0.99)]
    print(f"{name:44} p50 {statistics.median(times):6.2f} ms   p99 {p99:6.2f} ms")


def cpu_times(work: Callable[[int], object], rounds: int) -> list[float]:
    """Milliseconds of CPU for each round."""
    times = []
    for number in range(rounds):
        before = time.process_time_ns()
        work(number)
        times.append((time.process_time_ns() - before) / 1e6)
    return times


def deny_document(chance: random.Random, at: float) -> bytes:
    """The whole list of a million cards, signed."""
    ids = b"".join(sorted(chance.randbytes(8) for _ in range(DENIED)))
    head = struct.pack(">QQQ32s", 1, int(at), DENIED, hashlib.sha256(ids).digest())
    return ROOT_KEY.sign(b"hn-card-deny-v1" + head) + head + struct.pack(">QI", 0, 0) + ids


def gate_folder(folder: Path, chance: random.Random) -> Path:
    """A gate that has just synced, and knows its clock."""
    from gate.clock import GateClock
    from gate.memory import Memory
    from gate.station import MEMORY_FILE

    now = time.time()
    make_folder(folder)
    (folder / "keys.signed").write_bytes(signed_keys(SampleCard(), at=now))
    (folder / "deny.signed").write_bytes(deny_document(chance, now))
    GateClock(Memory(folder / MEMORY_FILE)).learn(now, 0.5)
    return folder


def check_times(folder: Path, texts: list[str]) -> dict[str, object]:
    """What a gate in a process of its own needed for those codes."""
    done = subprocess.run(
        [sys.executable, "-c", GATE, str(folder)],
        input="\n".join(texts),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure drawing and checking."""
    chance = random.Random(1)
    cards = [
        SampleCard(card_id=chance.randbytes(8), seed=chance.randbytes(32), valid_until=65535)
        for _ in range(ROUNDS)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = gate_folder(Path(name) / "gate", chance)
        # The chain to hash has 1 to 240 links by the moment of the hour: the step is printed.
        now = time.time()
        texts = [card.code(now) for card in cards]
        report("draw the QR picture", cpu_times(lambda n: draw_png(texts[n]), 300))
        texts = [card.code(time.time()) for card in cards]
        found = check_times(folder, texts)
    times = [float(one) for one in found["times"]]  # type: ignore[attr-defined]
    print(f"verdicts: {found['words']}, step {int(now % 3600 // 15)} of 239")
    report("check and write, a million cards denied", times[1:])
    print(f"first code, with reading the list           {times[0]:6.0f} ms")
    print(f"memory of the gate, {found['denied']:,} ids     {found['memory']:6.1f} MB (at most)")


if __name__ == "__main__":
    main()
