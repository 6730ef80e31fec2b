"""The resident's reports, over a small GeoReport city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from services.errors import NotFound, NotPermitted, Offline, Rejected
from services.georeport import Receipt, Update
from services.outbox import Outbox
from services.photos import Photo
from services.service_requests import ServiceRequestDraft, ServiceRequests
from services.vault import Vault
from tests.services.twins import BASE, Handler, Time, gateway, problem

DRAFT = ServiceRequestDraft(
    service_code="pothole",
    description="Ổ gà sâu, đọng nước",
    address="Trước số 28 Hàng Trống",
    ward_code="00070",
    lat=21.0301,
    long=105.8502,
    urgency="urgent",
    photos=(Photo(b"\xff\xd8one", 4, 3, (21.03, 105.85), "ổ gà"), Photo(b"\xff\xd8two", 4, 3)),
)
REPORT = {
    "service_request_id": "HN-2611-00001",
    "status": "open",
    "service_code": "pothole",
    "service_name": "Ổ gà",
    "description": "Ổ gà sâu",
    "requested_datetime": "2026-11-20T08:00:00+07:00",
    "expected_datetime": "2026-11-25T17:00:00+07:00",
    "address_id": "00070",
    "lat": "21.0301",
    "long": 105.8502,
    "media_url": f"{BASE}/media/1.jpg",
    "extended_attributes": {
        "status_code": "in_progress",
        "urgency": "urgent",
        "ward": {"code": "00070", "name": "Phường Hoàn Kiếm"},
        "media": [
            {"url": f"{BASE}/media/1.jpg", "thumbnail_url": "/api/media/1.jpg?size=thumbnail"}
        ],
        "working_days": ["2026-11-23", "not a day", "2026-11-24"],
    },
}


class City:
    """Keeps by idempotency key; can be cut off, and can refuse."""

    def __init__(self) -> None:
        self.time = Time()
        self.cut = False
        self.refusal: httpx.Response | None = None
        self.gone = False
        self.instead: Handler | None = None
        self.forms: list[bytes] = []
        self.photos: list[bytes] = []
        self.kept: dict[str, int] = {}
        self.keys: list[str] = []
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        response = (self.instead or self._answer)(request)
        response.headers["Date"] = formatdate(self.time.now, usegmt=True)
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/")
        self.asked.append(path)
        if path == "reports/photos":
            self.photos.append(request.content)
            kept = self.kept.setdefault(request.headers["Idempotency-Key"], len(self.kept) + 1)
            return httpx.Response(201, json={"media_id": f"{kept:032}"})
        if request.method == "POST":
            self.forms.append(request.content)
            self.keys.append(request.headers["Idempotency-Key"])
            receipt = {"service_request_id": "HN-2611-00001", "service_notice": "Cảm ơn bạn"}
            return self.refusal or httpx.Response(201, json=[receipt])
        if self.gone:
            return problem(404, "not-found")
        answers: dict[str, Any] = {
            "open311/v2/services.json": [{"service_code": "pothole", "service_name": "Ổ gà"}],
            "reports/mine": [REPORT],
            "reports/HN-2611-00001": REPORT,
            "reports/HN-2611-00001/updates": [
                {"update_id": "1", "status_code": "waiting", "datetime": "2026-11-20T01:00:00Z"}
            ],
        }
        found = answers.get(path)
        return problem(404, "not-found") if found is None else httpx.Response(200, json=found)


class House:
    """One resident's reports on one device."""

    def __init__(self, city: City, vault: Vault, who: Callable[[], str | None]) -> None:
        clock = city.time.clock()
        mine = vault.for_subject(who)
        self.outbox = Outbox(mine, clock)
        self.service_requests = ServiceRequests(
            gateway(city, clock=clock), mine, vault.for_everyone(), self.outbox, clock
        )


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault.sqlite3", bytes(32))


@pytest.fixture
def mine(city: City, vault: Vault) -> ServiceRequests:
    return House(city, vault, lambda: "s-1").service_requests


async def test_a_report_is_sent_with_everything_that_was_entered(
    city: City, mine: ServiceRequests
) -> None:
    """What the resident wrote and photographed is what the city gets."""
    receipt = await mine.submit(DRAFT)
    assert receipt == Receipt("HN-2611-00001", service_notice="Cảm ơn bạn")
    (form,) = city.forms
    assert dict(parse_qsl(form.decode())) == {
        "service_code": "pothole",
        "description": "Ổ gà sâu, đọng nước",
        "address_string": "Trước số 28 Hàng Trống",
        "address_id": "00070",
        "lat": "21.030100",
        "long": "105.850200",
        "attribute[urgency]": "urgent",
        "media_ids": f"{1:032},{2:032}",
    }
    assert [
        photo.count(b'filename="photo-1.jpg"\r\nContent-Type: image/jpeg') for photo in city.photos
    ] == [1, 1]


async def test_a_photos_place_leaves_the_device_only_as_the_chosen_place(
    city: City, mine: ServiceRequests
) -> None:
    """The photo of a pothole must not tell where its sender lives."""
    photo = Photo(b"\xff\xd8", 4, 3, (20.123456, 104.654321))
    await mine.submit(ServiceRequestDraft("pothole", "Ổ gà", ward_code="00070", photos=(photo,)))
    for sent in (*city.forms, *city.photos):
        assert b"20.123" not in sent
        assert b"104.654" not in sent


def test_what_is_not_known_is_not_sent() -> None:
    """An empty latitude is not the equator."""
    assert ServiceRequestDraft("pothole", "x", hide_name=True).form() == {
        "service_code": "pothole",
        "description": "x",
        "attribute[hide_name]": "true",
    }
    assert ServiceRequestDraft(lat=0.0, long=0.0).form() == {"lat": "0.000000", "long": "0.000000"}


async def test_without_a_network_a_report_is_queued_and_its_draft_is_done(
    city: City, vault: Vault, mine: ServiceRequests
) -> None:
    """It stands in one list, not in two."""
    house = House(city, vault, lambda: "s-1")
    await house.service_requests.save_draft(DRAFT)
    city.cut = True
    assert await house.service_requests.submit(DRAFT) == Receipt(queued=True)
    assert await house.service_requests.drafts() == []
    (item,) = await house.outbox.list()
    assert await house.service_requests.draft_to_fix(item) == DRAFT
    city.cut = False
    later = House(city, vault, lambda: "s-1")
    assert await later.outbox.drain() == (DRAFT.draft_id,)
    assert city.keys == [DRAFT.draft_id]


async def test_a_refused_report_keeps_its_draft_and_its_photos(city: City, vault: Vault) -> None:
    """The resident corrects one field; nothing is typed again."""
    house = House(city, vault, lambda: "s-1")
    errors = [{"field": "description", "code": "too_short"}]
    city.refusal = problem(422, "validation", errors=errors)
    await house.service_requests.save_draft(DRAFT)
    with pytest.raises(Rejected) as caught:
        await house.service_requests.submit(DRAFT)
    assert caught.value.field_errors[0].field == "description"
    assert await house.service_requests.drafts() == [DRAFT]
    city.refusal = None
    await house.service_requests.submit(DRAFT)
    assert await house.service_requests.drafts() == []
    assert await house.outbox.list() == []


async def test_sending_the_same_draft_again_uses_the_same_key(
    city: City, mine: ServiceRequests
) -> None:
    """The receipt was lost on the way to the screen; the report is not doubled."""
    await mine.submit(DRAFT)
    await mine.submit(DRAFT)
    assert city.keys == [DRAFT.draft_id] * 2
    assert city.forms[0] == city.forms[1]


async def test_a_receipt_that_names_no_report_is_not_believed(
    city: City, mine: ServiceRequests
) -> None:
    """Nobody is told that something was sent which nobody can find again."""
    city.refusal = httpx.Response(200, json=[{}])
    assert (await mine.submit(DRAFT)).queued


async def test_a_city_that_answers_with_a_token_is_understood() -> None:
    """GeoReport lets a city give the id later."""
    assert Receipt.from_json([{"token": "t-1"}]) == Receipt(token="t-1")


async def test_the_resident_reads_list_detail_and_updates(mine: ServiceRequests) -> None:
    """Where things stand, and what happens next."""
    (report,) = (await mine.list_mine()).value
    assert (report.status_code, report.ward_name, report.urgency) == (
        "in_progress",
        "Phường Hoàn Kiếm",
        "urgent",
    )
    assert (report.lat, report.long) == (21.0301, 105.8502)
    assert report.expected_datetime == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert report.working_days == (date(2026, 11, 23), date(2026, 11, 24))
    assert report.media[0].thumbnail_url == "/api/media/1.jpg?size=thumbnail"
    assert (await mine.get("HN-2611-00001")).value == report
    (update,) = (await mine.updates("HN-2611-00001")).value
    assert update == Update("1", "waiting", datetime(2026, 11, 20, 1, tzinfo=UTC))
    assert (await mine.list_services()).value[0].service_name == "Ổ gà"


async def test_without_a_network_the_saved_copy_is_read_with_its_time(
    city: City, vault: Vault, mine: ServiceRequests
) -> None:
    """What is old is said to be old."""
    fresh = await mine.list_mine()
    await mine.get("HN-2611-00001")
    await mine.updates("HN-2611-00001")
    await mine.list_services()
    saved_at = city.time.now
    city.time.now += 7200
    city.cut = True
    later = House(city, vault, lambda: "s-1").service_requests
    copy = await later.list_mine()
    assert fresh.as_of is None
    assert copy.value == fresh.value
    assert copy.as_of is not None
    assert abs(copy.as_of.timestamp() - saved_at) <= 1
    assert (await later.get("HN-2611-00001")).as_of == copy.as_of
    assert (await later.updates("HN-2611-00001")).value
    assert (await later.list_services()).value


async def test_a_copy_is_never_shown_to_another_resident(city: City, vault: Vault) -> None:
    """Two residents on one device, and no network to ask."""
    await House(city, vault, lambda: "s-1").service_requests.list_mine()
    await House(city, vault, lambda: "s-1").service_requests.save_draft(DRAFT)
    city.cut = True
    stranger = House(city, vault, lambda: "s-2")
    await House(city, vault, lambda: "s-1").service_requests.submit(DRAFT)
    with pytest.raises(Offline):
        await stranger.service_requests.list_mine()
    assert await stranger.service_requests.drafts() == []
    assert await stranger.outbox.list() == []


async def test_a_copy_is_kept_under_whoever_asked(city: City, vault: Vault) -> None:
    """The resident changes while the answer is on its way."""
    who = "s-1"
    house = House(city, vault, lambda: who)

    def switch(_request: httpx.Request) -> httpx.Response:
        nonlocal who
        who = "s-2"
        return httpx.Response(200, json=[REPORT])

    city.instead = switch
    await house.service_requests.list_mine()
    city.cut = True
    with pytest.raises(Offline):
        await house.service_requests.list_mine()


async def test_a_report_that_is_gone_is_gone_from_the_copies_too(
    city: City, mine: ServiceRequests
) -> None:
    """Withdrawn on the phone, it must not come back on the tablet."""
    await mine.get("HN-2611-00001")
    city.gone = True
    with pytest.raises(NotFound):
        await mine.get("HN-2611-00001")
    city.cut = True
    with pytest.raises(Offline):
        await mine.get("HN-2611-00001")


async def test_a_broken_answer_does_not_replace_a_good_copy(
    city: City, mine: ServiceRequests
) -> None:
    """A gateway in trouble may answer 200 with nonsense."""
    good = await mine.list_mine()
    city.instead = lambda _: httpx.Response(200, json={"oops": 1})
    copy = await mine.list_mine()
    assert copy.value == good.value
    assert copy.as_of is not None


async def test_a_photo_is_fetched_from_the_gateway_only(city: City, mine: ServiceRequests) -> None:
    """Its address stands in a record that anyone may have written."""
    city.instead = lambda request: httpx.Response(200, content=str(request.url).encode())
    for link in (f"{BASE}/media/1.jpg?size=thumbnail", "/api/media/1.jpg?size=thumbnail"):
        assert await mine.media(link) == f"{BASE}/media/1.jpg?size=thumbnail".encode()
    with pytest.raises(NotPermitted):
        await mine.media("http://169.254.169.254/latest/meta-data")


async def test_drafts_are_kept_as_they_were_left(mine: ServiceRequests) -> None:
    """Drafts save by themselves, photos too."""
    other = ServiceRequestDraft(description="nháp")
    await mine.save_draft(DRAFT)
    await mine.save_draft(other)
    assert await mine.drafts() == [DRAFT, other]
    await mine.delete_draft(DRAFT.draft_id)
    assert await mine.drafts() == [other]
