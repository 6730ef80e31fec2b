"""Checking certificates, and who did: what anybody may see, read from JSON into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from services.certificates.parsing import date_of, moment_of, only


@dataclass(frozen=True, slots=True)
class PrintedDetails:
    """What a printed certificate says of itself: its number, and the fields that prove it is held."""

    number: str = field(repr=False)
    file_code: str = field(repr=False)
    name: str = field(repr=False)
    birthdate: date = field(repr=False)
    gender: str = field(repr=False)
    identity_number: str = field(repr=False)

    def body(self) -> dict[str, str]:
        """What is sent to check."""
        return {
            "number": self.number.strip(),
            "file_code": self.file_code.strip(),
            "name": self.name.strip(),
            "birthdate": self.birthdate.isoformat(),
            "gender": self.gender,
            "identity_number": self.identity_number.strip(),
        }


Sought: TypeAlias = "str | bytes | PrintedDetails"
"""What can be checked: a printed code, a PDF's bytes, or the details on a printed copy."""


@dataclass(frozen=True, slots=True)
class CertificateRead:
    """That a certificate was opened (kind certificate or page) or checked (with its verdict).

    `actor` is resident or anyone; `name` is what whoever checked called themselves, unverified.
    """

    datetime: datetime
    kind: str
    actor: str
    verdict: str | None
    name: str | None = field(default=None, repr=False)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateRead:
        """Read one entry of the log."""
        return cls(**{**only(cls, item), "datetime": datetime.fromisoformat(item["datetime"])})


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """What anyone may see of a certificate: `name` is masked."""

    number: str
    name: str
    issued_date: date
    ended_date: date | None

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CheckedCertificate:
        """Read a verification's `certificate`."""
        issued = date.fromisoformat(item["issued_date"])
        return cls(item["number"], item["name"], issued, date_of(item["ended_date"]))


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to a check: valid, altered, revoked, superseded, unknown or unchecked.

    `reason` and `detail` are codes such as content_changed and incremental_update. The three
    checks are passed, failed or not_checked.
    """

    verdict: str
    reason: str
    signature: str
    content: str
    status: str
    signer: str | None
    certificate: CheckedCertificate | None
    checked_datetime: datetime
    detail: str | None = None

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
            "certificate": about and CheckedCertificate.from_json(about),
            "checked_datetime": datetime.fromisoformat(item["checked_datetime"]),
        }
        return cls(**{**only(cls, item), **read})


@dataclass(frozen=True, slots=True)
class PresentationCheck:
    """That somebody looked at what was shown to them; `name` is what they called themselves."""

    name: str = field(repr=False)
    datetime: datetime
    verdict: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """Chosen claims shown by a link: draft, active, expired or stopped, and who looked at them."""

    presentation_id: str
    status: str
    claims: tuple[str, ...]
    created_datetime: datetime
    expires_datetime: datetime
    checks: tuple[PresentationCheck, ...]

    @property
    def active(self) -> bool:
        """Whether its link still opens."""
        return self.status == "active"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Presentation:
        """Read one of the list of presentations."""
        checks = [
            PresentationCheck(
                one.get("name") or "", datetime.fromisoformat(one["datetime"]), one["verdict"]
            )
            for one in item.get("checks", ())
        ]
        return cls(
            item["presentation_id"],
            item["status"],
            tuple(item.get("claims") or ()),
            datetime.fromisoformat(item["created_datetime"]),
            datetime.fromisoformat(item["expires_datetime"]),
            tuple(checks),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a presentation's link shows to whoever has it: the verdict and the chosen claims."""

    verdict: str
    reason: str
    claims: Mapping[str, Any] = field(repr=False)
    checked_datetime: datetime
    expires_datetime: datetime | None

    @property
    def is_valid(self) -> bool:
        """Whether the claims may be relied on."""
        return self.verdict == "valid"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Shown:
        """Read the answer of POST presentations/check."""
        return cls(
            item["verdict"],
            item["reason"],
            dict(item.get("claims") or {}),
            datetime.fromisoformat(item["checked_datetime"]),
            moment_of(item.get("expires_datetime")),
        )
