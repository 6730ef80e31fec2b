"""The register of transport passes: who holds which product. The sandbox twin gives monthly passes.

Products and fare classes stand in card_products.json with their dates of validity.
"""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from gateway.registers.population import PopulationRegister, Resident, sandbox_residents

PRODUCTS_FILE = Path(__file__).with_name("card_products.json")

# The sandbox sells nothing yet: passes renew themselves, so early that 72 hours stay covered.
_RENEWED_AHEAD = timedelta(days=4)
_NUMBER_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A product or a fare class: its number on the card and its names in `vi` and `en`."""

    number: int
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pass:
    """What one resident may ride with; both dates are included. `group` is never its reason."""

    number: str = field(repr=False)
    holder_name: str = field(repr=False)
    product: Entry
    group: Entry
    valid_from: date
    valid_until: date


class PassRegister(Protocol):
    """What the gateway asks the register of transport passes."""

    async def find(self, subject: str, on: date) -> Pass | None:
        """The pass that resident has on that day, or the next one to come, or the last; or None."""
        ...

    async def find_by_number(self, number: str, on: date) -> tuple[str, Pass] | None:
        """The subject and pass that the card number belongs to on that day; or None."""
        ...


class SandboxPasses:
    """The sandbox twin: every synthetic resident who signs in has a pass, but the newcomer."""

    def __init__(self, population: PopulationRegister) -> None:
        self._population = population

    async def find(self, subject: str, on: date) -> Pass | None:
        """The monthly pass of that subject on that day, or None."""
        person = await self._population.find(subject)
        return None if person is None else sandbox_pass(person, on)

    async def find_by_number(self, number: str, on: date) -> tuple[str, Pass] | None:
        """The synthetic resident with that number."""
        for person in sandbox_residents():
            if _number_of(person.subject) == number:
                held = await self.find(person.subject, on)
                return None if held is None else (person.subject, held)
        return None


def sandbox_pass(person: Resident, on: date) -> Pass | None:
    """The synthetic resident's pass on that day, or None."""
    sandbox = _document()["sandbox"]
    if not person.signs_in or person.subject in sandbox["without_pass"]:
        return None
    product = sandbox["products"].get(person.subject, sandbox["product"])
    return _monthly_pass(person, product, on)


def _monthly_pass(person: Resident, product: int, on: date) -> Pass:
    last = on + _RENEWED_AHEAD
    return Pass(
        number=_number_of(person.subject),
        holder_name=person.name,
        product=_entry("products", "product", lambda item: item["product"] == product, on),
        group=_entry("groups", "group", lambda item: person.card_group in item["card_groups"], on),
        valid_from=on.replace(day=1),
        valid_until=last.replace(day=calendar.monthrange(last.year, last.month)[1]),
    )


def _number_of(subject: str) -> str:
    """A synthetic card number of 12 digits that is always the same for that subject."""
    digest = hashlib.sha256(f"ihanoi sandbox card number {subject}".encode()).digest()
    return f"{int.from_bytes(digest, 'big') % 10**_NUMBER_DIGITS:0{_NUMBER_DIGITS}d}"


def entries(table: str, on: date) -> list[Entry]:
    """Every entry of `products` or `groups` that is valid on that day."""
    number = table.removesuffix("s")
    found = [item for item in _document()[table] if _covers(item, on)]
    return [Entry(item[number], item["name"]) for item in found]


def _entry(table: str, number: str, wanted: Any, on: date) -> Entry:
    """The entry wanted on that day. Raises LookupError when the register has none."""
    for item in _document()[table]:
        if wanted(item) and _covers(item, on):
            return Entry(item[number], item["name"])
    raise LookupError(f"{PRODUCTS_FILE.name} has no such entry in {table} on {on}")


def fare_classes(language: str, on: date) -> dict[str, str]:
    """The fare classes of that day: their numbers, as text, and their names for a gate's display."""
    found = [item for item in _document()["groups"] if _covers(item, on)]
    return {str(item["group"]): item["name"][language] for item in found}


def _covers(item: Mapping[str, Any], on: date) -> bool:
    until = item["valid_until"]
    begun = date.fromisoformat(item["valid_from"]) <= on
    return begun and (until is None or on <= date.fromisoformat(until))


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PRODUCTS_FILE.read_text(encoding="utf-8"))
    return found
