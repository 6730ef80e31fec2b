"""Reads what a search asks (FHIR R4, section 3.2.1), and says no to what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.health_records import dates
from gateway.health_records.parameters import OF_PATIENT, PARAMETERS, Parameter
from gateway.problems import Problem

DEFAULT_COUNT, MOST = 50, 200
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
COMMON = {
    "_id": Parameter("_id", "token", ()),
    "_lastUpdated": Parameter("_lastUpdated", "date", ()),
}
_OWNERS = ("patient", "subject")
_CONTROLS = ("_count", "_sort", "_total", "_summary", "_format", "_pretty", "_since")
_MODIFIERS = {
    "token": {"not", "missing", "text"},
    "string": {"exact", "contains", "missing"},
    "date": {"missing"},
    "reference": {"missing", "Patient"},
}
_SORTS = {"date": "day", "_lastUpdated": "updated"}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """One parameter with its modifier; any of `values` fits, and all conditions must."""

    parameter: Parameter
    modifier: str
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One search: `patients` are the records named (None: the caller's own)."""

    type: str
    conditions: tuple[Condition, ...] = ()
    patients: frozenset[str] | None = None
    sort: str = "day"
    descending: bool = True
    count: int = DEFAULT_COUNT
    total: bool = True
    used: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def invalid(what: str) -> Problem:
    """400 for a search that cannot be understood; `what` never holds a value from the search."""
    return Problem(400, "validation", "A parameter is not acceptable", what)


def read(resource_type: str, pairs: Pairs, base: str, strict: bool) -> Question:
    """The question of these parameters.

    `strict` (Prefer: handling=strict) refuses a parameter that is not known; otherwise it is
    ignored, and the `self` link of the answer does not hold it. Raises a 400 `Problem`.
    """
    known = parameters_of(resource_type)
    conditions, used = [], []
    patients: frozenset[str] | None = None
    controls: dict[str, str] = {}
    for key, value in pairs:
        name, _, modifier = key.partition(":")
        if name in _CONTROLS:
            controls[name] = value
        elif name in _OWNERS and name in known:
            patients = _narrowed(patients, value, modifier, base)
        elif name in known:
            conditions.append(_condition(known[name], modifier, value))
        elif strict:
            raise invalid(f"{resource_type} has no such search parameter here")
        else:
            continue
        used.append((key, value))
    if "_since" in controls:
        conditions.append(_condition(COMMON["_lastUpdated"], "", f"ge{controls['_since']}"))
    sort, descending = _sort(controls.get("_sort", "-date"))
    return Question(
        type=resource_type,
        conditions=tuple(conditions),
        patients=patients,
        sort=sort,
        descending=descending,
        count=0 if controls.get("_summary") == "count" else count_of(controls.get("_count")),
        total=controls.get("_total") != "none",
        used=tuple(used),
    )


def parameters_of(resource_type: str) -> Mapping[str, Parameter]:
    """Every search parameter of a type, those it shares with all others too."""
    owners = {name: Parameter(name, "reference", ()) for name in _OWNERS}
    return {
        **COMMON,
        **PARAMETERS[resource_type],
        **(owners if resource_type in OF_PATIENT else {}),
    }


def count_of(said: str | None) -> int:
    """How many a page may hold. Raises a 400 `Problem` for anything but a number."""
    if said is None:
        return DEFAULT_COUNT
    if not re.fullmatch(r"\d{1,9}", said):
        raise invalid("_count is not a number")
    return min(int(said), MOST)


def prefixed(value: str) -> tuple[str, dates.Span]:
    """The prefix and the span of a date in a search. Raises a 400 `Problem`."""
    prefix = value[:2] if value[:2] in PREFIXES else "eq"
    span = dates.span(value.removeprefix(prefix).replace(" ", "+"))
    if span is None:
        raise invalid("a date is not one FHIR knows")
    return prefix, span


def split(value: str, at: str = ",") -> list[str]:
    r"""The parts between commas that no backslash escapes (FHIR R4, section 3.2.1.5.7)."""
    parts = re.split(rf"(?<!\\){re.escape(at)}", value)
    return [re.sub(r"\\([,|$\\])", r"\1", part) for part in parts]


def patient_of(value: str, base: str) -> str:
    """The logical id in `id`, `Patient/id` or this server's address of one."""
    return value.removeprefix(f"{base}/").removeprefix("Patient/")


def _narrowed(known: frozenset[str] | None, value: str, modifier: str, base: str) -> frozenset[str]:
    if modifier not in {"", "Patient"}:
        raise invalid("patient has no such modifier")
    named = frozenset(patient_of(one, base) for one in split(value))
    return named if known is None else known & named


def _condition(parameter: Parameter, modifier: str, value: str) -> Condition:
    if modifier and modifier not in _MODIFIERS[parameter.kind]:
        raise invalid(f"{parameter.name} has no such modifier here")
    if parameter.name in COMMON and modifier:
        raise invalid(f"{parameter.name} has no modifiers here")
    if modifier == "missing" and value not in {"true", "false"}:
        raise invalid("missing is true or false")
    if not value or "\x00" in value:
        raise invalid(f"{parameter.name} has no value")
    if parameter.kind == "date" and modifier != "missing":
        for one in split(value):
            prefixed(one)
    # Escapes of | are undone by whoever reads the token.
    parts = tuple(re.split(r"(?<!\\),", value))
    return Condition(parameter, modifier, parts)


def _sort(said: str) -> tuple[str, bool]:
    name = said.removeprefix("-")
    if name not in _SORTS:
        raise invalid("_sort is date or _lastUpdated, or one of them with a minus")
    return _SORTS[name], said.startswith("-")


def pairs_of(items: Iterable[tuple[str, str]]) -> Pairs:
    """The parameters of an address or form, in order."""
    return [(str(name), str(value)) for name, value in items]
