"""Photos go ahead of what they belong to; what is about one report goes in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services import outbox as outbox_module
from services.clock import ServerClock
from services.errors import FieldError, GatewayUnavailable, Offline, Rejected, ServiceError
from services.outbox import Outbox
from services.vault import Vault

ONE, TWO, THREE = b"first photo", b"second photo", b"third photo"


def captioned(photos: tuple[bytes, ...]) -> list[tuple[bytes, str]]:
    return [(photo, "") for photo in photos]


class Gateway:
    """Takes photos and things by their keys, as ours does; a test says what goes wrong."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self.things: dict[str, Any] = {}
        self.order: list[str] = []
        self.uploads: Counter[bytes] = Counter()
        self.keys: list[str] = []
        self.trouble: dict[object, list[ServiceError]] = {}

    async def upload(self, data: bytes, _caption: str, key: str) -> str:
        self.uploads[data] += 1
        self._fail(data)
        self.media[key] = data
        return f"m-{key}"

    async def send(self, payload: Any, key: str) -> Any:
        self.keys.append(key)
        self._fail(payload["text"])
        self.order.append(payload["text"])
        self.things[key] = payload
        return [{"service_request_id": f"HN-{payload['text']}"}]

    def _fail(self, what: object) -> None:
        if waiting := self.trouble.get(what):
            raise waiting.pop(0)


class House:
    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder / "vault.sqlite3", bytes(32))
        self.gateway = Gateway()
        self.outbox = self.window()

    def window(self) -> Outbox:
        outbox = Outbox(self.vault.for_subject("s-1"), ServerClock())
        outbox.register("report", self.gateway.send, self.gateway.upload, keep_answer=True)
        outbox.register("act", self.gateway.send, self.gateway.upload)
        outbox.register("whole", self.gateway.send)
        return outbox

    async def report(self, text: str, *photos: bytes, item_id: str = "id-1") -> Any:
        return await self.outbox.submit(
            "report", {"text": text}, item_id=item_id, photos=captioned(photos)
        )

    async def act(self, text: str, about: str, *photos: bytes) -> Any:
        payload = {"text": text}
        return await self.outbox.submit(
            "act", payload, item_id=text, about=about, photos=captioned(photos)
        )

    async def kept_photos(self) -> int:
        return len(await self.vault.for_subject("s-1").list("outbox_photos"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_photos_go_first_each_under_its_own_key(house: House) -> None:
    """The report names photos that are there."""
    await house.report("a", ONE, TWO)
    sent = house.gateway.things["id-1"]
    keys = [media_id.removeprefix("m-") for media_id in sent["media_ids"]]
    assert [house.gateway.media[key] for key in keys] == [ONE, TWO]
    assert len({*keys, "id-1"}) == 3
    assert await house.outbox.list() == []
    assert await house.kept_photos() == 0


async def test_what_is_there_is_not_sent_again(house: House) -> None:
    """Five photos on a slow line: the fourth breaks off, three are not paid for twice."""
    house.gateway.trouble = {THREE: [Offline(), Offline()]}
    assert await house.report("a", ONE, TWO, THREE) is None
    (item,) = await house.outbox.list()
    assert item.percent == 100 * len(ONE + TWO) // item.size
    assert item.size >= len(ONE + TWO + THREE)
    assert not item.may_have_arrived
    assert await house.window().drain() == ()
    assert await house.window().drain() == ("id-1",)
    assert house.gateway.uploads == {ONE: 1, TWO: 1, THREE: 3}
    assert len(house.gateway.things["id-1"]["media_ids"]) == 3


async def test_a_report_whose_photos_did_not_go_may_still_be_changed(house: House) -> None:
    """Only the photos were on their way: nothing of the report is at the gateway."""
    house.gateway.trouble = {TWO: [Offline()]}
    await house.report("a", ONE, TWO)
    await house.report("b", ONE, THREE)
    assert house.gateway.order == ["b"]
    assert house.gateway.uploads == {ONE: 1, TWO: 1, THREE: 1}
    assert await house.kept_photos() == 0


async def test_photos_that_were_kept_too_long_go_once_more(house: House) -> None:
    """The gateway throws unattached photos away after two days; the report was in a drawer."""
    gone = Rejected("invalid", field_errors=(FieldError("media_ids.0", "unknown"),))
    house.gateway.trouble = {"a": [gone]}
    await house.report("a", ONE, TWO)
    assert house.gateway.uploads == {ONE: 2, TWO: 2}
    assert house.gateway.order == ["a"]
    first, second = house.gateway.keys
    assert first != second
    assert len(house.gateway.media) == 4


async def test_a_refused_photo_is_said_and_can_be_replaced(house: House) -> None:
    """The report waits with what is wrong; another photo mends it."""
    house.gateway.trouble = {TWO: [Rejected("photo_unreadable")]}
    with pytest.raises(Rejected):
        await house.report("a", ONE, TWO)
    (item,) = await house.outbox.list()
    assert (item.state, item.last_error) == ("failed", "photo_unreadable")
    assert await house.outbox.photos(item) == [ONE, TWO]
    await house.report("a", ONE, THREE)
    assert house.gateway.uploads == {ONE: 1, TWO: 1, THREE: 1}


async def test_where_photos_are_not_taken_ahead_they_go_within(house: House) -> None:
    """A plain GeoReport city knows no other way."""
    await house.outbox.submit("whole", {"text": "a"}, item_id="id-1", photos=captioned((ONE, TWO)))
    assert house.gateway.things["id-1"]["jpegs"] == [ONE, TWO]


async def test_acts_on_one_report_go_in_order(house: House) -> None:
    """A rating must not overtake the answer it follows."""
    house.gateway.trouble = {"answer": [Offline(), GatewayUnavailable()]}
    assert await house.act("answer", "HN-1") is None
    assert await house.act("rate", "HN-1") is None
    assert await house.act("other", "HN-2") is not None
    assert await house.outbox.drain() == ()
    assert house.gateway.order == ["other"]
    assert await house.outbox.drain() == ("answer", "rate")
    assert house.gateway.order == ["other", "answer", "rate"]


async def test_an_act_on_a_waiting_report_waits_for_its_id(house: House) -> None:
    """Written in the tunnel, taken back in the tunnel."""
    house.gateway.trouble = {"a": [Offline()]}
    await house.report("a", ONE)
    assert await house.act("withdraw", "id-1") is None
    assert house.gateway.order == []
    assert await house.window().drain() == ("id-1", "withdraw")
    assert house.gateway.things["withdraw"]["service_request_id"] == "HN-a"
    assert await house.act("rate", "id-1") is not None
    assert house.gateway.things["rate"]["service_request_id"] == "HN-a"


async def test_an_act_waits_for_a_refused_report_and_goes_with_it(house: House) -> None:
    """There is nothing to act on yet; giving the report up gives up its acts."""
    house.gateway.trouble = {"a": [Offline(), Rejected()]}
    await house.report("a")
    await house.act("withdraw", "id-1", ONE)
    await house.outbox.drain()
    assert [item.state for item in await house.outbox.list()] == ["failed", "waiting"]
    assert house.gateway.order == []
    await house.outbox.delete("id-1")
    assert await house.outbox.list() == []
    assert await house.kept_photos() == 0


async def test_a_refused_act_holds_no_other_up(house: House) -> None:
    """The time to answer is over; the rating still counts."""
    house.gateway.trouble = {"answer": [Offline(), Rejected()]}
    await house.act("answer", "HN-1")
    await house.act("rate", "HN-1")
    assert await house.outbox.drain() == ("rate",)
    assert [item.state for item in await house.outbox.list()] == ["failed"]


async def test_what_was_sent_is_shown_for_a_moment(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resident sees that it went."""
    monkeypatch.setattr(outbox_module, "SHOWN_SENT", 0.05)
    told: list[bool] = []
    stop = house.outbox.watch(told.append)
    await house.report("a", ONE)
    (item,) = await house.outbox.list(sent=True)
    assert (item.id, item.state, item.percent) == ("id-1", "sent", 100)
    assert await house.outbox.list() == []
    assert told.count(True) == 1
    await asyncio.sleep(0.15)
    assert await house.outbox.list(sent=True) == []
    stop()
    before = len(told)
    await house.report("b", item_id="id-2")
    assert len(told) == before


async def test_a_kept_answer_can_be_completed(house: House) -> None:
    """A city gave a token first, and the id later."""
    await house.report("a")
    assert (await house.outbox.answers())["id-1"]["answer"] == [{"service_request_id": "HN-a"}]
    await house.outbox.keep_answer("id-1", [{"service_request_id": "HN-b"}])
    await house.outbox.keep_answer("nothing", [{}])
    assert list(await house.outbox.answers()) == ["id-1"]
    await house.act("rate", "id-1")
    assert house.gateway.things["rate"]["service_request_id"] == "HN-b"


async def test_an_item_of_an_older_version_is_still_sent(house: House) -> None:
    """The app was updated while a report waited."""
    row = {
        "id": "id-1",
        "kind": "report",
        "payload": {"text": "a"},
        "created": "2026-11-20T08:00:00+07:00",
        "attempts": 2,
        "last_error": "offline",
        "state": "waiting",
        "revision": 0,
        "may_have_arrived": True,
    }
    await house.vault.for_subject("s-1").put("outbox", "id-1", row)
    assert await house.outbox.drain() == ("id-1",)
