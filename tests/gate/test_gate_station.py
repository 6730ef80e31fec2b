"""A gate that is set up: what it may rely on, how long it works alone, and when it refuses to answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.keys import DenyList, GateError
from gate.lists import DENY_FILE, KEYS_FILE
from gate.signed import open_deny
from gate.station import Station
from tests.gate.station_field import CARD, HOUR, Field, field
from tests.gate.station_twins import (
    ROOT_KEY,
    make_folder,
    signed_deny,
    signed_keys,
)
from tests.support.card_codes import AT

__all__ = ["field"]


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
