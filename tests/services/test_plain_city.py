"""A plain GeoReport v2 city: no extension, JSON or XML, perhaps tokens instead of ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from services.city import City
from services.errors import GatewayUnavailable, NotFound, Offline
from services.outbox import Outbox
from services.photos import Photo
from services.service_requests import Correction, ServiceRequestDraft, ServiceRequests
from services.vault import Vault
from tests.services.twins import Time, gateway

DRAFT = ServiceRequestDraft(
    "pothole",
    "A deep pothole",
    address="Main St 1",
    lat=21.03,
    long=105.85,
    attributes={"LANE": "left", "SIZE": "small\nround"},
)
PHOTO = Photo(b"\xff\xd8jpeg", 4, 3)


class PlainCity:
    """Answers GeoReport v2 only; gives tokens, and their ids after a while."""

    def __init__(self, form: str, *, tokens: bool) -> None:
        self.form, self.tokens = form, tokens
        self.named = False
        self.cut = False
        self.reports: list[dict[str, str]] = []
        self.asked: list[httpx.Request] = []
        self.forms: list[bytes] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        path, _, form = request.url.path.removeprefix("/api/v2/").rpartition(".")
        if form != self.form:
            return httpx.Response(404, text="<h1>not found</h1>")
        found = self._post(request) if request.method == "POST" else self._get(path, request)
        if found is None:
            errors = [{"code": "404", "description": "not found"}]
            return self._written(404, "errors", "error", errors)
        name = "services" if path == "services" else "service_requests"
        return self._written(200, name, name.removesuffix("s").removeprefix("service_"), found)

    def _post(self, request: httpx.Request) -> list[dict[str, str]]:
        self.forms.append(request.content)
        number = str(len(self.reports) + 1)
        self.reports.append({"service_request_id": number, "status": "open", "description": "seen"})
        return [{"token": f"t-{number}"} if self.tokens else {"service_request_id": number}]

    def _get(self, path: str, request: httpx.Request) -> list[dict[str, str]] | None:
        if path == "services":
            return [{"service_code": "pothole", "service_name": "Pothole", "metadata": "false"}]
        if path.startswith("tokens/"):
            token = path.removeprefix("tokens/")
            named = {"service_request_id": token.removeprefix("t-")} if self.named else {}
            return [{"token": token, **named}]
        if path == "requests":
            ids = request.url.params["service_request_id"].split(",")
            return [one for one in self.reports if one["service_request_id"] in ids]
        number = path.removeprefix("requests/")
        return [one for one in self.reports if one["service_request_id"] == number] or None

    def _written(self, status: int, name: str, item: str, found: list[Any]) -> httpx.Response:
        if self.form == "json":
            return httpx.Response(status, json=found)
        items = "".join(
            f"<{item}>{''.join(f'<{k}>{v}</{k}>' for k, v in one.items())}</{item}>"
            for one in found
        )
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        return httpx.Response(status, text=f"<{name}>{items}</{name}>", headers=headers)


class House:
    def __init__(self, city: PlainCity, folder: Path) -> None:
        clock = Time().clock()
        vault = Vault(folder / "vault.sqlite3", bytes(32))
        mine = vault.for_subject("s-1")
        self.outbox = Outbox(mine, clock)
        profile = City("/v2", city.form, "hanoi.example", "key-1", extended=False)
        self.reports = ServiceRequests(
            gateway(city, clock=clock), mine, vault.for_everyone(), self.outbox, clock, profile
        )


@pytest.fixture(params=["json", "xml"])
def city(request: pytest.FixtureRequest) -> PlainCity:
    return PlainCity(request.param, tokens=False)


async def test_a_report_is_sent_and_found_again(city: PlainCity, tmp_path: Path) -> None:
    """The city keeps no list of one's own: this device remembers what it sent."""
    house = House(city, tmp_path)
    receipt = await house.reports.submit(DRAFT)
    assert receipt.service_request_id == "1"
    form = parse_qs(city.forms[0].decode())
    assert form["jurisdiction_id"] == ["hanoi.example"]
    assert form["api_key"] == ["key-1"]
    assert form["attribute[LANE]"] == ["left"]
    assert form["attribute[SIZE][]"] == ["small", "round"]
    (report,) = (await house.reports.list_mine()).value
    assert (report.service_request_id, report.description, report.mine) == ("1", "seen", True)
    assert (await house.reports.get("1")).value == report
    assert [one.status_code for one in (await house.reports.updates("1")).value] == ["waiting"]
    assert (await house.reports.definition("pothole")).questions == ()
    assert all(one.url.params["jurisdiction_id"] == "hanoi.example" for one in city.asked[1:])
    city.cut = True
    copy = await house.reports.list_mine()
    assert copy.value == [report]
    assert copy.as_of is not None


async def test_photos_go_within_the_report(city: PlainCity, tmp_path: Path) -> None:
    """The standard has no other way."""
    await House(city, tmp_path).reports.submit(
        ServiceRequestDraft("pothole", "A deep pothole", photos=(PHOTO,))
    )
    assert b'name="media"; filename="photo-1.jpg"' in city.forms[0]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_a_token_becomes_an_id_when_the_city_has_one(form: str, tmp_path: Path) -> None:
    """Until then the resident sees what they sent."""
    city = PlainCity(form, tokens=True)
    house = House(city, tmp_path)
    assert (await house.reports.submit(DRAFT)).token == "t-1"
    (waiting,) = (await house.reports.list_mine()).value
    assert (waiting.service_request_id, waiting.description) == ("t-1", "A deep pothole")
    assert (await house.reports.get("t-1")).value == waiting
    city.named = True
    (report,) = (await house.reports.list_mine()).value
    assert (report.service_request_id, report.description) == ("1", "seen")
    asked = len(city.asked)
    await House(city, tmp_path).reports.list_mine()
    assert not [one for one in city.asked[asked:] if "tokens" in one.url.path]


async def test_without_the_extension_its_acts_are_not_here(city: PlainCity, tmp_path: Path) -> None:
    """The views hide them; whoever calls them anyway is told so."""
    reports = House(city, tmp_path).reports
    assert not reports.extended
    for act in (
        reports.follow("1"),
        reports.withdraw("1"),
        reports.rate("1", "satisfied"),
        reports.answer("1", "x"),
        reports.correct("1", Correction()),
        reports.nearby(21, 105),
        reports.similar("pothole", 21, 105),
        reports.list_followed(),
    ):
        with pytest.raises(NotFound):
            await act
    assert city.asked == []


async def test_an_unknown_report_is_not_found(city: PlainCity, tmp_path: Path) -> None:
    """An error document in either form says so."""
    with pytest.raises(NotFound):
        await House(city, tmp_path).reports.get("99")


async def test_nothing_sent_yet_asks_nothing(city: PlainCity, tmp_path: Path) -> None:
    """An empty filter would list everybody's reports."""
    assert (await House(city, tmp_path).reports.list_mine()).value == []
    assert city.asked == []


async def test_a_page_of_something_else_is_a_failure(tmp_path: Path) -> None:
    """A captive portal."""
    city = PlainCity("xml", tokens=False)
    house = House(city, tmp_path)
    city.form = "json"
    with pytest.raises((GatewayUnavailable, Offline)):
        await house.reports.list_services()


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (httpx.ConnectError("no network"), "waiting", "offline"),
        (httpx.ReadError("cut"), "failed", "unclear_if_arrived"),
        (httpx.ReadTimeout("slow"), "failed", "unclear_if_arrived"),
    ],
)
async def test_what_may_have_arrived_is_not_sent_again_by_itself(
    tmp_path: Path, error: httpx.HTTPError, state: str, code: str
) -> None:
    """Such a city knows no keys: a second try would be a second report. The resident decides."""
    city = PlainCity("json", tokens=False)
    house = House(city, tmp_path)

    def break_off(request: httpx.Request) -> httpx.Response:
        raise error

    city._post = break_off  # type: ignore[assignment,method-assign]
    assert (await house.reports.submit(DRAFT)).queued
    (item,) = await house.outbox.list()
    assert (item.state, item.last_error) == (state, code)
    del city._post
    await house.outbox.drain()
    assert len(city.reports) == (state == "waiting")
    if state == "failed":
        await house.reports.submit(await house.reports.draft_to_fix(item))
        assert len(city.reports) == 1
