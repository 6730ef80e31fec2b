"""What a filled section says: something is there, none (and who confirmed it), nothing known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.health_records.document import Document, Resource
from services.health_records.fhir import FhirDate, date, many, mapping, text
from services.health_records.items import Item
from services.health_records.narrative import text_of
from services.health_records.reading import concept_code, parties, recorded_by, when
from services.health_records.sections import Section, State

_PROCEDURE_RECORDED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Procedure.recorded"


@dataclass(slots=True)
class Draft:
    """A section while it is being filled: the document's sections of that code, their resources."""

    code: str
    sources: list[Mapping[str, object]] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    unreadable: int = 0


def close_section(
    document: Document,
    draft: Draft,
    items: tuple[Item, ...],
    unreadable: int,
    nones: list[Resource],
) -> Section[Any]:
    """Decide the state. Anything there, or anything unreadable, is never "none"."""
    words = "\n".join(filter(None, map(_narrative, draft.sources)))
    reasons = list(filter(None, map(_empty_reason, draft.sources)))
    said_in_words = bool(words) and not (draft.resources or reasons)
    state: State = "no_information"
    if items or unreadable or said_in_words:
        state = "present"
    elif nones or "nilknown" in reasons:
        state = "none_confirmed"
    by, on = "", None
    if state == "none_confirmed":
        by, on = _confirmation(document, nones[0] if nones else None, draft.sources)
    return Section(
        code=draft.code,
        state=state,
        items=items,
        unreadable=unreadable,
        confirmed_by=by,
        confirmed_on=on,
        empty_reason="" if state != "no_information" else next(iter(reasons), "unavailable"),
        title=next(filter(None, (text(source.get("title")) for source in draft.sources)), ""),
        narrative=words,
    )


def _confirmation(
    document: Document, none: Resource | None, sources: list[Mapping[str, object]]
) -> tuple[str, FhirDate | None]:
    """Who says "none" and when: the resource, else the section's author, else the document's."""
    composition = document.first("Composition")
    by, on = "", None
    if none is not None:
        by = recorded_by(document, none)
        moments = (
            when(none, stem)[0] for stem in ("performed", "effective", "onset", "occurrence")
        )
        given = (date(none.get(name)) for name in ("recordedDate", "dateAsserted"))
        on = next(filter(None, (*given, _recorded(none), *moments)), None)
    authors = [author for source in sources for author in many(source.get("author"))]
    attesters = [mapping(attester) for attester in many(composition.get("attester"))]
    signed = [attester.get("party") for attester in attesters]
    for references in (authors, signed, many(composition.get("author"))):
        by = by or ", ".join(parties(document, composition, references))
    attested = next(filter(None, (date(attester.get("time")) for attester in attesters)), None)
    return by, on or attested or date(composition.get("date"))


def _recorded(resource: Resource) -> FhirDate | None:
    """When a Procedure was recorded: R5's element, which R4 carries as an extension."""
    extensions = (mapping(extension) for extension in many(resource.get("extension")))
    found = (e.get("valueDateTime") for e in extensions if e.get("url") == _PROCEDURE_RECORDED)
    return next(filter(None, map(date, found)), None)


def _empty_reason(source: Mapping[str, object]) -> str:
    try:
        return concept_code(source, "emptyReason")
    except ValueError:
        return ""


def _narrative(source: Mapping[str, object]) -> str:
    return text_of(mapping(source.get("text")).get("div"))
