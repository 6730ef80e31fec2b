"""The bodies of the consent routes: what is accepted, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row

from gateway.consents.ledger import state_of
from gateway.consents.purposes import LANGUAGES, Purpose
from gateway.health_people.wire import Consent as CarerConsent

Service = Literal["reports", "health", "certificates", "cards", "support"]
Way = Literal["asked", "privacy_page"]
DeviceKind = Literal["phone", "desktop", "browser"]
Verb = Literal["agreed", "refused", "withdrawn"]


class DecisionBody(BaseModel):
    """One decision. `child` is a key of `children`, empty for the caller's own data; `decided` is
    when it was made on the device.
    """

    model_config = ConfigDict(extra="forbid")

    decision: Verb
    text_version: str = Field(min_length=1, max_length=32)
    language: Literal["vi", "en"]
    way: Way
    device: DeviceKind
    decided: datetime | None = None
    child: str = Field(default="", pattern=r"^([0-9a-f]{16})?$")


class Words(BaseModel):
    """A text in one language."""

    title: str
    words: str
    refusing: str
    stopping: str


class PublicPurpose(BaseModel):
    """A purpose with the text in force; `sensitive` is location, health, crime or empty."""

    purpose: str
    service: str
    sensitive: str
    text_version: str
    text: dict[str, Words]

    @classmethod
    def of(cls, purpose: Purpose) -> PublicPurpose:
        """A purpose of the register."""
        return cls(**_fields(purpose))


class AskedPurpose(PublicPurpose):
    """A purpose and what was decided about it; `by` is who decided: self, parent or nobody yet."""

    state: Literal["undecided", "agreed", "refused", "withdrawn", "outdated"]
    decided: datetime | None
    decided_version: str
    by: Literal["", "self", "parent"]
    may_decide: bool

    @classmethod
    def about(cls, purpose: Purpose, row: Row[Any] | None, *, may_decide: bool) -> AskedPurpose:
        """What the decision that counts says of that purpose."""
        return cls(
            **_fields(purpose),
            state=state_of(purpose, row),  # type: ignore[arg-type]
            decided=row.decided if row else None,
            decided_version=row.text_version if row else "",
            by=_by(row) if row else "",
            may_decide=may_decide,
        )


class PastDecision(BaseModel):
    """A line of the ledger: which decision, when, by which text, which way, on what."""

    decision_no: int
    purpose: str
    decision: Verb
    decided: datetime
    received: datetime
    text_version: str
    text_digest: str
    language: str
    way: str
    device: str
    by: Literal["", "self", "parent"]

    @classmethod
    def of(cls, row: Row[Any]) -> PastDecision:
        """A row of the ledger."""
        names = (name for name in cls.model_fields if name != "by")
        return cls(**{name: getattr(row, name) for name in names}, by=_by(row))


class Child(BaseModel):
    """A child the caller decides for; `patient_id` is empty without a health record."""

    child: str
    name: str
    patient_id: str


class Ledger(BaseModel):
    """All that one person is asked and decided. `carers` are those who may read the health record:
    agreed to by the text of health-people, ended there too.
    """

    child: str
    name: str
    purposes: list[AskedPurpose]
    history: list[PastDecision]
    carers: list[CarerConsent]
    children: list[Child]


def _fields(purpose: Purpose) -> dict[str, Any]:
    text = purpose.text
    names = Words.model_fields
    return {
        "purpose": purpose.purpose,
        "service": purpose.service,
        "sensitive": purpose.sensitive,
        "text_version": text.version,
        "text": {
            language: {name: getattr(text.in_language(language), name) for name in names}
            for language in LANGUAGES
        },
    }


def _by(row: Row[Any]) -> Literal["", "self", "parent"]:
    return "self" if row.decided_by == row.subject else "parent"
