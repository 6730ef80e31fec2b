"""The form before it is filled in, and what is filled in: read from JSON, kept, sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from services.certificates.parsing import only


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
        return cls(**{**only(cls, item), "birthdate": date.fromisoformat(item["birthdate"])})


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
            purposes=tuple(Purpose(**only(Purpose, one)) for one in item["purposes"]),
            fee=int(item["fee"]["amount"]),
            working_days=int(item["working_days"]),
            minimum_age=int(item["minimum_age"]),
            expected_datetime=datetime.fromisoformat(item["expected_datetime"]),
            blocked_by=tuple(Obstacle(**only(Obstacle, one)) for one in item["blocked_by"]),
        )


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What the resident has entered so far, and the step (1 to 4) they reached.

    An empty `contact_phone` means the registered one. `draft_id` stays, so that an application
    whose answer was lost is not sent a second time.
    """

    purpose: str = ""
    contact_phone: str = field(default="", repr=False)
    certificate_type: int = 1
    delivery: str = "electronic"
    step: int = 1
    draft_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        return asdict(self)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateDraft:
        """Read what `to_json` wrote."""
        return cls(**item)

    def body(self) -> dict[str, Any]:
        """What is sent to apply."""
        return {
            "certificate_type": self.certificate_type,
            "purpose": self.purpose,
            "contact_phone": self.contact_phone or None,
            "delivery": self.delivery,
        }
