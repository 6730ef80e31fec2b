"""Transport cards, trips, parking and who inspects them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Table

from gateway.privacy.inventory.health import LOG_KEPT
from gateway.privacy.lines import (
    ERASED,
    GO,
    PSEUDONYM,
    By,
    ByItsFeature,
    Delete,
    Exported,
    For,
    Keep,
    Line,
    Mention,
    Through,
    With,
)

_ACCOUNTING = timedelta(days=3653)
_HOUR = 3600


def _is_paid(stays: Table) -> ColumnElement[bool]:
    return stays.c.receipt.is_not(None)


def _is_given_up(enrolments: Table) -> ColumnElement[bool]:
    return enrolments.c.subject.startswith(ERASED)


LINES = (
    Line(
        "card_enrolments",
        "Which device holds a resident's card.",
        For("ended_at", timedelta(days=31), when=_is_given_up),
        By("subject"),
        export=Exported(("subject", "idempotency_key", "body_hash")),
        erased=(Keep("card_safety", {"subject": PSEUDONYM, "device_name": "", "platform": ""}),),
    ),
    Line(
        "card_grants",
        "The hours for which a card was signed.",
        For("slot", timedelta(days=31), seconds=_HOUR),
        Through("card_id", "card_enrolments"),
        (Mention("subject", "the same resident, by the card"),),
        Exported(("subject", "anchor", "header", "grant")),
        (Keep("card_safety", {"subject": PSEUDONYM}),),
    ),
    Line(
        "card_blocks",
        "Residents who had their card blocked.",
        With("the account"),
        By("subject"),
        export=Exported(),
        erased=GO,
    ),
    Line(
        "card_staff_acts",
        "Which cards staff looked up or blocked.",
        For("at", LOG_KEPT),
        By("subject"),
        (Mention("actor", "what staff did to a resident's card stays known"),),
        Exported(("subject", "actor")),
        GO,
    ),
    Line(
        "taps",
        "Where and when gates let a card pass.",
        ByItsFeature("gateway.trips.retention:forget_old", "180 days"),
        Through("card_id", "card_enrolments"),
        export=Exported(("payload", "product", "step", "received_at")),
        erased=GO,
    ),
    Line(
        "trip_corrections",
        "Where a resident says a ride ended.",
        ByItsFeature("gateway.trips.retention:forget_old", "as its tap"),
        By("subject"),
        export=Exported(("subject",)),
        erased=GO,
    ),
    Line("gates", "Gates that may upload taps.", With("the city")),
    Line("card_issuer_keys", "Public keys of the card issuer.", With("the city")),
    Line("card_publications", "Versions of what gates fetch.", With("the city")),
    Line(
        "card_deny_entries",
        "Ids of refused cards; whose they are stands elsewhere.",
        ByItsFeature("gateway.cards.deny_list:refresh", "7 days after the card's last hour"),
    ),
    Line(
        "parking_sessions",
        "Stays in parking places, with receipt.",
        For("ended_at", _ACCOUNTING),
        By("subject"),
        export=Exported(("subject",)),
        erased=(Keep("accounting", {"subject": PSEUDONYM, "plate": ""}, _is_paid), Delete()),
    ),
    Line(
        "parking_charges",
        "What was taken from an account.",
        For("charged_at", _ACCOUNTING),
        By("subject"),
        export=Exported(("subject",)),
        erased=(Keep("accounting", {"subject": PSEUDONYM, "balance_after": 0}),),
    ),
    Line(
        "parking_accounts",
        "The sandbox's account that parking is paid from.",
        With("the account"),
        By("subject"),
        export=Exported(("subject",)),
        erased=GO,
    ),
)
