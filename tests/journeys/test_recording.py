"""The recorder beside a resident: what it keeps of a report that fails, and what it never keeps."""

from __future__ import annotations

import httpx

from app import paths
from services.diagnostics import read, write
from tests.journeys.conftest import Home
from tests.support.cut import link_of

HIDDEN = ("Minh Anh", "nguyen-minh-anh", "Cột đèn", "Cầu Giấy", "Trúc Bạch")


class Busy(httpx.AsyncBaseTransport):
    """A gateway too busy for one list."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/parking/v1/places"):
            problem = {"type": "/problems/busy", "reference": "ref-of-the-fault"}
            return httpx.Response(503, json=problem, request=request)
        return await self.inner.handle_async_request(request)


async def test_a_fault_is_recorded_with_the_way_to_it_and_without_the_person(home: Home) -> None:
    """Support sees what was tapped, what failed and why, and nobody's name."""
    phone, _device = await home.signed_in("nguyen-minh-anh")
    await phone.sees("Đang theo dõi")
    link = link_of(home.process.http)
    link.inner = Busy(link.inner)
    await phone.choose("NavigationBar", {"selected_index": 2})
    await phone.go(paths.NEW_PARKING)
    await phone.sees("ref-of-the-fault")
    await phone.go(paths.SETTINGS)
    recorder = home.recorders[-1]
    bundle = read(write(await recorder.bundle()))
    acts = [step.detail for step in bundle.steps if step.kind == "act"]
    assert [(act["control"], act["label"]) for act in acts][-1] == ("NavigationBar", "Home")
    assert acts[-1]["data"] == {"option": 2}
    assert any(step.detail.get("reference") == "ref-of-the-fault" for step in bundle.steps)
    failing = bundle.screens[-1]
    assert failing.route == paths.NEW_PARKING
    assert any("Error code" in word for word in failing.words)
    assert bundle.state["person"]["name"]
    written = b"\n".join(_files(write(bundle))).decode()
    assert [word for word in HIDDEN if word in written] == []


def _files(data: bytes) -> list[bytes]:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]
