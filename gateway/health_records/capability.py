"""The CapabilityStatement and the SMART configuration: what this server can and cannot do."""

from __future__ import annotations

from typing import Any

from gateway.health_records.parameters import GENERATED, PARAMETERS
from gateway.health_records.reading import parameters_of, searched_types
from gateway.health_records.scopes import SCOPES
from gateway.settings import Settings

SUMMARY = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
_SMART = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def capability_statement(settings: Settings) -> dict[str, Any]:
    """Every type that is served, its interactions and search parameters, and the operations."""
    base = f"{settings.api_url}/fhir/R4"
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-26",
        "kind": "instance",
        "software": {"name": "iHaNoi gateway"},
        "implementation": {"description": "iHaNoi, open build, not official", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": (
                    "A resident reads their own record, and those they have a right to. A search "
                    "without `patient` is one of the caller's own record. Facilities send "
                    "transactions with a credential of their own and read nothing."
                ),
                "security": _security(settings),
                "resource": [_resource(kind) for kind in sorted((*PARAMETERS, *GENERATED))],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def _resource(kind: str) -> dict[str, Any]:
    interactions = [{"code": "read"}]
    searched = kind in searched_types()
    if searched:
        interactions.append({"code": "search-type"})
    found: dict[str, Any] = {
        "type": kind,
        "interaction": interactions,
        "versioning": "versioned" if kind in PARAMETERS else "no-version",
        "conditionalRead": "not-match",
    }
    if searched:
        parameters = parameters_of(kind).items()
        found["searchParam"] = [{"name": name, "type": said} for name, said in parameters]
    if kind == "Patient":
        found["operation"] = [
            {"name": "summary", "definition": SUMMARY},
            {"name": "everything", "definition": EVERYTHING},
        ]
    return found


def _security(settings: Settings) -> dict[str, Any]:
    service = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    addresses = {
        "authorize": f"{settings.issuer}/authorize",
        "token": f"{settings.issuer}/token",
        "revoke": f"{settings.issuer}/revoke",
    }
    parts = [{"url": name, "valueUri": address} for name, address in addresses.items()]
    return {
        "extension": [{"url": _SMART, "extension": parts}],
        "service": [{"coding": [{"system": service, "code": "SMART-on-FHIR"}]}],
        "description": f"OpenID Connect at {settings.issuer}, SMART scopes or the scope health",
    }


def smart_configuration(settings: Settings) -> dict[str, Any]:
    """What a SMART client discovers (SMART App Launch 2.2, section on conformance)."""
    issuer = settings.issuer
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/jwks.json",
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "revocation_endpoint": f"{issuer}/revoke",
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "scopes_supported": ["openid", "profile", "offline_access", "health", *SCOPES],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "capabilities": [
            "launch-standalone",
            "client-public",
            "permission-offline",
            "permission-patient",
            "permission-v2",
        ],
    }
