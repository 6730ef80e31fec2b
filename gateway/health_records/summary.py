"""The `$summary` of a patient: the stored document itself, or one made of all bundles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.health_records.bundles import digest
from gateway.health_records.merging import Placed, merge, reachable
from gateway.health_records.sections import (
    REQUIRED,
    TITLES,
    XHTML,
    codes,
    empty_section,
    head,
    key_of,
    section_of,
)
from gateway.health_records.store import StoredBundle

Section = dict[str, Any]


def summarize(patient_id: str, bundles: tuple[StoredBundle, ...]) -> str:
    """The document Bundle as JSON text.

    A single stored document comes back word for word, beside bundles that add nothing to a summary.
    """
    documents = [bundle for bundle in bundles if bundle.type == "document"]
    if len(documents) == 1 and documents[0].whole:
        known = {entry.digest for entry in documents[0].entries}
        others = [e for b in bundles if b is not documents[0] for e in b.entries]
        if not any(e.digest not in known and joins(json.loads(e.raw)) for e in others):
            return documents[0].text
    patient, merged = merge(bundles)
    composition = _compose(patient_id, patient, bundles, merged)
    raw = json.dumps(composition, ensure_ascii=False)
    address = f"urn:uuid:{composition['id']}"
    everything = {p.address: p for placed in merged for p in placed if p.type != "Composition"}
    entries = reachable(Placed(address, "Composition", raw), everything)
    opening = {
        "resourceType": "Bundle",
        "language": "vi",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": address},
        "type": "document",
        "timestamp": composition["date"],
    }
    inside = ",".join(f'{{"fullUrl":{json.dumps(e.address)},"resource":{e.raw}}}' for e in entries)
    return json.dumps(opening, ensure_ascii=False)[:-1] + f', "entry":[{inside}]}}'


def joins(resource: Mapping[str, Any]) -> bool:
    """Whether a resource no document lists takes a line in a summary by itself.

    A prescription that is over does not, and neither does a report that only gathers results.
    """
    match resource.get("resourceType"):
        case "MedicationRequest":
            return resource.get("status") in {"active", "on-hold"}
        case "DiagnosticReport":
            says = resource.get("conclusion") or resource.get("presentedForm")
            return bool(says) or not resource.get("result")
    return section_of(resource) is not None


def etag(summary: str) -> str:
    """A weak entity tag of the answer."""
    return f'W/"{digest(summary)[:32]}"'


def _compose(
    patient_id: str,
    patient: str,
    bundles: tuple[StoredBundle, ...],
    merged: list[list[Placed]],
) -> dict[str, Any]:
    sources = [[p for p in placed if p.type == "Composition"] for placed in merged]
    compositions = [p.resource for placed in sources for p in placed]
    authors = _unique(a for c in compositions for a in _list(c.get("author")))
    newest = max(bundle.received_at for bundle in bundles) if bundles else None
    return {
        "resourceType": "Composition",
        "id": _document_id(patient_id, bundles),
        "language": "vi",
        "text": {"status": "generated", "div": f"<div {XHTML}>Tóm tắt hồ sơ sức khỏe</div>"},
        "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
        "subject": {"reference": patient} if patient else {"display": "Không rõ"},
        "date": newest.isoformat(timespec="milliseconds") if newest else "",
        "author": authors or [{"display": "iHaNoi, bản mở"}],
        "title": "Tóm tắt hồ sơ sức khỏe",
        "section": list(_sections(merged)),
    }


def _document_id(patient_id: str, bundles: tuple[StoredBundle, ...]) -> str:
    """A name that is the same as long as the record is."""
    said = "".join(bundle.digest for bundle in bundles)
    found = digest(patient_id + said)
    return "-".join((found[:8], found[8:12], f"4{found[13:16]}", f"8{found[17:20]}", found[20:32]))


def _sections(merged: list[list[Placed]]) -> Iterator[Section]:
    """Each section once: what documents list, what none lists, what is required."""
    gathered: dict[str, list[Section]] = {}
    for placed in merged:
        compositions = [p.resource for p in placed if p.type == "Composition"]
        listed: set[str] = set()
        for composition in compositions:
            for section in _flat(composition):
                section.setdefault("author", _list(composition.get("author")))
                listed |= {str(e.get("reference")) for e in _objects(section.get("entry"))}
                gathered.setdefault(key_of(section), []).append(section)
        if not compositions:
            _gather_unlisted(gathered, placed, listed)
    for sources in gathered.values():
        yield sources[0] if len(sources) == 1 else _joined(sources)
    yield from (empty_section(code) for code in REQUIRED if code not in gathered)


def _gather_unlisted(
    gathered: dict[str, list[Section]], placed: list[Placed], listed: set[str]
) -> None:
    found: dict[str, list[dict[str, str]]] = {}
    for place in placed:
        code = section_of(place.resource) if joins(place.resource) else None
        if code is not None and place.address not in listed:
            found.setdefault(code, []).append({"reference": place.address})
    for code, references in found.items():
        section = {**head(code, f"{TITLES[code]}: {len(references)} mục"), "entry": references}
        gathered.setdefault(code, []).append(section)


def _joined(sources: list[Section]) -> Section:
    """One section of several: all entries, all words, and a reason to be empty only if all are."""
    joined: Section = {name: sources[0][name] for name in ("title", "code") if name in sources[0]}
    divs = [str(text.get("div", "")) for s in sources if isinstance(text := s.get("text"), dict)]
    joined["text"] = {"status": "generated", "div": f"<div {XHTML}>{''.join(divs)}</div>"}
    entries = _unique(e for s in sources for e in _list(s.get("entry")))
    authors = _unique(a for s in sources for a in _list(s.get("author")))
    reasons = [s["emptyReason"] for s in sources if s.get("emptyReason")]
    if authors:
        joined["author"] = authors
    if entries:
        joined["entry"] = entries
    elif reasons:
        said = [reason for reason in reasons if "nilknown" in codes(reason)]
        joined["emptyReason"] = (said or reasons)[0]
    return joined


def _flat(parent: Section, depth: int = 0) -> Iterator[Section]:
    for section in _objects(parent.get("section")):
        yield {name: value for name, value in section.items() if name != "section"}
        if depth < 5:
            yield from _flat(section, depth + 1)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _unique(values: Iterable[Any]) -> list[Any]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())
