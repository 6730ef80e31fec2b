"""Who handles a report: the register of agencies, and the rules that lead a report to one.

A city's own file stands at `registers/agencies.json` in the data folder; ours is the fallback.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from gateway.service_requests.wards import wards
from gateway.settings import Settings
from gateway.working_time import HANOI

KINDS = ("commune", "department", "utility", "police", "city")
_NAME = "agencies.json"
_OURS = Path(__file__).parent.parent / "registers" / _NAME


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which an entry stands, both included."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the entry stands on that day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Agency:
    """One that handles reports. `parent` is the code of the next level, empty at the top."""

    code: str
    name: str
    kind: str
    parent: str
    validity: Validity

    @property
    def sees_all(self) -> bool:
        """The city's own desks see every agency's reports."""
        return self.kind == "city"


@dataclass(frozen=True, slots=True)
class Rule:
    """Reports of these services (`*`: any) in these wards (none: any) go `to` an agency's code,
    or to the `commune` or the `police` of their ward.
    """

    service_codes: frozenset[str]
    wards: frozenset[str]
    to: str
    validity: Validity

    def fits(self, service_code: str, ward_code: str, day: date) -> bool:
        """Whether the rule is about that report."""
        of_service = "*" in self.service_codes or service_code in self.service_codes
        return (
            of_service and (not self.wards or ward_code in self.wards) and self.validity.holds(day)
        )


@dataclass(frozen=True, slots=True)
class Agencies:
    """The whole register as one file has it."""

    entries: tuple[Agency, ...]
    rules: tuple[Rule, ...]
    fallback: str

    def find(self, code: str, moment: datetime) -> Agency | None:
        """The agency that had that code on that day, or None."""
        day = moment.astimezone(HANOI).date()
        return next((a for a in self._named(code) if a.validity.holds(day)), None)

    def name_of(self, code: str) -> str:
        """The newest name under that code; a report outlives the agency that had it."""
        return (
            max(self._named(code), key=lambda a: a.validity.first).name if self._named(code) else ""
        )

    def route(self, service_code: str, ward_code: str, moment: datetime) -> Agency:
        """The agency of a new report: the first rule that fits and leads to somebody, else the
        city's desk.
        """
        day = moment.astimezone(HANOI).date()
        for rule in self.rules:
            if rule.fits(service_code, ward_code, day):
                found = self.find(_code_of(rule.to, ward_code), moment)
                if found is not None:
                    return found
        return self._fallback()

    def above(self, code: str, moment: datetime, levels: int) -> Agency:
        """The agency `levels` above that one, or the highest there is."""
        found = self.find(code, moment) or self._fallback()
        for _ in range(levels):
            found = self.find(found.parent, moment) or found
        return found

    def standing(self, moment: datetime) -> list[Agency]:
        """Every agency of that day, in the order of the register."""
        day = moment.astimezone(HANOI).date()
        return [agency for agency in self.entries if agency.validity.holds(day)]

    def _named(self, code: str) -> list[Agency]:
        return [agency for agency in self.entries if agency.code == code]

    def _fallback(self) -> Agency:
        return self._named(self.fallback)[-1]


def agencies(settings: Settings) -> Agencies:
    """The register of this installation, read anew when its file changes.

    Raises KeyError or ValueError when it is malformed.
    """
    own = settings.data_folder / "registers" / _NAME
    file = own if own.exists() else _OURS
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(file: Path, changed: int) -> Agencies:
    found = json.loads(file.read_text(encoding="utf-8"))
    entries = [_agency(item) for item in found["agencies"]]
    known = {entry.code for entry in entries}
    patterns = found["communes"].values()
    made = [_agency(_filled(pattern, ward)) for pattern in patterns for ward in wards().values()]
    register = Agencies(
        entries=(*entries, *(entry for entry in made if entry.code not in known)),
        rules=tuple(_rule(item) for item in found["routing"]),
        fallback=found["fallback"],
    )
    if found["fallback"] not in known:
        raise ValueError(f"{file.name}: the fallback must be one of the agencies")
    return register


def _agency(item: dict[str, Any]) -> Agency:
    if item["kind"] not in KINDS:
        raise ValueError(f"{_NAME}: a kind is one of {KINDS}")
    return Agency(item["code"], item["name"], item["kind"], item["parent"], _validity(item))


def _rule(item: dict[str, Any]) -> Rule:
    codes, places = frozenset(item["service_codes"]), frozenset(item.get("wards", ()))
    return Rule(codes, places, item["to"], _validity(item))


def _validity(item: dict[str, Any]) -> Validity:
    last = item.get("valid_until")
    first = date.fromisoformat(item["valid_from"])
    return Validity(first, None if last is None else date.fromisoformat(last))


def _filled(pattern: dict[str, Any], ward: Any) -> dict[str, Any]:
    name = f"{ward.name[0].lower()}{ward.name[1:]}"
    code = pattern["code"].format(code=ward.code)
    return {**pattern, "code": code, "name": pattern["name"].format(name=name)}


def _code_of(to: str, ward_code: str) -> str:
    return {"commune": f"ward-{ward_code}", "police": f"police-{ward_code}"}.get(to, to)
