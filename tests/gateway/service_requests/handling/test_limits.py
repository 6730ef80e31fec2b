"""How many reports a resident may send."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from gateway.settings import Handling, Settings
from tests.gateway.conftest import RESIDENT, STRANGER
from tests.gateway.pictures import picture
from tests.gateway.service_requests.handling.city import City, as_resident
from tests.gateway.service_requests.reports import PATH, REPORT, send


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Three an hour, one for somebody who made two hoaxes."""
    few = Handling(reports_per_hour=3, reports_per_hour_doubted=1, hoaxes_tolerated=2)
    return replace(settings, handling=few)


async def test_a_resident_sends_so_many_an_hour_and_is_told_when_to_go_on(city: City) -> None:
    """One flood must not bury everybody else's report, nor keep its sender out for ever."""
    await city.report()
    city.clock.wait(minutes=10)
    await city.report()
    await city.report()
    refused = await send(city.client, as_resident())
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-reports")
    assert refused.headers["retry-after"] == str(50 * 60)
    await city.report(STRANGER)
    city.clock.wait(minutes=50)
    await city.report()
    assert (await send(city.client, as_resident())).status_code == 429


async def test_a_repeated_sending_counts_once(city: City) -> None:
    """The outbox tries again; it must not use up its resident's hour."""
    headers = as_resident(**{"Idempotency-Key": "k1"})
    for _ in range(5):
        assert (await city.client.post(PATH, headers=headers, data=REPORT)).status_code == 201


async def test_whose_reports_were_hoaxes_may_send_less(city: City) -> None:
    """Flagged by an officer, and not for ever."""
    for _ in range(2):
        await city.handle(await city.report(), "hoax")
    city.clock.wait(hours=2)
    await city.report()
    refused = await send(city.client, as_resident())
    assert refused.headers["retry-after"] == "3600"
    await city.report(STRANGER)
    await city.report(STRANGER)
    city.clock.wait(days=91)
    await city.report()
    await city.report()


async def test_photos_that_no_report_takes_are_bounded(city: City) -> None:
    """One sign-in must not fill the city's disk; what a report took does not count."""
    for _ in range(14):
        city.upload(RESIDENT)
    files = {"media": ("x.jpg", picture(), "image/jpeg")}

    async def sent() -> httpx.Response:
        return await city.client.post("/reports/photos", headers=as_resident(), files=files)

    last = await sent()
    assert last.status_code == 201
    refused = await sent()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    await city.report(media_ids=last.json()["media_id"])
    assert (await sent()).status_code == 201
