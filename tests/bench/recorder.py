"""What recording costs: CPU time a request, with the recorder and without it.

python -m tests.bench.recorder [--requests 100]

`new`: every answer holds other reports, so each of its words gets a stand-in of its own. `again`: the
same answer every time. `alone`: new ones, a quarter of a second apart, so that each is written to the
vault by itself; otherwise what comes together is written together. The last column is the control:
what reading and writing the answer's JSON once costs here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from services.clock import ServerClock
from services.diagnostics import Recorder
from services.diagnostics.ring import GATHERED
from services.diagnostics.transport import recorded
from services.vault import Vault

BASE = "http://gateway/api"
REPORT = {
    "service_request_id": "HN-2611-00012",
    "status": "open",
    "status_notes": "Đơn vị đang điều xe khác đến.",
    "service_name": "Ổ gà, mặt đường hỏng",
    "service_code": "pothole",
    "description": "Mặt đường hỏng một đoạn dài trước cổng trường, xe máy phải đi sang làn bên.",
    "agency_responsible": "Phường Hoàn Kiếm",
    "requested_datetime": "2026-11-25T08:12:00+07:00",
    "address": "Đầu phố mẫu, phường Hoàn Kiếm",
    "lat": 21.02851,
    "long": 105.85422,
    "extended_attributes": {"status_code": "received", "media": [{"media_id": "m1"}]},
}


SIZES = (0.5, 2, 8, 32)
ROUNDS = 3


def answer(kilobytes: float, number: int) -> bytes:
    """A list of reports of about that size; another number has other texts, ids and places."""
    one = len(json.dumps(REPORT, ensure_ascii=False).encode())
    many = [
        REPORT
        | {
            "service_request_id": f"HN-{number}-{n}",
            "description": f"{REPORT['description']} {number} {n}",
            "status_notes": f"{REPORT['status_notes']} {number} {n}",
            "address": f"{REPORT['address']} {number} {n}",
            "lat": 21.0 + number / 10_000 + n / 1_000_000,
            "long": 105.8 + number / 10_000 + n / 1_000_000,
        }
        for n in range(max(1, int(kilobytes * 1024 / one)))
    ]
    return json.dumps(many, ensure_ascii=False).encode()


async def cpu(contents: list[bytes], folder: Path | None, apart: float = 0.0) -> float:
    """CPU milliseconds a request; recorded when there is a folder; `apart` seconds between them."""
    waiting = iter(contents)

    def respond(_request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(next(waiting))
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=stream)

    http: Any = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    recorder = vault = None
    if folder is not None:
        vault = Vault(folder / "vault.sqlite3", b"k" * 32)
        recorder = Recorder(ServerClock(), vault.for_subject("somebody"), BASE)
        http = recorded(http, ServerClock(), recorder)
    began = time.process_time()
    for _content in contents:
        await http.get(f"{BASE}/reports/mine")
        await asyncio.sleep(apart)
    if recorder is not None and vault is not None:
        await recorder.flush()
        vault.close()
    return (time.process_time() - began) * 1000 / len(contents)


async def more(contents: list[bytes], apart: float = 0.0) -> float:
    """CPU milliseconds that recording adds to a request: the least of some rounds, with and without."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for _round in range(ROUNDS):
        found[False].append(await cpu(contents, None, apart))
        with tempfile.TemporaryDirectory() as folder:
            found[True].append(await cpu(contents, Path(folder), apart))
    return min(found[True]) - min(found[False])


def control(contents: list[bytes]) -> float:
    """CPU milliseconds of reading and writing the JSON of an answer."""
    began = time.process_time()
    for content in contents:
        json.dumps(json.loads(content), ensure_ascii=False)
    return (time.process_time() - began) * 1000 / len(contents)


async def measured(requests: int) -> None:
    """Print a line a size."""
    print("   answer      new    again    alone    JSON once   ms of CPU a request")
    for kilobytes in SIZES:
        fresh = [answer(kilobytes, number) for number in range(requests)]
        figures = [await more(fresh), await more(fresh[:1] * requests)]
        figures.append(await more(fresh[: max(4, requests // 8)], GATHERED + 0.05))
        row = "  ".join(f"{one:7.2f}" for one in (*figures, control(fresh)))
        print(f"{len(fresh[0]) / 1024:6.1f} kB  {row}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recorder")
    parser.add_argument("--requests", type=int, default=100)
    asyncio.run(measured(parser.parse_args().requests))


if __name__ == "__main__":
    main()
