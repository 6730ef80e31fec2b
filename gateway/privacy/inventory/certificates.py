"""Criminal record certificates and the payments for them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Table, select

from gateway.database import metadata
from gateway.privacy.inventory.health import LOG_KEPT
from gateway.privacy.lines import (
    GO,
    PSEUDONYM,
    By,
    Delete,
    Exported,
    For,
    Keep,
    Line,
    Mention,
    NotExported,
    Through,
    With,
)

_OF_APPLICATION = Through("application_id", "certificate_applications")
_WITH = With("its application")
_BARE = {
    "subject": PSEUDONYM,
    "contact_phone": "",
    "former_names": None,
    "former_addresses": None,
    "holder_key": None,
    "passcode": None,
    "refusal_text": None,
}
"""What an application that must stay is emptied of."""


def _has_certificate(applications: Table) -> ColumnElement[bool]:
    issued = select(metadata.tables["certificates"].c.application_id)
    being_signed = applications.c.status == "signing"
    return applications.c.application_id.in_(issued) | being_signed


def _was_paid(applications: Table) -> ColumnElement[bool]:
    return applications.c.application_id.in_(
        select(metadata.tables["certificate_payments"].c.application_id).where(
            _brought_money(metadata.tables["certificate_payments"])
        )
    )


def _brought_money(payments: Table) -> ColumnElement[bool]:
    return payments.c.status.in_(("paid", "refund_due"))


LINES = (
    Line(
        "certificate_applications",
        "Applications for a certificate, with what the register said of the person.",
        With("the register of certificates"),
        By("subject"),
        (Mention("person", "a parent's application about a child is the parent's"),),
        Exported(("subject", "person", "passcode", "decision")),
        (
            Keep("certificate_register", _BARE, _has_certificate),
            Keep("accounting", {**_BARE, "identity": {}, "convictions": None}, _was_paid),
            Delete(),
        ),
    ),
    Line(
        "certificate_history",
        "Which states an application went through.",
        _WITH,
        _OF_APPLICATION,
        export=Exported(),
        erased=(Keep("certificate_register"),),
    ),
    Line(
        "certificates",
        "Signed certificates, so that anybody can check one.",
        With("the register of certificates"),
        _OF_APPLICATION,
        export=Exported(("covered_digest",), files={"document": "pdf", "archive": "tsr"}),
        erased=(Keep("certificate_register"),),
    ),
    Line(
        "certificate_reads",
        "Who opened or checked a certificate.",
        For("at", LOG_KEPT),
        Through("number", "certificates"),
        export=Exported(),
        erased=GO,
    ),
    Line("certificate_counters", "The last numbers given out.", With("the city")),
    Line(
        "certificate_payments",
        "Payments of a fee.",
        For("created_at", timedelta(days=3653)),
        _OF_APPLICATION,
        export=Exported(),
        erased=(Keep("accounting", when=_brought_money), Delete()),
    ),
    Line(
        "certificate_payment_events",
        "What the bank said of a payment.",
        With("its payment"),
        Through("payment_id", "certificate_payments"),
        export=Exported(),
        erased=(Keep("accounting"),),
    ),
    Line(
        "certificate_messages",
        "Questions and answers about an application.",
        _WITH,
        _OF_APPLICATION,
        export=Exported(),
        erased=GO,
    ),
    Line(
        "certificate_letters",
        "Letters of apology for a missed day.",
        _WITH,
        _OF_APPLICATION,
        export=Exported(files={"document": "pdf"}),
        erased=GO,
    ),
    Line(
        "certificate_openings",
        "For how long a certificate is open after its passcode.",
        For("expires_at", timedelta(days=1)),
        _OF_APPLICATION,
        export=NotExported("they are hashes of secrets, and last minutes"),
        erased=GO,
    ),
    Line(
        "certificate_presentations",
        "Parts of a certificate shown by a link.",
        For("expires_at", LOG_KEPT),
        _OF_APPLICATION,
        export=Exported(("nonce", "secret_hash")),
        erased=GO,
    ),
    Line(
        "certificate_presentation_checks",
        "Who opened such a link, by the name they typed.",
        With("its link"),
        Through("presentation_id", "certificate_presentations"),
        export=Exported(),
        erased=GO,
    ),
)
