"""The form before it is filled in: what is known, what to choose from, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Child:
    """A child by recorded relation, for whom a parent may apply from the minimum age on."""

    child_id: str = field(repr=False)
    name: str = field(repr=False)
    birthdate: date = field(repr=False)
    too_young: bool

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Child:
        """Read one of a form's `children`."""
        return cls(**{**only(cls, item), "birthdate": date.fromisoformat(item["birthdate"])})


@dataclass(frozen=True, slots=True)
class CertificateForm:
    """The prefilled form. `fee` is in VND; nothing stands in the way when `blocked_by` is empty.

    `child_id` says whom it is about, empty for oneself; `payment_hours` is how long one may leave
    it unpaid; the last two are how many rows the authority takes.
    """

    identity: CertificateIdentity | None
    contact_phone: str | None = field(repr=False)
    purposes: tuple[Purpose, ...]
    fee: int
    working_days: int
    minimum_age: int
    expected_datetime: datetime
    blocked_by: tuple[Obstacle, ...]
    certificate_types: tuple[int, ...] = (1,)
    child_id: str = field(default="", repr=False)
    children: tuple[Child, ...] = field(default=(), repr=False)
    payment_hours: int = 24
    most_names: int = 10
    most_addresses: int = 20

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> CertificateForm:
        """Read the answer of GET form."""
        identity, limits = item["identity"], item.get("limits", {})
        types = item.get("certificate_types", [{"certificate_type": 1}])
        return cls(
            identity=None if identity is None else CertificateIdentity.from_json(identity),
            contact_phone=item["contact_phone"],
            purposes=tuple(Purpose(**only(Purpose, one)) for one in item["purposes"]),
            fee=int(item["fee"]["amount"]),
            working_days=int(item["working_days"]),
            minimum_age=int(item["minimum_age"]),
            expected_datetime=datetime.fromisoformat(item["expected_datetime"]),
            blocked_by=tuple(Obstacle(**only(Obstacle, one)) for one in item["blocked_by"]),
            certificate_types=tuple(int(one["certificate_type"]) for one in types),
            child_id=item.get("person", {}).get("child_id") or "",
            children=tuple(Child.from_json(one) for one in item.get("children", ())),
            payment_hours=int(item.get("payment_hours", 24)),
            most_names=int(limits.get("former_names", 10)),
            most_addresses=int(limits.get("former_addresses", 20)),
        )
