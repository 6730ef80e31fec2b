"""What the certificates' operations answer, read from JSON into frozen values.

Everything here is about one resident's criminal record, so what identifies them stays out of
`repr`. An answer that lacks what it promises raises GatewayUnavailable(`broken_answer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from services.errors import GatewayUnavailable

T = TypeVar("T")

IN_PROCESS = frozenset({"submitted", "received", "checking", "signing"})
"""The states in which an application has no result yet."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """A coded purpose with its words in both languages."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class CertificateIdentity:
    """Who the certificate is about, as the population register says; gender is female or male."""

    name: str = field(repr=False)
    birthdate: date = field(repr=False)
    gender: str = field(repr=False)
    identity_number: str = field(repr=False)
    address: str = field(repr=False)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateIdentity:
        """Read an `identity`; its number may be masked."""
        return cls(**{**_only(cls, item), "birthdate": date.fromisoformat(item["birthdate"])})


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one cannot apply now.

    `code` is identity_unknown, too_young, application_in_process or register_down.
    """

    code: str
    application_id: str | None = None
    minimum_age: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """The prefilled form. `fee` is in VND; nothing stands in the way when `blocked_by` is empty."""

    identity: CertificateIdentity | None
    contact_phone: str | None = field(repr=False)
    purposes: tuple[Purpose, ...]
    fee: int
    working_days: int
    minimum_age: int
    expected_datetime: datetime
    blocked_by: tuple[Obstacle, ...]

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateForm:
        """Read the answer of GET form."""
        identity = item["identity"]
        return cls(
            identity=None if identity is None else CertificateIdentity.from_json(identity),
            contact_phone=item["contact_phone"],
            purposes=tuple(Purpose(**_only(Purpose, one)) for one in item["purposes"]),
            fee=int(item["fee"]["amount"]),
            working_days=int(item["working_days"]),
            minimum_age=int(item["minimum_age"]),
            expected_datetime=datetime.fromisoformat(item["expected_datetime"]),
            blocked_by=tuple(Obstacle(**_only(Obstacle, one)) for one in item["blocked_by"]),
        )


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One state of an application's history; `actor` is resident or authority."""

    status: str
    datetime: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class CriminalRecordCertificate:
    """An issued certificate, without its content. `status` is valid, revoked or superseded."""

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

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CriminalRecordCertificate:
        """Read an application's `certificate`."""
        issued = datetime.fromisoformat(item["issued_datetime"])
        ended = _date(item["ended_date"])
        return cls(**{**_only(cls, item), "issued_datetime": issued, "ended_date": ended})


@dataclass(frozen=True, slots=True)
class CertificateApplication:
    """One application. `status` is submitted, received, checking, signing, ready or refused.

    `note` says why it waits (register_down, needs_look), `reason` why it was refused; `fee` is in
    VND; `working_days` are the working dates from the day after sending to the deadline.
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

    @property
    def in_process(self) -> bool:
        """Whether there is no result yet."""
        return self.status in IN_PROCESS

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateApplication:
        """Read one application."""
        certificate = item["certificate"]
        read = {
            "purpose": Purpose(**_only(Purpose, item["purpose"])),
            "fee": int(item["fee"]["amount"]),
            "submitted_datetime": datetime.fromisoformat(item["submitted_datetime"]),
            "expected_datetime": datetime.fromisoformat(item["expected_datetime"]),
            "working_days": tuple(date.fromisoformat(day) for day in item["working_days"]),
            "identity": CertificateIdentity.from_json(item["identity"]),
            "history": tuple(_change(state) for state in item["history"]),
            "certificate": certificate and CriminalRecordCertificate.from_json(certificate),
        }
        return cls(**{**_only(cls, item), **read})


@dataclass(frozen=True, slots=True)
class CertificateRead:
    """That a certificate was opened (kind certificate or page) or checked (with its verdict).

    `actor` is resident or anyone.
    """

    datetime: datetime
    kind: str
    actor: str
    verdict: str | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateRead:
        """Read one entry of the log."""
        return cls(**{**_only(cls, item), "datetime": datetime.fromisoformat(item["datetime"])})


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """What anyone may see of a certificate: `name` is masked."""

    number: str
    name: str
    issued_date: date
    ended_date: date | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to a check. `verdict` is valid, altered, revoked, superseded or unknown.

    `reason` is genuine, content_changed, revoked, superseded, unknown_code, not_issued_here,
    other_authority or no_signature. The three checks are passed, failed or not_checked.
    """

    verdict: str
    reason: str
    signature: str
    content: str
    status: str
    signer: str | None
    certificate: CheckedCertificate | None
    checked_datetime: datetime

    @property
    def is_valid(self) -> bool:
        """Whether the certificate may be accepted: nothing but `valid` may."""
        return self.verdict == "valid"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Verification:
        """Read the answer of POST verify."""
        about, checks = item["certificate"], item["checks"]
        read = {
            "signature": checks["signature"],
            "content": checks["content"],
            "status": checks["status"],
            "certificate": about and _checked(about),
            "checked_datetime": datetime.fromisoformat(item["checked_datetime"]),
        }
        return cls(**{**_only(cls, item), **read})


def reading(read: Callable[[Any], T], answer: Any) -> T:
    """Return what `read` makes of an answer; GatewayUnavailable(`broken_answer`) if it cannot."""
    try:
        return read(answer)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise GatewayUnavailable("broken_answer") from None


def _only(cls: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    """The item's entries that the class has fields for: a newer gateway may say more."""
    return {name: item[name] for name in cls.__dataclass_fields__ if name in item}


def _change(item: Mapping[str, Any]) -> StatusChange:
    return StatusChange(item["status"], datetime.fromisoformat(item["datetime"]), item["actor"])


def _checked(item: Mapping[str, Any]) -> CheckedCertificate:
    issued = date.fromisoformat(item["issued_date"])
    return CheckedCertificate(item["number"], item["name"], issued, _date(item["ended_date"]))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
