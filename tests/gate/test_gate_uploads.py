"""Taps on their way from a gate: once, with all their bytes, over lines that break."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from gate.line import LineDown
from gate.station import Station
from tests.gate.station_field import CARD, Field, field
from tests.gate.station_twins import (
    signed_deny,
)
from tests.support.card_codes import AT

__all__ = ["field"]


# Taps


def pass_cards(field: Field, count: int) -> None:
    """That many cards pass."""
    for number in range(count):
        assert field.take(CARD.but(card_id=number.to_bytes(8, "big"))) == "accepted"


def test_taps_go_up_once_with_all_their_bytes(field: Field) -> None:
    """The gateway gets what the gate saw; what it has is not kept here any longer."""
    assert field.take() == "accepted"
    assert field.take() == "replayed"
    done = field.station.sync(field.line)
    assert (done.uploaded, done.refused) == (1, 0)
    [[sent]] = field.line.posted
    assert sent.pop("moment") == pytest.approx(AT, abs=5)
    assert sent == {"payload": CARD.raw(AT).hex(), "direction": "in"}
    assert field.line.secrets == {"north.00"}
    assert field.station.sync(field.line).uploaded == 0
    assert len(field.line.posted) == 1
    assert field.take() == "replayed"


def test_an_upload_goes_on_where_the_line_broke(field: Field, monkeypatch: Any) -> None:
    """A tunnel in the middle of a long upload costs one batch, not the night."""
    monkeypatch.setattr("gate.syncing.BATCH", 2)
    pass_cards(field, 5)
    field.line.answers = [(200, b'{"new": 2, "refused": []}'), LineDown("timeout")]
    done = field.station.sync(field.line)
    assert (done.uploaded, len(done.troubles)) == (2, 1)
    field.reopened()
    assert field.station.sync(field.line).uploaded == 3
    sent = [tap["payload"] for batch in field.line.posted for tap in batch]
    assert len(sent) == 2 + 2 + 3
    assert len(set(sent)) == 5


def test_what_the_gateway_refuses_is_counted_and_not_sent_again(field: Field) -> None:
    """The keeper sees that something is wrong; the rest is not held up."""
    pass_cards(field, 3)
    refused = {"new": 2, "refused": [{"index": 1, "reason": "forged"}]}
    field.line.answers = [(200, json.dumps(refused).encode())]
    done = field.station.sync(field.line)
    assert (done.uploaded, done.refused) == (2, 1)
    assert field.station.sync(field.line).uploaded == 0
    standing = field.station.standing()
    assert (standing.waiting, standing.refused) == (0, 1)


def test_one_unreadable_tap_does_not_hold_up_the_others(field: Field) -> None:
    """A batch the gateway cannot read at all is halved until the bad tap is alone."""
    pass_cards(field, 4)
    bad = CARD.but(card_id=(2).to_bytes(8, "big")).raw(AT).hex()

    def post(path: str, body: Any, secret: str) -> tuple[int, bytes]:
        taps = [tap["payload"] for tap in body["taps"]]
        return (422, b"") if bad in taps else (200, b'{"new": 1, "refused": []}')

    field.line.post = post  # type: ignore[method-assign]
    done = field.station.sync(field.line)
    assert (done.uploaded, done.refused, done.troubles) == (3, 1, ())


@pytest.mark.parametrize(("status", "word"), [(401, "credential"), (503, "503"), (200, "gateway")])
def test_taps_wait_while_the_gateway_does_not_take_them(
    field: Field, status: int, word: str
) -> None:
    """Nothing is lost by a gateway that is down, or that does not know this gate."""
    assert field.take() == "accepted"
    field.line.answers = [(status, b"<html>")]
    [trouble] = field.station.sync(field.line).troubles
    assert word in trouble
    assert field.station.standing().waiting == 1


def test_a_sync_without_a_line_leaves_the_gate_working(field: Field) -> None:
    """No network from now on: what was given is enough."""

    def get(path: str) -> tuple[int, bytes]:
        raise LineDown("down")

    field.line.get = get  # type: ignore[method-assign]
    field.line.answers = [LineDown("down")]
    assert field.take() == "accepted"
    assert len(field.station.sync(field.line).troubles) == 1
    field.clocks.at += 300
    assert field.take() == "accepted"


def test_another_process_may_sync_while_the_gate_works(field: Field) -> None:
    """`serve` syncs beside its display; a timer may run `sync` beside `check`."""
    assert field.take() == "accepted"
    field.line.deny = signed_deny(CARD.card_id, version=7, at=AT + 30)

    def beside() -> None:
        other = Station(field.folder, field.clocks)
        assert other.sync(field.line).uploaded == 1
        other.close()

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join()
    field.clocks.at += 300
    assert field.take() == "revoked"
