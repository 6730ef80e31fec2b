"""The sandbox's sample reports, told relative to today so that they are always fresh."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from gateway.database import Database
from gateway.media_store import MediaStore
from gateway.service_requests import records
from gateway.service_requests.agencies import agencies
from gateway.service_requests.draft import NewServiceRequest
from gateway.service_requests.officers import sandbox_officers
from gateway.service_requests.sandbox_photos import photo
from gateway.service_requests.submission import record_of
from gateway.service_requests.tables import service_requests
from gateway.settings import Settings
from gateway.working_time import HANOI, working_days_before

_REGISTERS = Path(__file__).parent.parent / "registers"
_FILES = ("service_requests_sandbox.json", "sandbox.json")


def samples() -> list[dict[str, Any]]:
    """Every sample report of the register files."""
    found: list[dict[str, Any]] = []
    for name in _FILES:
        text = (_REGISTERS / name).read_text(encoding="utf-8")
        found += json.loads(text).get("service_requests", [])
    return found


def seed(settings: Settings, database: Database) -> None:
    """At the first start of a sandbox, record the sample reports; once anything is reported,
    nothing.
    """
    if not settings.sandbox:
        return
    with database.alone() as connection:
        if connection.execute(select(service_requests.c.subject).limit(1)).first() is None:
            store = MediaStore(settings.media_url)
            for sample in sorted(samples(), key=lambda item: moment_of(item, settings.clock())):
                _record(connection, store, sample, settings)


def _record(
    connection: Connection, store: MediaStore, sample: dict[str, Any], settings: Settings
) -> None:
    now = settings.clock()
    draft = NewServiceRequest.model_validate(
        {
            "service_code": sample["service_code"],
            "description": sample["description"],
            "address_string": sample["address"],
            "address_id": sample["ward_code"],
            "lat": str(sample["lat"]),
            "long": str(sample["long"]),
        }
    )
    values = record_of(draft, moment_of(sample, now), settings) | _beside(sample, settings)
    photos = [_stored(store, item) for item in sample.get("photos", [])]
    made = records.add(connection, sample["subject"], values, photos)
    for entry in sample["updates"]:
        handed = _agency(entry, settings) if entry["act"] == "transfer" else {}
        records.add_update(connection, made, _update(entry, now), **handed)


def _beside(sample: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """What a sample says of its handling beyond its updates."""
    kept: dict[str, Any] = {
        name: sample[name] for name in ("escalation", "overdue_reason") if name in sample
    }
    officer = sandbox_officers().get(sample.get("assigned", ""))
    if officer is not None:
        kept |= {"assigned_subject": officer.subject, "assigned_name": officer.name}
    return kept | (_agency(sample, settings) if "agency_code" in sample else {})


def _agency(item: dict[str, Any], settings: Settings) -> dict[str, str]:
    code = item["agency_code"]
    return {"agency_code": code, "agency_responsible": agencies(settings).name_of(code)}


def _stored(store: MediaStore, item: dict[str, str]) -> records.StoredPhoto:
    media_id = secrets.token_hex(16)
    store.put(media_id, photo(item["name"]))
    return records.StoredPhoto(media_id, item["description"], item["stage"])


def _update(entry: dict[str, Any], now: datetime) -> records.Update:
    return records.Update(
        entry["status_code"],
        moment_of(entry, now),
        entry["description"],
        entry["agency"],
        entry["actor"],
        act=entry["act"],
        reason_code=entry.get("reason_code", ""),
        actor_role=entry["actor_role"],
        agency_code=entry.get("agency_code", ""),
    )


def moment_of(entry: dict[str, Any], now: datetime) -> datetime:
    """`working_days_ago` or `days_ago` and `at` (HH:MM, 09:00 if absent) as a moment, never in
    the future.
    """
    today = now.astimezone(HANOI).date()
    if "working_days_ago" in entry:
        day = working_days_before(today, entry["working_days_ago"])
    else:
        day = today - timedelta(days=entry["days_ago"])
    at = time.fromisoformat(entry.get("at", "09:00"))
    return min(datetime.combine(day, at, HANOI), now)
