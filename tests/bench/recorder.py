"""What recording costs: CPU time a request, with and without the recorder, and a screen's digest.

python -m tests.bench.recorder [--requests 400]
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


def answers(kilobytes: float) -> bytes:
    """A list of reports of about that size."""
    one = len(json.dumps(REPORT, ensure_ascii=False).encode())
    many = [
        REPORT | {"service_request_id": f"HN-{n}"}
        for n in range(max(1, int(kilobytes * 1024 / one)))
    ]
    return json.dumps(many, ensure_ascii=False).encode()


async def cpu(requests: int, content: bytes, folder: Path | None) -> float:
    """CPU milliseconds a request; recorded when there is a folder."""

    def answer(_request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(content)
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=stream)

    http: Any = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    recorder = vault = None
    if folder is not None:
        vault = Vault(folder / "vault.sqlite3", b"k" * 32)
        recorder = Recorder(ServerClock(), vault.for_subject("somebody"), BASE)
        http = recorded(http, ServerClock(), recorder)
    began = time.process_time()
    for _number in range(requests):
        await http.get(f"{BASE}/reports/mine")
    if recorder is not None and vault is not None:
        await recorder.flush()
        vault.close()
    return (time.process_time() - began) * 1000 / requests


async def measured(requests: int) -> None:
    """Print a line a size."""
    for kilobytes in (0.5, 2, 8, 32):
        content = answers(kilobytes)
        without = min([await cpu(requests, content, None) for _round in range(3)])
        found = []
        for _round in range(3):
            with tempfile.TemporaryDirectory() as folder:
                found.append(await cpu(requests, content, Path(folder)))
        print(f"{len(content) / 1024:6.1f} kB: {min(found) - without:.2f} ms more a request")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.recorder")
    parser.add_argument("--requests", type=int, default=400)
    asyncio.run(measured(parser.parse_args().requests))


if __name__ == "__main__":
    main()
