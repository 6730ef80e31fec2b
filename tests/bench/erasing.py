"""How long an export and an erasure of a full resident take: `python -m tests.bench.erasing`.

The resident is the sandbox's fullest one, with 300 more reports, 900 photos and 5,000 messages.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

import gateway.identity  # noqa: F401  (its tables count too)
from gateway.asgi import prepare
from gateway.database import Database
from gateway.jobs import Job
from gateway.media_store import MediaStore
from gateway.privacy import erasures, exports
from gateway.privacy.erasing import measure
from gateway.registers.population import sandbox_residents
from gateway.service_requests.handling_tables import notices
from gateway.service_requests.sandbox_photos import photo
from gateway.service_requests.tables import media, service_requests
from gateway.settings import Settings

SCENE = "pothole"
REPORTS, PHOTOS, NOTICES = 300, 3, 5_000


def fill(connection: Connection, store: MediaStore, subject: str, settings: Settings) -> None:
    """Give the resident so many reports, photos and messages more."""
    some = connection.execute(select(service_requests).limit(1)).mappings().one()
    for number in range(REPORTS):
        named = {"service_request_id": f"HN-0101-{number:05d}", "subject": subject, "token": None}
        connection.execute(insert(service_requests).values({**some, **named}))
        for position in range(PHOTOS):
            _photo(connection, store, subject, named["service_request_id"], position, settings)
    rows: list[dict[str, Any]] = [
        {"notice_id": f"{n:032x}", "subject": subject, "kind": "note", "description": "Tin."}
        for n in range(NOTICES)
    ]
    now = settings.clock()
    connection.execute(insert(notices), [{**row, "created": now} for row in rows])


def _photo(
    connection: Connection,
    store: MediaStore,
    subject: str,
    report: str | None,
    position: int,
    settings: Settings,
) -> None:
    media_id = secrets.token_hex(16)
    store.put(media_id, photo(SCENE))
    row: dict[str, Any] = {"media_id": media_id, "subject": subject, "position": position}
    row |= {"service_request_id": report, "stage": "before", "description": ""}
    connection.execute(insert(media).values(**row, created=settings.clock()))


async def main() -> None:
    """Print the seconds of an export and of an erasure, and what they were of."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder))
        database = Database(settings.database_url)
        prepare(settings, database)
        store, subject = MediaStore(settings.media_url), sandbox_residents()[0].subject
        database.run_here(lambda db: fill(db, store, subject, settings))
        counted = database.run_here(lambda db: measure(db, subject), write=False)
        print(sum(one["number"] for one in counted["erased"] + counted["kept"]), "things")
        now = settings.clock()
        export_id = database.run_here(lambda db: exports.ask(db, subject, "vi", now))
        began = time.perf_counter()
        await exports.Exporting(settings, database, store).handle(_job(exports.JOB, export_id))
        row = database.run_here(lambda db: exports.get_mine(db, subject, export_id, now))
        print(f"export {time.perf_counter() - began:.1f} s, {(row.size or 0) / 1e6:.1f} MB")
        erasure_id = database.run_here(lambda db: erasures.ask(db, subject, now))
        began = time.perf_counter()
        await erasures.Erasing(settings, database, store).handle(_job(erasures.JOB, erasure_id))
        print(f"erasure {time.perf_counter() - began:.1f} s")
        database.close()


def _job(kind: str, reference: str) -> Job:
    return Job(1, kind, reference, 0, "")


if __name__ == "__main__":
    asyncio.run(main())
