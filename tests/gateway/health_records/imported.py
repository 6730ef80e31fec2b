"""What stands in the gateway after an import, as text, titles and references."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from gateway.database import Database
from gateway.health_records.store import find_patient, stored_bundles
from gateway.health_records.summary import summarize

SUBJECT = "test-minh-anh"


def text_of(database: Database, subject: str) -> str:
    def work(connection: Connection) -> str:
        patient_id = find_patient(connection, subject)
        assert patient_id is not None
        return summarize(patient_id, stored_bundles(connection, patient_id))

    return database.run_here(work)


def summary_of(database: Database, subject: str = SUBJECT) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(database, subject))
    return found


def titles_of(summary: dict[str, Any]) -> dict[str, int]:
    sections = summary["entry"][0]["resource"]["section"]
    return {s["code"]["coding"][0]["code"]: len(s.get("entry", [])) for s in sections}
