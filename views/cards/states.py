"""Why the card shows no code, in words, with the way out (design row 09)."""

from dataclasses import dataclass

import flet as ft

from app.text import HOTLINE, _, show_date
from services.card_states import (
    Blocked,
    CardCode,
    CardState,
    ClockUntrusted,
    Expired,
    MovedAway,
    NoCard,
    NotYetValid,
    OfflineWindowOver,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A bold phrase, a sentence, what helps (`enrol`, `renew` or nothing), and an icon."""

    phrase: str
    sentence: str
    help: str = ""
    icon: ft.IconData = ft.Icons.INFO_OUTLINE_ROUNDED


def no_card() -> Explanation:
    """The resident holds no card at all: what the city and this build can do."""
    sentence = _("The city issues passes; this open build sells none. Call {hotline} for one.")
    return Explanation(_("No card yet"), sentence.format(hotline=HOTLINE))


def explain_state(state: CardState) -> Explanation | None:
    """The words of a state; None when the code can be shown without a word."""
    match state:
        case CardCode():
            return None
        case NoCard():
            return Explanation(
                _("The card is not on this device."),
                _("Add it here to show its code."),
                "enrol",
                ft.Icons.ADD_CARD_ROUNDED,
            )
        case MovedAway(name):
            sentence = _("It is on {device} now. Move it here, and it ends there.")
            return Explanation(
                _("The card was moved."),
                sentence.format(device=name or _("another device")),
                "enrol",
                ft.Icons.PHONELINK_RING_ROUNDED,
            )
        case NotYetValid(day):
            return Explanation(
                _("Not valid yet."),
                _("This card begins on {date}.").format(date=show_date(day)),
                icon=ft.Icons.EVENT_ROUNDED,
            )
        case Expired(day):
            return Explanation(
                _("Expired."),
                _("This card ended on {date}.").format(date=show_date(day)),
                icon=ft.Icons.EVENT_BUSY_ROUNDED,
            )
        case Blocked():
            return Explanation(
                _("Blocked."),
                _(
                    "Gates refuse this card. Unblock it on the Cards page, or call {hotline}."
                ).format(hotline=HOTLINE),
                "unblock",
                ft.Icons.BLOCK_ROUNDED,
            )
        case OfflineWindowOver():
            return Explanation(
                _("Connect to get a new code."),
                _("The codes kept on this device are used up."),
                "renew",
                ft.Icons.CLOUD_OFF_ROUNDED,
            )
        case ClockUntrusted():
            return Explanation(
                _("Your clock may be wrong."),
                _("Turn on automatic time, then connect once so that the code is right."),
                "renew",
                ft.Icons.SCHEDULE_ROUNDED,
            )
    raise AssertionError(state)
