"""Applications and their certificates, read from JSON into frozen values.

Everything here is about one resident's criminal record, so what identifies them stays out of
`repr`. An answer that lacks what it promises raises GatewayUnavailable(`broken_answer`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.certificates.form import CertificateIdentity, Purpose
from services.certificates.parsing import date_of, moment_of, only

IN_PROCESS = frozenset({"unpaid", "submitted", "received", "checking", "signing"})
"""The states in which an application has no result yet."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One state of an application's history; `actor` is resident, authority, officer or sandbox."""

    status: str
    datetime: datetime
    actor: str

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> StatusChange:
        """Read one entry of `history`."""
        moment = datetime.fromisoformat(item["datetime"])
        return cls(item["status"], moment, item["actor"])


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment asked for, in VND: pending, paid, failed, expired or refund_due.

    `qr` is the text to draw as a code for a bank's app. `sandbox` says that no money moves.
    """

    payment_id: str
    amount: int
    status: str
    qr: str = field(repr=False)
    sandbox: bool
    expires_datetime: datetime
    paid_datetime: datetime | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Payment:
        """Read an application's `payment`."""
        return cls(
            payment_id=item["payment_id"],
            amount=int(item["amount"]),
            status=item["status"],
            qr=item["qr"],
            sandbox=bool(item.get("sandbox")),
            expires_datetime=datetime.fromisoformat(item["expires_datetime"]),
            paid_datetime=moment_of(item.get("paid_datetime")),
        )


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer between resident and authority; `author` is one of the two."""

    message_id: int
    author: str
    kind: str
    text: str = field(repr=False)
    datetime: datetime

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Message:
        """Read one of `messages`."""
        return cls(**{**only(cls, item), "datetime": datetime.fromisoformat(item["datetime"])})


@dataclass(frozen=True, slots=True)
class Apology:
    """A letter about a promise that was not kept, and the new promise."""

    letter: int
    written_datetime: datetime
    expected_datetime: datetime

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Apology:
        """Read one of `letters`, or `late`."""
        expected = datetime.fromisoformat(item["expected_datetime"])
        return cls(int(item["letter"]), datetime.fromisoformat(item["datetime"]), expected)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an application was refused (a code, and words if there are any), and how to complain."""

    reason: str
    text: str | None = field(repr=False)
    complain_to: str
    complain_until: date

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Refusal:
        """Read an application's `refusal`."""
        until = date.fromisoformat(item["complain_until"])
        return cls(item["reason"], item.get("text"), item["complain_to"], until)


@dataclass(frozen=True, slots=True)
class CriminalRecordCertificate:
    """An issued certificate, without its content. `status` is valid, revoked or superseded.

    `passcode` says that its content opens by passcode only; `level` what the register can prove of
    its signature (PAdES `B-LT` or `B-LTA`); `credential` that it has a machine-readable twin.
    """

    number: str
    code: str = field(repr=False)
    verify_url: str = field(repr=False)
    status: str
    issued_datetime: datetime
    ended_date: date | None
    name: str = field(repr=False)
    signer: str
    pages: int
    size: int
    certificate_type: int = 1
    ended_reason: str | None = None
    passcode: bool = False
    archived: bool = False
    level: str = "B-LT"
    credential: bool = False

    @property
    def in_force(self) -> bool:
        """Whether it was neither revoked nor replaced."""
        return self.status == "valid"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CriminalRecordCertificate:
        """Read an application's `certificate`."""
        issued = datetime.fromisoformat(item["issued_datetime"])
        ended = date_of(item["ended_date"])
        return cls(**{**only(cls, item), "issued_datetime": issued, "ended_date": ended})


@dataclass(frozen=True, slots=True)
class CertificateApplication:
    """One application.

    `status` is unpaid, submitted, received, checking, signing, ready, refused, withdrawn or closed
    (not paid in time). `note` says why it waits (register_down, register_error, needs_look,
    answer_needed), `reason` why it was refused; `fee` is in VND; `working_days` are the working
    dates from the day after sending to the deadline; `actions` is what one may do now (pay,
    withdraw, ask, answer, open, present, renew).
    """

    application_id: str
    certificate_type: int
    purpose: Purpose
    contact_phone: str = field(repr=False)
    fee: int
    status: str
    note: str | None
    reason: str | None
    agency_responsible: str
    submitted_datetime: datetime
    expected_datetime: datetime
    working_days: tuple[date, ...]
    identity: CertificateIdentity = field(repr=False)
    history: tuple[StatusChange, ...]
    certificate: CriminalRecordCertificate | None
    child: bool = False
    child_id: str = field(default="", repr=False)
    former_names: tuple[str, ...] = field(default=(), repr=False)
    former_addresses: tuple[str, ...] = field(default=(), repr=False)
    payment: Payment | None = None
    late: Apology | None = None
    letters: tuple[Apology, ...] = ()
    refusal: Refusal | None = None
    messages: tuple[Message, ...] = ()
    actions: frozenset[str] = frozenset()
    renewed_by: str | None = None

    @property
    def in_process(self) -> bool:
        """Whether there is no result yet."""
        return self.status in IN_PROCESS

    @property
    def needs_resident(self) -> bool:
        """Whether it goes on only when the resident pays or answers."""
        return self.in_process and bool(self.actions & {"pay", "answer"})

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateApplication:
        """Read one application."""
        certificate, payment = item["certificate"], item.get("payment")
        late, refusal = item.get("late"), item.get("refusal")
        person = item.get("person") or {}
        read = {
            "purpose": Purpose(**only(Purpose, item["purpose"])),
            "fee": int(item["fee"]["amount"]),
            "submitted_datetime": datetime.fromisoformat(item["submitted_datetime"]),
            "expected_datetime": datetime.fromisoformat(item["expected_datetime"]),
            "working_days": tuple(date.fromisoformat(day) for day in item["working_days"]),
            "identity": CertificateIdentity.from_json(item["identity"]),
            "history": tuple(StatusChange.from_json(one) for one in item["history"]),
            "certificate": certificate and CriminalRecordCertificate.from_json(certificate),
            "child": person.get("relation") == "child",
            "child_id": person.get("child_id") or "",
            "former_names": tuple(item.get("former_names") or ()),
            "former_addresses": tuple(map(_lived, item.get("former_addresses") or ())),
            "payment": payment and Payment.from_json(payment),
            "late": late and Apology.from_json(late),
            "letters": tuple(map(Apology.from_json, item.get("letters", ()))),
            "refusal": refusal and Refusal.from_json(refusal),
            "messages": tuple(map(Message.from_json, item.get("messages", ()))),
            "actions": frozenset(item.get("actions", ())),
        }
        return cls(**{**only(cls, item), **read})


def _lived(item: Mapping[str, Any]) -> str:
    until = "" if item.get("to_year") is None else f"{item['to_year']}"
    return f"{item['address']} ({item['from_year']}–{until})"
