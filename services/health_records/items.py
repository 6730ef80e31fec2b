"""What a health record holds, as values for a screen: frozen, without FHIR's nesting."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.health_records.document import Code
from services.health_records.fhir import FhirDate, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the record. Every word and code comes from the resource; nothing is concluded.

    `key` is safe in an address and the same for the same resource. `status` is FHIR's code.
    `absent` marks a statement that there is none of something ("no known food allergy").
    `address` is what is unique about the resource in its Bundle: its fullUrl, else type and id.
    """

    key: str
    resource_type: str
    title: str
    address: str = ""
    detail: str = ""
    status: str = ""
    date: FhirDate | None = None
    end: FhirDate | None = None
    recorded: FhirDate | None = None
    recorded_by: str = ""
    codes: tuple[Code, ...] = ()
    notes: tuple[str, ...] = ()
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Item):
    """AllergyIntolerance. `detail` names the reactions; `criticality` is FHIR's code."""

    verification: str = ""
    criticality: str = ""
    categories: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Item):
    """Condition. `date` is the onset, `end` the abatement, `detail` the severity."""

    verification: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the resource says, or leaves open, that the condition is still there."""
        past = {"inactive", "remission", "resolved"}
        return self.end is None and self.status not in past and self.verification != "refuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine(Item):
    """MedicationStatement, -Request, -Dispense, -Administration. `detail` says how to take it.

    `supply` is how much was prescribed and for how long, as the resource says it.
    """

    reason: str = ""
    supply: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the resource says, or leaves open, that it is still taken."""
        return self.status in {"", "active", "intended", "unknown", "draft"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Immunization(Item):
    """Immunization, or a recommended one: then `status` is `due`, `date` the day to have it by."""

    dose: str = ""
    lot_number: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure(Item):
    """Procedure. `date` and `end` are when it was performed."""


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """The limits a laboratory gave; either may be missing."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Item):
    """Observation, one of its components, or a DiagnosticReport's conclusion.

    `value` is what was found in words; `quantity` is there for numbers. `interpretation` is the
    resource's own code (H, L, N, A…), empty when it gives none. `panel` names what it was part of;
    `absent_reason` says why there is no value; `is_vital` that it stands among the vital signs.
    """

    value: str = ""
    quantity: Quantity | None = None
    interpretation: str = ""
    interpretation_text: str = ""
    reference_ranges: tuple[ReferenceRange, ...] = ()
    panel: str = ""
    absent_reason: str = ""
    is_vital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Item):
    """Encounter. `title` is the reason or kind of visit, `detail` the facility.

    `visit_class` is the code of Encounter.class: AMB, EMER, IMP…
    """

    facility: str = ""
    practitioners: tuple[str, ...] = ()
    kind: str = ""
    visit_class: str = ""


@dataclass(frozen=True, slots=True)
class Insurance:
    """Health insurance (BHYT): the card's number, its first and last day, who pays."""

    number: str = field(default="", repr=False)
    start: FhirDate | None = None
    end: FhirDate | None = None
    payor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Whom the record is about; `language` is that of the document."""

    name: str = ""
    gender: str = ""
    birth_date: FhirDate | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    phones: tuple[str, ...] = ()
    insurance: Insurance | None = None
