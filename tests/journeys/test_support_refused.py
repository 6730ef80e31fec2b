"""A file that is no bundle to be opened: staff read why, and what to do, where they asked for its replay."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import httpx

from app.replay.hosting import Replays
from services.diagnostics import write
from services.diagnostics.bundle import FORMAT, MANIFEST
from services.diagnostics.opening import LARGEST_OPENED
from tests.journeys.conftest import Home
from tests.journeys.test_support import AGENT, sent
from tests.support.bundles import ENDED, example
from tests.support.cut import link_of

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "damaged": (lambda: write(example())[:-40], "Gói hỗ trợ này bị hỏng."),
    "foreign": (lambda: b"%PDF-1.7 a letter", "Đây không phải gói hỗ trợ."),
    "bomb": (lambda: zipped(har=b"\0" * (LARGEST_OPENED + 1)), "Tệp này quá lớn"),
    "older": (lambda: zipped({"format": 0}), "ứng dụng quá cũ"),
    "newer": (lambda: zipped({"format": FORMAT + 1}), "ứng dụng mới hơn"),
    "expired": (lambda: zipped({"created": (ENDED - timedelta(days=9)).isoformat()}), "quá bảy ngày"),
}  # fmt: skip


def zipped(changes: dict[str, object] | None = None, har: bytes = b"{}") -> bytes:
    """A bundle with another manifest, or with something else in it."""
    out, manifest = io.BytesIO(), {**example().manifest.to_json(), **(changes or {})}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        archive.writestr("har.json", har)
    return out.getvalue()


class Exchanged(httpx.AsyncBaseTransport):
    """A line on which the bundle's file is another one."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.file = inner, b""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inner.handle_async_request(request)
        if not request.url.path.endswith("/bundle"):
            return answer
        return httpx.Response(200, content=self.file, headers={"content-type": "application/zip"})


async def test_each_refusal_is_told_on_the_screen(home: Home) -> None:
    """Damaged, foreign, a zip bomb, of an older or a newer app, past its seven days."""
    _resident, _device, code = await sent(home)
    agent, desk = await home.another_vault().signed_in(AGENT, "/support-desk")
    await agent.type("Mã hỗ trợ", code)
    await agent.tap("Tìm nguyên nhân lỗi")
    await agent.tap("Mở gói")
    await agent.sees("Phát lại")
    replays = Replays(lambda: ENDED)

    async def open_replay(code: str, bundle: bytes, case: str) -> str:
        return await replays.prepare(agent, code, bundle, case)

    desk.open_replay = open_replay  # type: ignore[method-assign]
    link = link_of(home.process.http)
    link.inner = line = Exchanged(link.inner)
    for name, (make, words) in REFUSED.items():
        line.file = make()
        await agent.tap("Phát lại")
        await agent.sees(words)
        assert desk.opened == [], name
