"""Consents as FHIR R4 `Consent` resources (https://hl7.org/fhir/R4/consent.html)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.health_people.consents import consent_text
from gateway.health_people.tables import consents
from gateway.health_records.sections import LOINC, TITLES

_HL7 = "http://terminology.hl7.org/CodeSystem"
_STATES = {"active": "active", "refused": "rejected", "ended": "inactive"}


def consents_of(connection: Connection, patient_id: str) -> list[dict[str, Any]]:
    """Every consent of that patient which a carer decided on, the oldest first."""
    decided = select(consents).where(
        consents.c.patient_id == patient_id, consents.c.decided.is_not(None)
    )
    return [_consent(row) for row in connection.execute(decided.order_by(consents.c.created))]


def _consent(row: Row[Any]) -> dict[str, Any]:
    codes = json.loads(row.sections)
    period = {"start": _instant(row.decided)}
    if (until := row.ended or row.until) is not None:
        period["end"] = _instant(until)
    provision: dict[str, Any] = {
        "type": "permit",
        "period": period,
        "actor": [
            {
                "role": {"coding": [{"system": f"{_HL7}/v3-RoleCode", "code": "DELEGATEE"}]},
                "reference": {"display": row.name},
            }
        ],
        "action": [{"coding": [{"system": f"{_HL7}/consentaction", "code": "access"}]}],
    }
    if codes:
        provision["code"] = [
            {"coding": [{"system": LOINC, "code": code, "display": TITLES.get(code, code)}]}
            for code in codes
        ]
    return {
        "resourceType": "Consent",
        "id": row.consent_id,
        "meta": {"lastUpdated": _instant(row.ended or row.decided)},
        "status": _STATES[row.state],
        "scope": {"coding": [{"system": f"{_HL7}/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": LOINC, "code": "59284-0"}]}],
        "patient": {"reference": f"Patient/{row.patient_id}"},
        "dateTime": _instant(row.created),
        "performer": [{"reference": f"Patient/{row.patient_id}"}],
        "policyRule": {
            "coding": [{"system": "urn:ihanoi:consent-text", "code": row.text_version}],
            "text": _words(row.text_version),
        },
        "provision": provision,
    }


def _words(version: str) -> str:
    text = consent_text()
    return text["vi"] if version == text["version"] else version


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
