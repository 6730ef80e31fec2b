"""Writes International Patient Summaries: resources with stable addresses, sections around them."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from gateway.health_records.sections import LOINC, empty_section, head

Resource = dict[str, Any]

SYSTEMS = {
    "sct": "http://snomed.info/sct",
    "atc": "http://www.whocc.no/atc",
    "icd": "http://hl7.org/fhir/sid/icd-10",
    "loinc": LOINC,
}
ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
_HL7 = "http://terminology.hl7.org/CodeSystem"
_IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition"


@dataclass(slots=True)
class Writer:
    """One document being written; `seed` makes every address the same each time."""

    seed: str
    entries: dict[str, Resource] = field(default_factory=dict)
    sections: list[Resource] = field(default_factory=list)

    def add(self, resource_type: str, name: str, /, **content: Any) -> Resource:
        """Put a resource in and give back a reference to it. The same name is put in once."""
        identity = uuid5(NAMESPACE_URL, f"ihanoi sandbox {self.seed} {resource_type} {name}")
        address = f"urn:uuid:{identity}"
        kept = {key: value for key, value in content.items() if value not in (None, [], "")}
        resource = {"resourceType": resource_type, "id": str(identity), **kept}
        self.entries.setdefault(address, resource)
        return {"reference": address}

    def section(self, code: str, references: Iterable[Resource], author: Resource | None) -> None:
        """Add a section with these entries, or one that says that nothing is known."""
        found = list(references)
        if not found:
            self.sections.append(empty_section(code))
            return
        lines = "".join(f"<li>{html.escape(self._words(one))}</li>" for one in found)
        section = {**head(code, f"<ul>{lines}</ul>"), "entry": found}
        self.sections.append({**section, "author": [author]} if author else section)

    def bundle(self, identifier: str, date: str, composition: Resource) -> Resource:
        """The document Bundle, its Composition first."""
        identity = uuid5(NAMESPACE_URL, f"ihanoi sandbox {self.seed} Composition")
        whole = {
            "resourceType": "Composition",
            "id": str(identity),
            "meta": {"profile": [f"{_IPS}/Composition-uv-ips"]},
            "language": "vi",
            "status": "final",
            "type": concept("Tóm tắt bệnh án", ("loinc", "60591-5", "Patient summary Document")),
            "date": date,
            **composition,
            "section": self.sections,
        }
        entries = {f"urn:uuid:{identity}": whole, **self.entries}
        return {
            "resourceType": "Bundle",
            "meta": {"profile": [f"{_IPS}/Bundle-uv-ips"]},
            "language": "vi",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": identifier},
            "type": "document",
            "timestamp": date,
            "entry": [{"fullUrl": a, "resource": r} for a, r in entries.items()],
        }

    def _words(self, reference: Resource) -> str:
        resource = self.entries[reference["reference"]]
        advice = resource.get("recommendation", [{}])[0]
        names = ("code", "vaccineCode", "medicationCodeableConcept", "reasonCode")
        found: Any = next((r[n] for r in (resource, advice) for n in names if n in r), {})
        first = found[0] if isinstance(found, list) else found
        return str(first.get("text") or resource.get("title", ""))


def concept(text: str, *codings: Iterable[str]) -> Resource:
    """A CodeableConcept: Vietnamese words, and codings as (short system, code, its own display)."""
    found = [
        {"system": SYSTEMS[system], "code": code, "display": display}
        for system, code, display in codings
    ]
    return {"coding": found, "text": text}


def hl7(system: str, code: str) -> Resource:
    """A concept of one of HL7's own code systems, such as condition-clinical."""
    return {"coding": [{"system": f"{_HL7}/{system}", "code": code}]}


def none_known(code: str) -> Resource:
    """The concept by which an International Patient Summary says that there is none."""
    return {"coding": [{"system": ABSENT, "code": code}], "text": "Không có"}


def measure(value: float, unit: str, ucum: str) -> Resource:
    """A Quantity in UCUM."""
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": ucum}
