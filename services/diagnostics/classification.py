"""What may be recorded of an answer, a request and a stored row: an allow-list, field by field.

Each area of the wire (`services.diagnostics.classes`) gives every field one class:

    keep      as it is: codes, states, numbers of the city, words of the city; one value or a list
    whole     an object of the city, with everything in it
    coded     a FHIR object that decides how a screen is arranged: codes and numbers, texts replaced
    inside    an object or a list of objects: look at its own fields
    drop      left out
    a kind    replaced by a stand-in of `services.diagnostics.stand_ins`: name, words, reference …

A field is looked up as `parent.field` first, then as `field`; at the top its parent is empty
(`.name`). A query or path parameter is `?name`. What is not found is left out, and noted in
`Reducer.unclassified`, which the tests want empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

KEEP, WHOLE, CODED, INSIDE, DROP = "keep", "whole", "coded", "inside", "drop"

VALUE = "[]"
"""The name of a plain value where an object or a list of objects might be."""

MOST_NAMES = 500
"""Names remembered under one parent: a gateway may make up as many as it likes."""

_PARAMETER = re.compile(r"\{([a-z_]+)\}")


def classes(**named: str) -> dict[str, str]:
    """Return field → class of names listed by class; raises ValueError for one listed twice."""
    found: dict[str, str] = {}
    for class_, names in named.items():
        for name in names.split():
            if name in found:
                raise ValueError(f"{name} is {found[name]} and {class_}")
            found[name] = class_
    return found


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the wire: path templates below the gateway's address, and the fields there."""

    name: str
    paths: tuple[str, ...]
    fields: Mapping[str, str] = field(repr=False)

    def class_of(self, parent: str, name: str) -> str | None:
        """The class of a field; None when nobody classified it."""
        found = self.fields.get(f"{parent}.{name}")
        return found if found or name == VALUE else self.fields.get(name)

    def class_of_parameter(self, name: str) -> str | None:
        """The class of a query or path parameter."""
        return self.fields.get(f"?{name}")


@dataclass(frozen=True, slots=True)
class Place:
    """A path as an operation: its template, its area, and what stands for its parameters."""

    template: str
    area: Area
    parameters: Mapping[str, str] = field(repr=False)


class Wire:
    """Finds the operation that a path belongs to; a literal segment goes before a parameter."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._found: dict[int, list[tuple[re.Pattern[str], str, Area]]] = {}
        templates = [(path, area) for area in areas for path in area.paths]
        for path, area in sorted(templates, key=lambda one: one[0].count("{")):
            pattern = re.compile(_pattern(path))
            self._found.setdefault(path.count("/"), []).append((pattern, path, area))

    def place_of(self, path: str) -> Place | None:
        """The operation of a path; None for an unknown one."""
        for pattern, template, area in self._found.get(path.count("/"), ()):
            if found := pattern.fullmatch(path):
                return Place(template, area, found.groupdict())
        return None


class Plan(dict[str, "str | None"]):
    """Name → class of the fields under one parent: each is looked up once, and noted where it has none."""

    def __init__(self, area: Area, parent: str, note: Callable[[str], None]) -> None:
        super().__init__()
        self._area, self._parent, self._note = area, parent, note

    def __missing__(self, name: str) -> str | None:
        class_ = self._area.class_of(self._parent, name)
        if class_ is None:
            self._note(f"{self._area.name}: {self._parent}.{name}")
        if len(self) < MOST_NAMES:
            self[name] = class_
        return class_


def filled(template: str, parameters: Mapping[str, str]) -> str:
    """Return the template with these values in their places."""
    return _PARAMETER.sub(lambda found: parameters[found[1]], template)


def _pattern(template: str) -> str:
    parts = _PARAMETER.split(template)
    literal = [
        re.escape(part) if n % 2 == 0 else f"(?P<{part}>[^/]+?)" for n, part in enumerate(parts)
    ]
    return "".join(literal)
