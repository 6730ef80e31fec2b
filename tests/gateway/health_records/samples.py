"""A small document of one patient, and where the shared real ones are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SHARED = Path(__file__).parents[4] / "shared" / "data" / "fhir"


def document(name: str = "Nguyễn Minh Anh", allergy: str = "Penicillin") -> dict[str, Any]:
    """A minimal document: a Composition that lists one allergy of one patient."""
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:test:{name}"},
        "type": "document",
        "timestamp": "2026-10-02T10:30:00+07:00",
        "entry": [
            {
                "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
                "resource": {
                    "resourceType": "Composition",
                    "status": "final",
                    "subject": {"reference": "Patient/1"},
                    "section": [
                        {
                            "title": "Allergies",
                            "code": {"coding": [{"system": "http://loinc.org", "code": "48765-2"}]},
                            "entry": [{"reference": "AllergyIntolerance/2"}],
                        }
                    ],
                },
            },
            {
                "fullUrl": "http://clinic.test/Patient/1",
                "resource": {"resourceType": "Patient", "id": "1", "name": [{"text": name}]},
            },
            {
                "fullUrl": "http://clinic.test/AllergyIntolerance/2",
                "resource": {
                    "resourceType": "AllergyIntolerance",
                    "id": "2",
                    "code": {"text": allergy},
                    "patient": {"reference": "Patient/1"},
                },
            },
        ],
    }
