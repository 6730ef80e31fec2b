"""Sending one thing: once, however many ask, leave, delete or change residents meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from services.errors import (
    Offline,
)
from tests.services.outbox_house import House, house

__all__ = ["house"]


async def test_two_drains_and_a_submit_send_once(house: House) -> None:
    """The network comes back while the resident taps Send."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a", item_id="id-a")
    house.everywhere = None
    house.sent.clear()
    house.before = lambda: asyncio.sleep(0.01)
    await asyncio.gather(
        house.outbox.drain(),
        house.outbox.drain(),
        house.outbox.submit("report", "a", item_id="id-a"),
    )
    assert house.sent == [("a", "id-a")]


async def test_it_is_shown_as_sending_while_it_is(house: House) -> None:
    """What the screen says of it is true."""
    seen: list[str] = []

    async def look() -> None:
        seen.extend(item.state for item in await house.outbox.list())

    house.before = look
    await house.outbox.submit("report", "a")
    assert seen == ["sending"]


async def test_leaving_the_screen_does_not_stop_the_sending(house: House) -> None:
    """The resident tapped Send and went back."""
    under_way = asyncio.Event()

    async def slow() -> None:
        under_way.set()
        await asyncio.sleep(0.02)

    house.before = slow
    sending = asyncio.create_task(house.outbox.submit("report", "a"))
    await under_way.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await asyncio.sleep(0.1)
    assert [payload for payload, _ in house.sent] == ["a"]
    assert await house.outbox.list() == []


async def test_a_deleted_thing_is_not_sent(house: House) -> None:
    """The resident changed their mind in the train."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a", item_id="id-a")
    await house.outbox.submit("report", "b", item_id="id-b")
    house.everywhere = None
    house.sent.clear()

    async def delete_the_second() -> None:
        house.before = None
        await house.window().delete("id-b")

    house.before = delete_the_second
    assert await house.outbox.drain() == ("id-a",)
    assert house.sent == [("a", "id-a")]


async def test_deleting_what_is_being_sent_waits_for_its_end(house: House) -> None:
    """It is on its way; a failure must not bring it back into the list."""
    under_way = asyncio.Event()

    async def slow() -> None:
        under_way.set()
        await asyncio.sleep(0.02)

    house.before, house.everywhere = slow, Offline()
    sending = asyncio.create_task(house.outbox.submit("report", "a", item_id="id-a"))
    await under_way.wait()
    await house.outbox.delete("id-a")
    await sending
    assert await house.outbox.list() == []


async def test_nothing_goes_out_under_another_residents_name(house: House) -> None:
    """Two people share a tablet; one's report is not the other's."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a", item_id="id-a")
    await house.outbox.submit("report", "b", item_id="id-b")
    house.everywhere = None
    house.sent.clear()

    async def someone_else_signs_in() -> None:
        house.who = "s-2"

    house.before = someone_else_signs_in
    await house.outbox.drain()
    assert [payload for payload, _ in house.sent] == ["a"]
    assert await house.outbox.list() == []
    assert await house.outbox.drain() == ()
    house.who, house.before = "s-1", None
    assert [item.id for item in await house.outbox.list()] == ["id-b"]
