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
from services.certificates.parsing import date_of, only

IN_PROCESS = frozenset({"submitted", "received", "checking", "signing"})
"""The states in which an application has no result yet."""


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
        ended = date_of(item["ended_date"])
        return cls(**{**only(cls, item), "issued_datetime": issued, "ended_date": ended})


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
            "purpose": Purpose(**only(Purpose, item["purpose"])),
            "fee": int(item["fee"]["amount"]),
            "submitted_datetime": datetime.fromisoformat(item["submitted_datetime"]),
            "expected_datetime": datetime.fromisoformat(item["expected_datetime"]),
            "working_days": tuple(date.fromisoformat(day) for day in item["working_days"]),
            "identity": CertificateIdentity.from_json(item["identity"]),
            "history": tuple(_change(state) for state in item["history"]),
            "certificate": certificate and CriminalRecordCertificate.from_json(certificate),
        }
        return cls(**{**only(cls, item), **read})


def _change(item: Mapping[str, Any]) -> StatusChange:
    return StatusChange(item["status"], datetime.fromisoformat(item["datetime"]), item["actor"])
