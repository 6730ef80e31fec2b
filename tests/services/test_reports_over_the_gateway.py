"""Reports over the real gateway: photos ahead, acts, the officer's desk, changes while they happen."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import httpx
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.asgi import running
from gateway.database import Database
from gateway.settings import Settings
from services.client import GatewayClient
from services.clock import ServerClock
from services.desk import Desk
from services.inbox import Inbox
from services.live import Live
from services.outbox import Outbox
from services.photos import Photo, prepare
from services.service_requests import Correction, ServiceRequestDraft, ServiceRequests
from services.vault import Vault
from tests.gateway.conftest import PUBLIC_URL, equipped, make_token
from tests.services.test_photos import encoded, picture

RESIDENT, NEIGHBOUR = "sandbox-nguyen-minh-anh", "sandbox-tran-gia-huy"
OFFICER = "sandbox-hoang-duc-quan"


class Bearer(httpx.Auth):
    """The access token of one person."""

    def __init__(self, subject: str) -> None:
        officer = subject == OFFICER
        roles = ("officer",) if officer else ()
        self._token = make_token(subject, "reports desk" if officer else "reports", roles=roles)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Device:
    """One person's services."""

    def __init__(self, http: httpx.AsyncClient, vault: Vault, subject: str) -> None:
        clock, mine = ServerClock(), vault.for_subject(subject)
        gateway = GatewayClient(f"{PUBLIC_URL}/api", http, clock, Bearer(subject))
        self.outbox = Outbox(mine, clock)
        everyone = vault.for_everyone()
        self.reports = ServiceRequests(gateway, mine, everyone, self.outbox, clock)
        self.inbox = Inbox(gateway, mine, clock, extended=True)
        self.live = Live(gateway, extended=True)
        self.desk = Desk(gateway)


class City:
    """A running gateway, and people before it; `cut` breaks the line."""

    def __init__(self, app: Starlette, vault: Vault) -> None:
        self.cut = False
        self.requests: list[httpx.Request] = []
        self.received: list[int] = []
        inner = httpx.ASGITransport(app)

        class Line(httpx.AsyncBaseTransport):
            async def handle_async_request(line, request: httpx.Request) -> httpx.Response:  # noqa: N805
                self.requests.append(request)
                if self.cut:
                    raise httpx.ConnectError("cut", request=request)
                response = await inner.handle_async_request(request)
                content = await response.aread()
                self.received.append(len(content))
                return response

        self.http = httpx.AsyncClient(transport=Line())
        self.vault = vault

    def of(self, subject: str) -> Device:
        return Device(self.http, self.vault, subject)


@pytest_asyncio.fixture
async def city(tmp_path: Path, started_city: Path) -> AsyncIterator[City]:
    shutil.copytree(started_city, tmp_path, dirs_exist_ok=True)
    settings = Settings(data_folder=tmp_path, public_url=PUBLIC_URL)
    app = equipped(settings, Database(settings.database_url))
    vault = Vault(tmp_path / "vault.sqlite3", bytes(32))
    async with running(app):
        city = City(Starlette(routes=[Mount("/api", app)]), vault)
        yield city
        await city.http.aclose()
    vault.close()


async def photo(words: str) -> Photo:
    return (await prepare(encoded(picture(80, 60)))).described(words)


async def draft(**more: object) -> ServiceRequestDraft:
    return ServiceRequestDraft(
        service_code="pothole",
        description="Ổ gà sâu giữa đường, xe máy dễ ngã.",
        address="Trước số 28 Hàng Trống",
        ward_code="00070",
        lat=21.0301,
        long=105.8502,
        photos=(await photo("ổ gà"), await photo("xe tránh")),
        **more,  # type: ignore[arg-type]
    )


async def test_a_report_with_photos_arrives_with_their_words(city: City) -> None:
    """Sent ahead, attached once, read back in their order."""
    mine = city.of(RESIDENT).reports
    receipt = await mine.submit(await draft())
    assert receipt.service_request_id
    report = (await mine.get(receipt.service_request_id)).value
    assert [one.description for one in report.media] == ["ổ gà", "xe tránh"]
    assert report.mine
    assert report.revision >= 1
    assert "withdraw" in report.acts
    assert (await mine.media(report.media[0].url)).startswith(b"\xff\xd8")
    listed = (await mine.list_mine()).value
    assert receipt.service_request_id in [one.service_request_id for one in listed]


async def test_reading_the_list_again_unchanged_costs_next_to_nothing(city: City) -> None:
    """The kept copy is named by its ETag; the answer has no body."""
    mine = city.of(RESIDENT).reports
    await mine.submit(await draft())
    first = await mine.list_mine()
    city.received.clear()
    again = await mine.list_mine()
    assert again == first
    assert city.received == [0]


async def test_what_was_written_without_a_network_goes_out_in_order(city: City) -> None:
    """A report, its correction and its withdrawal, all written in a tunnel."""
    device = city.of(RESIDENT)
    city.cut = True
    report = await draft()
    assert (await device.reports.submit(report)).queued
    correction = Correction(description="Ổ gà rất sâu, gần trường học.")
    assert (await device.reports.correct(report.draft_id, correction)).queued
    assert (await device.reports.withdraw(report.draft_id)).queued
    city.cut = False
    assert len(await device.outbox.drain()) == 3
    (found,) = [
        one
        for one in (await device.reports.list_mine()).value
        if one.description == correction.description
    ]
    assert found.status_code == "withdrawn"


async def test_from_the_report_to_its_rating_both_sides_see_each_step(city: City) -> None:
    """The officer asks, the resident answers, it is closed with proof and rated."""
    resident, officer = city.of(RESIDENT), city.of(OFFICER)
    receipt = await resident.reports.submit(await draft())
    found = receipt.service_request_id or ""
    cursor = (await resident.live.wait()).cursor

    accepted = await officer.desk.accept(found, (await officer.desk.get(found)).request.revision)
    changes = await resident.live.wait(cursor, seconds=5)
    assert found in changes.service_request_ids
    assert changes.unread >= 1

    asked = await officer.desk.ask(found, accepted.revision, "Ổ gà ở gần số nhà nào?")
    report = (await resident.reports.get(found)).value
    assert (report.status_code, report.question) == ("needs_resident", "Ổ gà ở gần số nhà nào?")
    assert report.paused_since is not None
    sent = await resident.reports.answer(found, "Trước số 28.", [await photo("số nhà")])
    assert sent.request is not None
    assert sent.request.status_code == "in_progress"

    proof = await officer.desk.upload(await photo("đã vá"))
    now = (await officer.desk.get(found)).request.revision
    assert now > asked.revision
    done = await officer.desk.done(found, now, "Đã vá ổ gà và kẻ lại vạch.", [proof])
    assert done.status_code == "done"
    assert "after" in [one.stage for one in done.media]
    rated = await resident.reports.rate(found, "satisfied", "Nhanh.")
    assert rated.request is not None
    assert rated.request.rating is not None
    assert rated.request.rating.value == "satisfied"
    steps = [one.act for one in (await resident.reports.updates(found)).value]
    assert steps == ["submit", "accept", "ask", "answer", "done", "rate"]

    notices = (await resident.inbox.list()).value
    assert {one.service_request_id for one in notices} == {found}
    await resident.inbox.mark_read([one.notice_id for one in notices])
    assert await resident.inbox.unread() == 0


async def test_a_neighbour_finds_it_follows_it_and_follows_no_more(city: City) -> None:
    """Without a name, and with what both may see."""
    resident, neighbour = city.of(RESIDENT), city.of(NEIGHBOUR)
    found = (await resident.reports.submit(await draft())).service_request_id or ""
    near = {
        one.request.service_request_id: one for one in await neighbour.reports.nearby(21.03, 105.85)
    }
    assert near[found].distance_m < 100
    alike = await neighbour.reports.similar("pothole", 21.0301, 105.8502)
    assert found in [one.request.service_request_id for one in alike]
    assert not (await neighbour.reports.follow(found)).queued
    (followed,) = (await neighbour.reports.list_followed()).value
    assert (followed.following, followed.mine) == (True, False)
    await neighbour.reports.unfollow(found)
    assert (await neighbour.reports.list_followed()).value == []


async def test_hundreds_who_wait_hold_no_thread_and_stop_nobody(city: City) -> None:
    """The web host has the gateway in its own process: each open session waits there."""
    mine = city.of(RESIDENT)
    cursor = (await mine.live.wait()).cursor
    before = threading.active_count()
    waiting = [asyncio.ensure_future(mine.live.wait(cursor, seconds=60)) for _ in range(300)]
    await asyncio.sleep(0.5)
    assert not any(one.done() for one in waiting)
    assert (await mine.reports.list_services()).value
    assert threading.active_count() <= before + 45
    await mine.reports.submit(await draft())
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*waiting)
    assert all(one.service_request_ids for one in answers)
