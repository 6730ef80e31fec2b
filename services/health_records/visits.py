"""Visits (Encounter) with what belongs to each: diagnoses, results, medicines, papers, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.health_records.appointments import FollowUp, follow_ups_of
from services.health_records.document import Document, Resource, open_document
from services.health_records.fhir import (
    FhirDate,
    UnreadableError,
    date,
    many,
    mapping,
    paragraph,
    text,
)
from services.health_records.items import (
    Condition,
    Item,
    Medicine,
    Procedure,
    Result,
    Visit,
)
from services.health_records.readers import (
    read_condition,
    read_medicine,
    read_procedure,
    read_visit,
)
from services.health_records.reading import concept_code, key_of
from services.health_records.results import read_results

ItemT = TypeVar("ItemT", bound=Item)

_NOT_TO_SHOW = frozenset({"entered-in-error", "cancelled"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a visit: DocumentReference's attachment. `binary_id` is empty for another address."""

    key: str
    title: str
    content_type: str
    url: str
    binary_id: str = ""
    size: int | None = None
    date: FhirDate | None = None


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """A visit and what points at it. `conclusions` are the reports' and the plan's own words."""

    visit: Visit
    diagnoses: tuple[Condition, ...] = ()
    conclusions: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    papers: tuple[Paper, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    unreadable: int = 0


def visit_key(visit: Visit) -> str:
    """A visit's name in addresses: the same whether a summary or a search brought it."""
    start = visit.date.as_given if visit.date else ""
    return key_of(f"Encounter|{start}|{visit.title}")


def read_visits(resources: Mapping[str, Mapping[str, Any]]) -> tuple[VisitRecord, ...]:
    """Every visit among `Type/id` → resource, newest first; never raises."""
    entries = [{"fullUrl": name, "resource": found} for name, found in resources.items()]
    return visits_of(open_document({"entry": entries}, "vi"))


def visits_of(document: Document) -> tuple[VisitRecord, ...]:
    """Every visit of a document that can be read, newest first."""
    encounters = [
        e for e in document.resources("Encounter") if text(e.get("status")) not in _NOT_TO_SHOW
    ]
    belonging = _by_encounter(document)
    found = [
        record
        for encounter in encounters
        if (record := _visit(document, encounter, belonging.get(id(encounter), []))) is not None
    ]
    seen: Counter[str] = Counter()
    for place, record in enumerate(found):
        seen[record.visit.key] += 1
        if (times := seen[record.visit.key]) > 1:
            key = f"{record.visit.key}-{times}"
            found[place] = replace(record, visit=replace(record.visit, key=key))
    return tuple(sorted(found, key=_newest, reverse=True))


def _newest(record: VisitRecord) -> tuple[int, int, int, str]:
    return record.visit.date.sort_key if record.visit.date else (0, 0, 0, "")


def _by_encounter(document: Document) -> dict[int, list[Resource]]:
    """The resources that name each Encounter, by the Encounter's identity."""
    found: dict[int, list[Resource]] = {}
    plans: dict[int, int] = {}
    later: list[Resource] = []
    for _address, resource in document.entries:
        encounters = [document.resolve(r, resource) for r in _encounters_of(resource)]
        known = [e for e in encounters if e is not None and e.get("resourceType") == "Encounter"]
        for encounter in known:
            found.setdefault(id(encounter), []).append(resource)
            plans[id(resource)] = id(encounter)
        if not known and resource.get("resourceType") == "Appointment":
            later.append(resource)
    for appointment in later:
        for reference in (*many(appointment.get("basedOn")), *_reasons(appointment)):
            source = document.resolve(reference, appointment)
            if source is None:
                continue
            if source.get("resourceType") == "Encounter" or id(source) in plans:
                found.setdefault(plans.get(id(source), id(source)), []).append(appointment)
                break
    return found


def _reasons(appointment: Resource) -> list[object]:
    support = many(appointment.get("supportingInformation"))
    return [*many(appointment.get("reasonReference")), *support]


def _encounters_of(resource: Resource) -> Iterator[object]:
    yield from many(resource.get("encounter"))
    context = resource.get("context")
    yield from many(mapping(context).get("encounter"))
    if isinstance(context, dict) and "reference" in context:
        yield context


def _visit(document: Document, encounter: Resource, about: list[Resource]) -> VisitRecord | None:
    try:
        visit = read_visit(document, encounter)
    except UnreadableError:
        return None
    visit = replace(visit, key=visit_key(visit))
    unreadable: list[UnreadableError] = []
    diagnosed = (
        document.resolve(mapping(d).get("condition"), encounter)
        for d in many(encounter.get("diagnosis"))
    )
    conditions = _unique([*filter(None, diagnosed), *_of(about, "Condition")])
    plans = _of(about, "CarePlan")
    return VisitRecord(
        visit,
        diagnoses=_each(read_condition, document, conditions, unreadable),
        conclusions=tuple(_conclusions(about)),
        results=_results(document, about, unreadable),
        medicines=_each(read_medicine, document, _of(about, *_MEDICINES), unreadable),
        procedures=_each(read_procedure, document, _of(about, "Procedure"), unreadable),
        papers=tuple(p for r in _of(about, "DocumentReference") for p in _papers(document, r)),
        follow_ups=follow_ups_of(document, [*_of(about, "Appointment"), *plans], visit),
        unreadable=len(unreadable),
    )


_MEDICINES = ("MedicationRequest", "MedicationStatement", "MedicationAdministration")


def _of(resources: Iterable[Resource], *types: str) -> list[Resource]:
    wanted = (r for r in resources if r.get("resourceType") in types)
    return [r for r in wanted if text(r.get("status")) not in _NOT_TO_SHOW and not _wrong(r)]


def _wrong(resource: Resource) -> bool:
    try:
        return concept_code(resource, "verificationStatus") == "entered-in-error"
    except UnreadableError:
        return False


def _unique(resources: Iterable[Resource]) -> list[Resource]:
    return list({id(resource): resource for resource in resources}.values())


def _each(
    read: Any, document: Document, resources: Iterable[Resource], errors: list[UnreadableError]
) -> tuple[Any, ...]:
    found = []
    for resource in resources:
        try:
            found.append(read(document, resource))
        except UnreadableError as error:
            errors.append(error)
    return tuple(found)


def _results(
    document: Document, about: list[Resource], errors: list[UnreadableError]
) -> tuple[Result, ...]:
    seen: set[int] = set()
    found: list[Result] = []
    # Reports first, so that their results know what they belong to.
    for resource in (*_of(about, "DiagnosticReport"), *_of(about, "Observation")):
        for one in read_results(document, resource, seen):
            found.append(one) if isinstance(one, Result) else errors.append(one)
    return tuple(result for result in found if result.value)


def _conclusions(about: list[Resource]) -> Iterator[str]:
    said = (
        *(impression.get("summary") for impression in _of(about, "ClinicalImpression")),
        *(report.get("conclusion") for report in _of(about, "DiagnosticReport")),
        *(plan.get("description") for plan in _of(about, "CarePlan")),
        *(
            mapping(note).get("text")
            for p in _of(about, "CarePlan")
            for note in many(p.get("note"))
        ),
    )
    yield from dict.fromkeys(words for words in map(paragraph, said) if words)


def _papers(document: Document, reference: Resource) -> Iterator[Paper]:
    address = document.address(reference)
    name = text(reference.get("description")) or document.concept(reference.get("type"))
    for place, content in enumerate(map(mapping, many(reference.get("content")))):
        attachment = mapping(content.get("attachment"))
        url, size = text(attachment.get("url")), attachment.get("size")
        if not url:
            continue
        last_two = url.split("?")[0].rstrip("/").split("/")[-2:]
        yield Paper(
            key=key_of(f"{address}#{place}"),
            title=text(attachment.get("title")) or name,
            content_type=text(attachment.get("contentType")),
            url=url,
            binary_id=last_two[1] if last_two[0] == "Binary" else "",
            size=size if isinstance(size, int) and not isinstance(size, bool) else None,
            date=date(reference.get("date")) or date(attachment.get("creation")),
        )
