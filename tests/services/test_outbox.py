"""What is waiting to be sent: nothing lost, nothing doubled."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.clock import ServerClock
from services.errors import (
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)
from services.outbox import Outbox
from tests.services.outbox_house import House, house

__all__ = ["house"]


async def test_with_a_network_it_is_sent_at_once_and_gone(house: House) -> None:
    """The resident gets the receipt, not a place in a queue."""
    assert await house.outbox.submit("report", "a", item_id="id-a") == {"sent": "a"}
    assert house.sent == [("a", "id-a")]
    assert await house.outbox.list() == []


@pytest.mark.parametrize("error", [Offline(), GatewayUnavailable(), GatewayUnavailable(status=503)])
async def test_without_a_network_it_waits_and_is_sent_later(
    house: House, error: ServiceError
) -> None:
    """It sends itself when there is a network, once only."""
    house.everywhere = error
    assert await house.outbox.submit("report", "a") is None
    assert await house.states() == {"a": ("waiting", error.code, 1)}
    assert await house.outbox.drain() == ()
    house.everywhere = None
    (item,) = await house.outbox.list()
    assert await house.outbox.drain() == (item.id,)
    assert await house.outbox.list() == []
    assert {key for _, key in house.sent} == {item.id}


async def test_what_waits_survives_a_crash_while_sending(house: House) -> None:
    """The row is durable before the first try, and says that it may have arrived."""

    async def crash() -> None:
        raise KeyError("the process dies here")

    house.before = crash
    with pytest.raises(KeyError):
        await house.outbox.submit("report", "a", item_id="id-a")
    house.before = None
    later = house.window()
    (item,) = await later.list()
    assert (item.state, item.may_have_arrived, item.idempotency_key) == ("waiting", True, "id-a")
    assert await later.drain() == ("id-a",)
    assert house.sent == [("a", "id-a")]


@pytest.mark.parametrize("error", [Rejected("too_short"), NotPermitted(), NotFound()])
async def test_a_refused_thing_is_kept_and_said(house: House, error: ServiceError) -> None:
    """The resident corrects it; the app does not send it again and again."""
    house.everywhere = error
    with pytest.raises(type(error)):
        await house.outbox.submit("report", "a")
    assert await house.states() == {"a": ("failed", error.code, 1)}
    house.everywhere = None
    assert await house.outbox.drain() == ()
    assert len(house.sent) == 1


async def test_a_corrected_thing_goes_out_under_a_new_key(house: House) -> None:
    """The gateway would take the old key with new contents for a mistake."""
    house.everywhere = Rejected("too_short")
    for text in ("a", "b"):
        with pytest.raises(Rejected):
            await house.outbox.submit("report", text, item_id="id-a")
    house.everywhere = None
    assert await house.outbox.submit("report", "c", item_id="id-a") == {"sent": "c"}
    assert [key for _, key in house.sent] == ["id-a", "id-a.1", "id-a.2"]
    assert await house.outbox.list() == []


async def test_after_signing_in_again_a_changed_report_may_be_sent(house: House) -> None:
    """A 401 stored nothing, so the resident may still change the text."""
    house.everywhere = SignInRequired()
    for _ in range(2):
        with pytest.raises(SignInRequired):
            await house.outbox.submit("report", "a", item_id="id-a")
    assert (await house.states())["a"][0] == "waiting"
    house.everywhere = None
    assert await house.outbox.submit("report", "b", item_id="id-a") == {"sent": "b"}
    assert [key for _, key in house.sent] == ["id-a"] * 3


@pytest.mark.parametrize("then", [None, SignInRequired()])
async def test_what_may_have_arrived_is_not_changed(
    house: House, then: ServiceError | None
) -> None:
    """Two versions of one report would be two reports."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a", item_id="id-a")
    house.everywhere = then
    if then is not None:
        await house.outbox.drain()
    with pytest.raises(Rejected) as caught:
        await house.outbox.submit("report", "b", item_id="id-a")
    assert caught.value.code == "may_have_arrived"
    house.everywhere = None
    assert await house.outbox.submit("report", "a", item_id="id-a") == {"sent": "a"}


async def test_a_key_known_for_other_contents_is_never_tried_under_another(house: House) -> None:
    """The gateway has something under this key: a new key would double it."""
    house.everywhere = Rejected("idempotency_key_reused")
    for _ in range(2):
        with pytest.raises(Rejected):
            await house.outbox.submit("report", "a", item_id="id-a")
    assert [key for _, key in house.sent] == ["id-a"]


async def test_the_oldest_goes_first_and_a_refusal_holds_nobody_up(house: House) -> None:
    """One bad photo must not keep three good reports at home."""
    house.everywhere = Offline()
    for text in ("a", "b", "c", "d"):
        await house.outbox.submit("report", text, item_id=text)
    house.everywhere, house.trouble = None, {"b": Rejected("x"), "c": GatewayUnavailable()}
    house.sent.clear()
    assert await house.outbox.drain() == ("a", "d")
    assert [payload for payload, _ in house.sent] == ["a", "b", "c", "d"]
    assert await house.states() == {
        "b": ("failed", "x", 2),
        "c": ("waiting", "gateway_unavailable", 2),
    }


@pytest.mark.parametrize("error", [Offline(), SignInRequired()])
async def test_sending_stops_where_nothing_can_be_sent(house: House, error: ServiceError) -> None:
    """Forty time-outs in a row would hold the app for minutes."""
    house.everywhere = Offline()
    for text in ("a", "b", "c"):
        await house.outbox.submit("report", text)
    house.everywhere = error
    house.sent.clear()
    await house.outbox.drain()
    assert [payload for payload, _ in house.sent] == ["a"]


async def test_a_kind_nobody_can_send_stays(house: House) -> None:
    """An older version of the app finds an item of a newer one."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a")
    stranger = Outbox(house.vault.for_subject("s-1"), ServerClock())
    assert await stranger.drain() == ()
    assert len(await stranger.list()) == 1


@pytest.mark.parametrize("trouble", [Rejected("validation"), GatewayUnavailable(status=503)])
async def test_what_is_held_up_is_not_looked_at_again_and_again(
    house: House, trouble: ServiceError
) -> None:
    """An act on a report that was refused waits for its resident: it must not drain the battery."""
    house.trouble["a"] = trouble
    with suppress(Rejected):
        await house.outbox.submit("report", "a", item_id="id-a")
    assert await house.outbox.submit("report", "b", item_id="id-b", about="id-a") is None
    again = house.window()  # Started anew, it knows of no failure but what the rows say.
    again._reach.seen()
    assert await again._look() > 1
    assert [payload for payload, _ in house.sent] == ["a"]


class Later(ServerClock):
    """A clock that stands `days` from now."""

    days = 0

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


async def test_what_may_have_arrived_is_not_sent_again_once_the_key_is_forgotten(
    house: House,
) -> None:
    """A phone that lay in a drawer for a month must not report twice."""
    house.everywhere = Offline()
    await house.outbox.submit("report", "a", item_id="id-a")
    house.everywhere = Offline(sent=False)
    await house.outbox.submit("report", "b", item_id="id-b")
    house.everywhere, clock = None, Later()
    later = Outbox(house.vault.for_subject("s-1"), clock)
    later.register("report", house.send)
    clock.days = 31
    assert await later.drain() == ("id-b",)
    [kept] = await later.list()
    assert (kept.state, kept.last_error) == ("failed", "unclear_if_arrived")
    # The resident has asked, and it had not arrived.
    assert await later.submit("report", "a", item_id="id-a") == {"sent": "a"}
    assert [key for _, key in house.sent[-2:]] == ["id-b", "id-a.1"]


async def test_what_needs_a_fresh_sign_in_keeps_nothing_else_at_home(tmp_path: Path) -> None:
    """A report must go although an application before it waits for the resident to confirm."""
    house = House(tmp_path)
    house.trouble["application"] = SignInRequired("step_up_required", max_age=600)
    with pytest.raises(SignInRequired):
        await house.outbox.submit("report", "application")
    house.everywhere = Offline()
    await house.outbox.submit("report", "lamp")
    house.everywhere = None
    assert len(await house.outbox.drain()) == 1
    assert await house.states() == {"application": ("waiting", "step_up_required", 2)}
    del house.trouble["application"]
    assert len(await house.outbox.drain()) == 1
