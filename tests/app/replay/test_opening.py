"""Who may open a replay: the session that asked, once, soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.replay.hosting import Replays
from app.replay.opened import Opened
from app.replay.opening import MOST_TICKETS, TICKET_SECONDS, Tickets, ticket_of
from services.diagnostics import write
from services.errors import Rejected
from tests.support.bundles import ENDED, example

STAFF, STRANGER = object(), object()


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def opened() -> Opened:
    return Opened("HT-4K7P-29", example())


def ticket(address: str) -> str:
    found = ticket_of(address)
    assert found is not None
    return found


def test_a_ticket_opens_once_and_for_its_own_session_alone() -> None:
    """An address left in a history, or read over a shoulder, opens nothing."""
    tickets, replay = Tickets[Opened](Clock()), opened()
    address = tickets.issue(STAFF, replay)
    assert tickets.take(STRANGER, ticket(address)) is None
    assert tickets.take(STAFF, ticket(address)) is replay
    assert tickets.take(STAFF, ticket(address)) is None


def test_a_ticket_that_nobody_used_is_void_soon() -> None:
    """A bundle does not lie about in the host's memory."""
    clock = Clock()
    tickets = Tickets[Opened](clock)
    address = tickets.issue(STAFF, opened())
    clock.seconds = TICKET_SECONDS
    assert tickets.take(STAFF, ticket(address)) is None


def test_many_tickets_do_not_fill_the_memory() -> None:
    """The oldest goes when one too many comes."""
    tickets = Tickets[Opened](Clock())
    first, *_others, last = [tickets.issue(STAFF, opened()) for _n in range(MOST_TICKETS + 1)]
    assert tickets.take(STAFF, ticket(first)) is None
    assert tickets.take(STAFF, ticket(last)) is not None


@pytest.mark.parametrize("address", ["/", "/replay", "/reports/new", "/replays/x"])
def test_other_addresses_stay_the_apps(address: str) -> None:
    """A resident's address must never open a replay."""
    assert ticket_of(address) is None


async def test_a_bundle_past_its_days_is_refused_when_it_is_made_ready() -> None:
    """Seven days were promised: nobody opens it after them."""
    replays = Replays(lambda: ENDED + timedelta(days=7))
    with pytest.raises(Rejected, match="bundle_expired"):
        await replays.prepare(STAFF, "HT-4K7P-29", write(example()), "")


async def test_a_foreign_file_is_refused_when_it_is_made_ready() -> None:
    """Whatever was sent as a bundle, it is checked before anything is drawn."""
    replays = Replays(lambda: ENDED)
    with pytest.raises(Rejected, match="bundle_foreign"):
        await replays.prepare(STAFF, "HT-4K7P-29", b"not a bundle", "")
