"""Observations and reports as a flat list of `Result`: panels and components taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from services.health_records.document import Document, Resource
from services.health_records.fhir import (
    UnreadableError,
    date,
    many,
    mapping,
    paragraph,
    quantity,
    text,
)
from services.health_records.items import ReferenceRange, Result
from services.health_records.reading import common, concept_code, status_code, when

_REFUSED_STATUS = frozenset({"entered-in-error", "cancelled"})


def read_results(
    document: Document, resource: Resource, seen: set[int]
) -> Iterator[Result | UnreadableError]:
    """Every value of an Observation or DiagnosticReport and of its members, each resource once.

    What cannot be read is yielded as the error. `seen` holds the identities already read.
    """
    waiting = [(resource, "")]
    while waiting:
        current, panel = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        title, found = _take_apart(document, current, panel)
        yield from found
        waiting += [(member, title) for member in reversed(members(document, current))]


def members(document: Document, resource: Resource) -> list[Resource]:
    """The resources a panel or report is made of, without itself."""
    found = (
        document.resolve(reference, resource)
        for name in ("hasMember", "result")
        for reference in many(resource.get(name))
    )
    return [member for member in found if member is not None and member is not resource]


def _take_apart(
    document: Document, resource: Resource, panel: str
) -> tuple[str, list[Result | UnreadableError]]:
    try:
        if status_code(resource) in _REFUSED_STATUS:
            return panel, []
        own = _read(document, resource, panel)
    except UnreadableError as error:
        return panel, [error]
    parts = list(_parts(document, resource, own))
    is_only_a_heading = not own.value and bool(parts or members(document, resource))
    return own.title, parts if is_only_a_heading else [own, *parts]


def _read(document: Document, resource: Resource, panel: str) -> Result:
    about = resource.get("code")
    if resource.get("resourceType") == "DiagnosticReport" and not document.concept(about):
        about = next(iter(many(resource.get("category"))), about)
    fields = common(document, resource, about, "code", status_code(resource))
    start, end = when(resource, "effective")
    found = value_result(document, resource, fields)
    return replace(
        found,
        date=start or date(resource.get("issued")),
        end=end,
        value=found.value or paragraph(resource.get("conclusion")),
        panel=panel,
    )


def value_result(document: Document, element: Resource, fields: dict[str, Any]) -> Result:
    """The value, limits and interpretation of an Observation or one of its components."""
    interpretations = [mapping(i) for i in many(element.get("interpretation"))]
    first = interpretations[0] if interpretations else {}
    ranges = tuple(
        ReferenceRange(quantity(r.get("low")), quantity(r.get("high")), text(r.get("text")))
        for r in map(mapping, many(element.get("referenceRange")))
    )
    code = concept_code({"interpretation": first}, "interpretation") if first else ""
    return Result(
        **fields,
        quantity=quantity(element.get("valueQuantity")),
        value=_value(document, element),
        absent_reason=document.concept(element.get("dataAbsentReason")),
        interpretation=code,
        interpretation_text=document.concept(first),
        reference_ranges=tuple(r for r in ranges if r.low or r.high or r.text),
    )


def _parts(
    document: Document, resource: Resource, own: Result
) -> Iterator[Result | UnreadableError]:
    for place, value in enumerate(many(resource.get("component"))):
        component = mapping(value)
        title = document.concept(component.get("code"))
        if not title:
            yield UnreadableError("component")
            continue
        fields: dict[str, Any] = {
            "key": f"{own.key}-{place}",
            "resource_type": own.resource_type,
            "address": own.address,
            "title": title,
            "status": own.status,
            "codes": document.codes(component.get("code")),
        }
        try:
            part = value_result(document, component, fields)
        except UnreadableError as error:
            yield error
            continue
        yield replace(part, date=own.date, end=own.end, panel=own.title)


def _value(document: Document, element: Resource) -> str:
    """The value[x] in words. Raises `UnreadableError` when there is one of a wrong type."""
    for name, found in element.items():
        if name.startswith("value"):
            return _words(document, name, found)
    return ""


def _words(document: Document, name: str, found: object) -> str:
    if name == "valueQuantity":
        amount = quantity(found)
        if amount is None and not _says_why_absent(found):
            raise UnreadableError(name)
        return amount.text if amount else ""
    if name == "valueCodeableConcept":
        words = document.concept(found)
    elif name in ("valueRange", "valueRatio"):
        words = _two_sided(found)
    elif isinstance(found, bool):
        words = "true" if found else "false"
    elif isinstance(found, int):
        words = str(found)
    else:
        words = paragraph(found) or text(mapping(found).get("start"))
    if not words:
        raise UnreadableError(name)
    return words


def _says_why_absent(found: object) -> bool:
    """Whether a Quantity without a number says so itself, by an extension of it or of its value."""
    return any(name in mapping(found) for name in ("extension", "_value"))


def _two_sided(found: object) -> str:
    sides = mapping(found)
    for first, second, sign in (("low", "high", " – "), ("numerator", "denominator", " / ")):
        parts = [q.text for name in (first, second) if (q := quantity(sides.get(name)))]
        if parts:
            return sign.join(parts)
    return ""
