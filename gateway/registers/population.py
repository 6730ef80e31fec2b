"""The population register: who the residents are.

The sandbox twin reads synthetic people from sandbox.json.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol, cast, get_args

ADULT = 18
"""The age in years at which nobody acts for a child any more (Civil Code, article 20)."""

SANDBOX_FILE = Path(__file__).with_name("sandbox.json")

Gender = Literal["female", "male"]
RelationKind = Literal["carer_of", "parent_of"]
CriminalRecord = Literal["clear", "has_entries", "needs_look"]


@dataclass(frozen=True, slots=True)
class Relation:
    """That a resident cares for, or is the parent of, the resident `subject`, and since when."""

    kind: RelationKind
    subject: str
    since: date


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the register. Whatever tells who it is stays out of `repr`, so of every log.

    `acr` is the account's identity level, loa1 or loa2; `description` has a line in `vi` and `en`;
    `ward_code` is the ward the person lives in; `agency_code` the agency an officer serves.
    """

    subject: str = field(repr=False)
    key: str = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)
    birthdate: date = field(repr=False)
    gender: Gender = field(repr=False)
    ethnicity: str = field(repr=False)
    nationality: str = field(repr=False)
    occupation: str = field(repr=False)
    place_of_birth: str = field(repr=False)
    father_name: str = field(repr=False)
    mother_name: str = field(repr=False)
    cccd: str = field(repr=False)
    cccd_issued_on: date = field(repr=False)
    cccd_issued_by: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    ward_code: str = field(repr=False)
    bhyt_number: str = field(repr=False)
    acr: str
    signs_in: bool
    roles: tuple[str, ...]
    relations: tuple[Relation, ...] = field(repr=False)
    card_group: str = field(repr=False)
    criminal_record: CriminalRecord = field(repr=False)
    description: Mapping[str, str] = field(repr=False)
    agency_code: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The whole name, family name first, as it is written in Vietnam."""
        return f"{self.family_name} {self.given_name}"

    def age_on(self, day: date) -> int:
        """The age in full years on that day."""
        had_birthday = (day.month, day.day) >= (self.birthdate.month, self.birthdate.day)
        return day.year - self.birthdate.year - (0 if had_birthday else 1)


class PopulationRegister(Protocol):
    """What the gateway asks the city's population register."""

    async def find(self, subject: str) -> Resident | None:
        """The resident whose OpenID Connect `sub` this is, or None."""
        ...

    async def children_of(self, subject: str, on: date) -> tuple[Resident, ...]:
        """The children of that resident by recorded relation who are under 18 on that day, eldest
        first. Whoever asks decides until which age a parent may act.
        """
        ...


class SandboxPopulation:
    """The sandbox twin: the synthetic people, all in memory."""

    def __init__(self, residents: tuple[Resident, ...] | None = None) -> None:
        found = sandbox_residents() if residents is None else residents
        self._by_subject = {resident.subject: resident for resident in found}

    async def find(self, subject: str) -> Resident | None:
        """The synthetic resident of that subject, or None."""
        return self._by_subject.get(subject)

    async def children_of(self, subject: str, on: date) -> tuple[Resident, ...]:
        """The synthetic children under 18 that sandbox.json names for that resident."""
        parent = self._by_subject.get(subject)
        relations = parent.relations if parent else ()
        known = (
            self._by_subject.get(relation.subject)
            for relation in relations
            if relation.kind == "parent_of" and relation.since <= on
        )
        minors = [child for child in known if child is not None and child.age_on(on) < ADULT]
        return tuple(sorted(minors, key=lambda child: child.birthdate))


@cache
def sandbox_residents() -> tuple[Resident, ...]:
    """Every synthetic person, in the order of the file.

    Raises KeyError or ValueError when it is malformed.
    """
    return tuple(_resident(item) for item in _sandbox()["residents"])


def sandbox_passcode() -> str:
    """The passcode all synthetic people share; the sandbox prints it on its sign-in page."""
    return str(_sandbox()["passcode"])


@cache
def _sandbox() -> dict[str, Any]:
    text = unicodedata.normalize("NFC", SANDBOX_FILE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(text)
    return found


def _resident(item: Mapping[str, Any]) -> Resident:
    known = {
        **item,
        "birthdate": date.fromisoformat(item["birthdate"]),
        "cccd_issued_on": date.fromisoformat(item["cccd_issued_on"]),
        "roles": tuple(item["roles"]),
        "relations": tuple(_relation(relation) for relation in item["relations"]),
        "subject": item["sub"],
    }
    del known["sub"]
    return Resident(**known)


def _relation(item: Mapping[str, str]) -> Relation:
    if item["kind"] not in get_args(RelationKind):
        raise ValueError(f"sandbox.json: a relation is one of {get_args(RelationKind)}")
    kind = cast(RelationKind, item["kind"])
    return Relation(kind, item["sub"], date.fromisoformat(item["since"]))
