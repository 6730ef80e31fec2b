"""A gate that is set up: what it may rely on, how long it works alone, and when it refuses to answer."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.keys import DenyList, GateError
from gate.line import LineDown
from gate.lists import DENY_FILE, KEYS_FILE
from gate.signed import open_deny
from gate.station import Station
from tests.gate.station_twins import (
    ROOT_KEY,
    Clocks,
    FakeLine,
    make_folder,
    signed_deny,
    signed_keys,
)
from tests.support.card_codes import AT, SampleCard

CARD = SampleCard(valid_until=65535)
HOUR = 3600


class Field:
    """A gate in the field with its gateway and its clocks."""

    def __init__(self, folder: Path, **setup: Any) -> None:
        self.clocks, self.folder = Clocks(), make_folder(folder, **setup)
        self.line = FakeLine(CARD, self.clocks)
        self.station = Station(self.folder, self.clocks)

    def synced(self) -> Field:
        """After its first sync."""
        assert self.station.sync(self.line).troubles == ()
        return self

    def reopened(self) -> None:
        """The gate's program ends and starts again."""
        self.station.close()
        self.station = Station(self.folder, self.clocks)

    def take(self, card: SampleCard = CARD, shown_at: float | None = None) -> str:
        """The verdict for what the card shows, or `not_ready`."""
        text = card.code(self.clocks.at if shown_at is None else shown_at)
        answer = self.station.answer(text)
        return "not_ready" if isinstance(answer, str) else str(answer.verdict)

    def trouble(self) -> str:
        """The one reason why it is not ready."""
        [found] = self.station.standing().troubles
        return found


@pytest.fixture
def field(tmp_path: Path) -> Field:
    """A gate that has synced once."""
    return Field(tmp_path / "gate").synced()


def test_a_gate_that_never_synced_lets_nobody_pass(tmp_path: Path) -> None:
    """Without a clock and keys every answer would be a guess."""
    field = Field(tmp_path)
    assert field.take() == "not_ready"
    assert "run sync" in field.trouble()


def test_a_gate_works_alone_for_as_long_as_its_lists_may_be_old(field: Field) -> None:
    """A stop without a network for three days still takes passes; then it says why not."""
    for hours in (1, 24, 71):
        field.clocks.at = AT + hours * HOUR
        field.reopened()
        assert field.take() == "accepted"
    field.clocks.at = AT + 72 * HOUR + 60
    assert field.take() == "not_ready"
    found = field.station.standing().troubles
    assert all(word in told for word, told in zip(("key", "deny"), found, strict=True))
    assert "72 hours old" in found[0]


def test_the_greatest_ages_are_the_keepers(tmp_path: Path) -> None:
    """A busy station may want a list of the last hour."""
    field = Field(tmp_path, deny_max_age_hours=1).synced()
    field.clocks.at = AT + HOUR + 1
    assert field.take() == "not_ready"
    assert "deny list" in field.trouble()


def test_the_standing_says_how_old_everything_is(field: Field) -> None:
    """The keeper sees on the display what the gate works with."""
    field.take()
    field.clocks.at += 2 * HOUR
    found = field.station.standing()
    assert (found.keys_age, found.deny_age) == pytest.approx((2 * HOUR, 2 * HOUR), abs=5)
    assert found.clock.measured_ago == pytest.approx(2 * HOUR, abs=5)
    assert (found.waiting, found.refused, found.troubles) == (1, 0, ())


# The clock


@pytest.mark.parametrize("wrong_by", [-86_400, -40, 40, 86_400])
def test_a_wrong_wall_clock_changes_nothing_until_a_restart(field: Field, wrong_by: float) -> None:
    """Somebody sets the gate's computer to another zone: honest codes work, old ones do not."""
    field.clocks.wrong_by = wrong_by
    field.reopened()
    field.clocks.at = AT + 600
    assert field.take(shown_at=AT + 600 - 45) == "too_old"
    assert field.take() == "accepted"


def test_a_wall_clock_that_was_always_wrong_is_corrected_after_a_restart(tmp_path: Path) -> None:
    """The distance to the gateway's time is kept."""
    field = Field(tmp_path)
    field.clocks.wrong_by = 500
    field.synced()
    field.clocks.at = AT + 600
    field.clocks.restart()
    field.reopened()
    assert field.take() == "accepted"


def test_a_clock_behind_what_the_gate_has_lived_through_is_refused(field: Field) -> None:
    """An empty battery sets a clock to 1970; old photographs of codes must not come to life."""
    field.clocks.at = AT + 2 * HOUR
    assert field.take() == "accepted"
    field.clocks.restart()
    field.clocks.wrong_by = -HOUR
    field.reopened()
    assert field.take(shown_at=AT + HOUR) == "not_ready"
    assert "clock is behind" in field.trouble()
    field.clocks.wrong_by = 0
    assert field.take(CARD.but(card_id=b"another!")) == "accepted"


def test_a_clock_set_far_ahead_makes_the_lists_too_old(field: Field) -> None:
    """Where the gate cannot know better, it lets nobody pass."""
    field.clocks.restart()
    field.clocks.wrong_by = 30 * 86_400
    field.reopened()
    assert field.take() == "not_ready"


def test_a_clock_that_may_have_drifted_a_step_is_refused(tmp_path: Path) -> None:
    """Four days without the gateway's time: the crystal alone may be off by more than the grace."""
    field = Field(tmp_path, keys_max_age_hours=400, deny_max_age_hours=400).synced()
    field.clocks.at = AT + 80 * HOUR
    assert field.take() == "accepted"
    field.clocks.at = AT + 100 * HOUR
    assert field.take() == "not_ready"
    assert "may be wrong by" in field.trouble()


def test_an_answer_to_an_earlier_question_does_not_set_the_clock(field: Field) -> None:
    """Whoever plays old answers to a gate could bring old codes to life."""
    old = field.line.get("/gate/v1/keys?nonce=00")
    field.clocks.at = AT + HOUR
    field.line.get = lambda path: old if "/keys" in path else (200, signed_deny(at=AT + HOUR))  # type: ignore[method-assign]
    [trouble] = field.station.sync(field.line).troubles
    assert "earlier question" in trouble
    assert field.take(shown_at=AT) == "too_old"
    assert field.take() == "accepted"


# Lists


def test_a_blocked_card_is_refused_after_the_next_delta(field: Field) -> None:
    """Each sync brings what changed and no more."""
    other = b"another!"
    field.line.deny = signed_deny(CARD.card_id, version=5, change=(1, (), (CARD.card_id,)))
    field.synced()
    assert field.line.asked[-1] == "/gate/v1/deny?since=1"
    assert field.take() == "revoked"
    field.line.deny = signed_deny(other, version=6, change=(5, (CARD.card_id,), (other,)))
    field.synced()
    field.reopened()
    assert field.take() == "accepted"
    assert field.take(CARD.but(card_id=other)) == "revoked"


def test_changes_that_do_not_lead_to_the_signed_list_bring_the_whole(field: Field) -> None:
    """A delta that was cut or mixed up must not leave a stolen card usable."""
    whole = signed_deny(CARD.card_id, version=5)
    for broken in (
        signed_deny(CARD.card_id, version=5, change=(1, (), ())),
        signed_deny(CARD.card_id, version=5, change=(3, (), (CARD.card_id,))),
    ):
        field.line.get = lambda path, broken=broken: (  # type: ignore[method-assign, misc]
            (200, signed_keys(CARD, nonce=path.partition("nonce=")[2]))
            if "/keys" in path
            else (200, whole if path.endswith("since=0") else broken)
        )
        assert field.station.sync(field.line).troubles == ()
        assert field.take() == "revoked"


@pytest.mark.parametrize("name", [KEYS_FILE, DENY_FILE])
def test_versions_never_go_back(field: Field, name: str) -> None:
    """An old list would let blocked cards pass again, an old key set would trust a leaked key."""
    field.line.keys_version, field.line.deny = 9, signed_deny(CARD.card_id, version=9)
    old = (field.folder / name).read_bytes()
    field.synced()
    field.line.keys_version, field.line.deny = 8, signed_deny(version=8)
    troubles = field.station.sync(field.line).troubles
    assert len([one for one in troubles if "older" in one]) == 2
    assert field.take() == "revoked"
    (field.folder / name).write_bytes(old)
    assert field.take() == "not_ready"
    field.reopened()
    assert field.take() == "not_ready"
    assert "older than one this gate has had" in field.trouble()
    field.line.keys_version, field.line.deny = 9, signed_deny(CARD.card_id, version=9)
    field.synced()
    assert field.take() == "revoked"


@pytest.mark.parametrize("name", [KEYS_FILE, DENY_FILE])
def test_what_the_root_did_not_sign_is_never_used(field: Field, name: str) -> None:
    """A stranger's lists and a damaged file are the same: nobody passes until the next sync."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    made = {
        KEYS_FILE: signed_keys(CARD, version=2, root=stranger),
        DENY_FILE: signed_deny(version=2, root=stranger),
    }
    good = (field.folder / name).read_bytes()
    damaged = bytearray(good)
    damaged[70] ^= 1
    for content in (made[name], bytes(damaged), good[:-1], b"", good[:100]):
        (field.folder / name).write_bytes(content)
        assert field.take() == "not_ready"
    assert field.station.sync(field.line).troubles == ()
    assert field.take() == "accepted"


def test_a_stranger_at_the_other_end_changes_nothing(field: Field) -> None:
    """Whoever owns the line between gate and gateway still has no root key."""
    stranger = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    field.line.deny = signed_deny(CARD.card_id, version=9, root=stranger)
    assert "not signed by the root" in field.station.sync(field.line).troubles[0]
    assert field.take() == "accepted"


def test_a_key_set_is_not_a_deny_list(field: Field) -> None:
    """Each has a prefix of its own, so that one cannot be passed off as the other."""
    body = b"x" * 56 + bytes(12)
    with pytest.raises(GateError, match="not signed"):
        open_deny(ROOT_KEY.sign(b"hn-card-keys-v1" + body[:56]) + body, ROOT_KEY.public_key(), None)


def test_a_million_ids_fit_and_change_in_one_pass() -> None:
    """The list of a large city stays in eight bytes a card, also after a delta."""
    many = DenyList(range(0, 3_000_000, 3))
    removed, added = (
        b"".join(n.to_bytes(8, "big") for n in ids) for ids in ((3, 6, 8), (1, 3_000_001, 9))
    )
    after = many.changed(removed, added)
    assert len(many.ids) == 8_000_000
    assert len(after) == 1_000_000
    for number, is_there in ((0, 1), (1, 1), (3, 0), (6, 0), (9, 1), (3_000_001, 1), (4, 0)):
        assert (number.to_bytes(8, "big") in after) is bool(is_there), number
    assert after.ids == b"".join(
        sorted(after.ids[start : start + 8] for start in range(0, len(after.ids), 8))
    )


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


@pytest.mark.parametrize(
    "change",
    [
        {"root": "00"},
        {"root": None},
        {"direction": "up"},
        {"products": ["bus"]},
        {"products": [True]},
        {"gateway": "file:///etc"},
        {"gateway": "http://city.example/api"},
        {"gateway": "https:///api"},
        {"deny_max_age_hours": 0},
        {"deny_max_age_hours": "nan"},
        {"groups": {"x": "y"}},
    ],
    ids=str,
)
def test_a_set_up_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    """The keeper learns which file to have made anew, and never reads the secret in an error."""
    with pytest.raises(GateError, match=r"gate\.json") as refused:
        Station(make_folder(tmp_path, secret="f00d", **change))
    assert "f00d" not in str(refused.value)
    assert "\n" not in str(refused.value)
