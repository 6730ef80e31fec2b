"""A record with one resource of every type that is served, and a value of every parameter."""

from __future__ import annotations

import base64
from typing import Any

from gateway.health_records.parameters import PARAMETERS

NAMES = tuple(PARAMETERS)
_LISTS = {
    "category", "component", "performer", "content", "reaction", "reasonCode", "name", "given",
    "alias", "recommendation", "vaccineCode ", "condition", "serviceType", "specialty", "modality",
    "payor", "result", "type ",
}  # fmt: skip


def whole_record(mark: str, name: str) -> dict[str, Any]:
    """A collection whose resources are called after `mark`, so that two records share no address."""
    entries = [
        {"fullUrl": address(mark, kind), "resource": _resource(mark, kind, name)} for kind in NAMES
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def address(mark: str, kind: str) -> str:
    """The fullUrl of the resource of that type."""
    return f"http://clinic.test/{mark}/{kind}/1"


def _resource(mark: str, kind: str, name: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": kind,
        "id": "1",
        "identifier": [{"system": "urn:test", "value": f"{kind}-{mark}"}],
    }
    for parameter in PARAMETERS[kind].values():
        if parameter.name not in {"identifier"}:
            for path in parameter.paths[:1]:
                _put(made, path.split("."), _value(parameter.kind))
    if "medicationReference" in made:
        made["medicationReference"] = {"reference": "Medication/1"}
    if kind == "Patient":
        made |= {"name": [{"text": f"{name} Mau", "family": "Mau", "given": ["Mau"]}]}
    elif kind == "Binary":
        made = {"resourceType": "Binary", "id": "1", "contentType": "application/pdf",
                "data": base64.b64encode(b"%PDF-mau").decode()}  # fmt: skip
    elif kind == "DocumentReference":
        made["content"] = [{"attachment": {"contentType": "mau", "url": "Binary/1"}}]
    if kind in {"AllergyIntolerance", "Immunization", "Claim"}:
        made["patient"] = {"reference": "Patient/1"}
    elif kind not in {"Patient", "Practitioner", "Organization", "Location", "Binary"}:
        made["subject"] = {"reference": "Patient/1"}
    return made


def _value(kind: str) -> Any:
    return {
        "token": {"coding": [{"system": "http://loinc.org", "code": "mau"}], "text": "Đường huyết"},
        "date": "2026-05-12",
        "string": "Mau",
        "reference": {"reference": "Encounter/1"},
    }[kind]


def _put(target: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        found = target.setdefault(name, {})
        target = found[0] if isinstance(found, list) else found
    target.setdefault(path[-1], value)
