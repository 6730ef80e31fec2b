"""The resident's card, the code it shows, and why it may show none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class CardDevice:
    """The device that holds the card now; `platform` is its system, or `web`."""

    card_id: str = field(repr=False)
    name: str = field(repr=False)
    platform: str
    enrolled_at: datetime

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CardDevice:
        """Read the gateway's `device`."""
        enrolled_at = datetime.fromtimestamp(item["enrolled_at"], UTC)
        return cls(item["card_id"], item["name"], item["platform"], enrolled_at)


@dataclass(frozen=True, slots=True)
class Card:
    """The resident's card as the gateway knows it. Both dates are included.

    Names are by language (`vi`, `en`); `group` is the fare class; `state` is active,
    not_yet_valid, expired or blocked; `device` is None before the first enrolment.
    """

    number: str = field(repr=False)
    product: int
    product_name: Mapping[str, str]
    group: int
    group_name: Mapping[str, str]
    holder_name: str = field(repr=False)
    valid_from: date
    valid_until: date
    state: str
    device: CardDevice | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Card:
        """Read `GET /cards/v1/card`."""
        return cls(
            number=item["number"],
            product=item["product"],
            product_name=item["product_name"],
            group=item["group"],
            group_name=item["group_name"],
            holder_name=item["holder_name"],
            valid_from=date.fromisoformat(item["valid_from"]),
            valid_until=date.fromisoformat(item["valid_until"]),
            state=item["state"],
            device=CardDevice.from_json(item["device"]) if item["device"] else None,
        )


@dataclass(frozen=True, slots=True)
class CardCode:
    """What to draw now: 149 characters, good for `seconds_left` seconds (above 0, at most 15).

    `slot` and `step` say which code it is; `expires` is when the last granted hour ends.
    """

    text: str = field(repr=False)
    slot: int
    step: int
    seconds_left: float
    expires: datetime


@dataclass(frozen=True, slots=True)
class NoCard:
    """No card is on this device: add one."""


@dataclass(frozen=True, slots=True)
class NotYetValid:
    """The card begins on a later day."""

    valid_from: date


@dataclass(frozen=True, slots=True)
class Expired:
    """The card's last day, included, has passed."""

    valid_until: date


@dataclass(frozen=True, slots=True)
class Blocked:
    """The card was blocked, as for a lost phone; it can be taken back."""


@dataclass(frozen=True, slots=True)
class MovedAway:
    """Another device holds the card now; `device_name` is what its owner called it."""

    device_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfflineWindowOver:
    """No granted hour covers this moment: the network is needed for new ones."""


@dataclass(frozen=True, slots=True)
class ClockUntrusted:
    """No answer told the time since the app or the device started.

    `code` is the code by the device's own clock, to be shown with a warning; None when that clock
    points to an hour that was not granted, so that it is probably wrong.
    """

    code: CardCode | None


CardState: TypeAlias = (
    CardCode
    | NoCard
    | NotYetValid
    | Expired
    | Blocked
    | MovedAway
    | OfflineWindowOver
    | ClockUntrusted
)
"""Every answer to "what does the card show now"."""
