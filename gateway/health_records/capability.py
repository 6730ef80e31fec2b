"""The CapabilityStatement: the standard's place to say what a server can and cannot do."""

from __future__ import annotations

from typing import Any

from gateway.settings import Settings

SUMMARY = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"


def capability_statement(settings: Settings) -> dict[str, Any]:
    """What exists: reading one's own Patient and one's own summary, in JSON."""
    base = f"{settings.api_url}/fhir/R4"
    service = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-22",
        "kind": "instance",
        "software": {"name": "iHaNoi gateway"},
        "implementation": {"description": "iHaNoi, open build, not official", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "A resident reads their own record. Nothing is written here.",
                "security": {
                    "service": [{"coding": [{"system": service, "code": "OAuth"}]}],
                    "description": f"OpenID Connect at {settings.issuer}, scope health",
                },
                "resource": [
                    {
                        "type": "Patient",
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "versioning": "no-version",
                        "searchParam": [{"name": "_id", "type": "token"}],
                        "operation": [{"name": "summary", "definition": SUMMARY}],
                    }
                ],
            }
        ],
    }
