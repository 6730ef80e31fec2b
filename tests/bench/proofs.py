"""What a proof of the device's key costs (RFC 9449): made on the device, checked at the gateway, and remembered.

`python -m tests.bench.proofs` prints figures for docs/sign-in.md: CPU time, medians of batches.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from gateway.proofs import PROOFS_KEPT, Proofs
from services.proofs import DeviceKey

URL = httpx.URL("https://city.test/api/reports/mine?page=2")
HTU = "https://city.test/api/reports/mine"
TOKEN = "x" * 800
BATCHES, EACH = 20, 100


def now() -> datetime:
    """The time of every proof here."""
    return datetime(2026, 11, 26, tzinfo=UTC)


def cpu(work: Callable[[], object]) -> float:
    """Median CPU milliseconds of one run."""
    batches = []
    for _ in range(BATCHES):
        began = time.process_time()
        for _ in range(EACH):
            work()
        batches.append((time.process_time() - began) / EACH * 1000)
    return statistics.median(batches)


def main() -> None:
    """Measure and print."""
    key, proofs = DeviceKey.make(), Proofs(now)

    def make() -> str:
        return key.proof("GET", URL, now(), nonce=proofs.nonce, access_token=TOKEN)

    made = [make() for _ in range(BATCHES * EACH)]
    shown = iter(made)
    print(f"make a key            {cpu(DeviceKey.make):7.3f} ms CPU")
    print(f"make a proof          {cpu(make):7.3f} ms CPU, {len(made[0])} bytes")
    checking = cpu(lambda: proofs.check([next(shown)], "GET", [HTU], TOKEN))
    print(f"check a proof         {checking:7.3f} ms CPU")
    print(f"remember a full epoch {_megabytes():7.1f} MB for {PROOFS_KEPT:,} proofs, two at most")


def _megabytes() -> float:
    """Memory of one full epoch, without the work of making so many proofs."""
    proofs = Proofs(now)
    nonce = proofs.nonce
    tracemalloc.start()
    for number in range(PROOFS_KEPT):
        proofs._remember("k", {"jti": str(number), "nonce": nonce})
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / 1e6


if __name__ == "__main__":
    main()
