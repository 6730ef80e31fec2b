"""Residents who agreed to everything before a story begins that is about something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, select

from gateway.consents.ledger import AGREED, Decision, write
from gateway.consents.purposes import purposes
from gateway.consents.tables import consent_decisions
from gateway.database import Database
from gateway.registers.population import sandbox_residents
from gateway.settings import Settings

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOWHERE = Settings(Path("/nonexistent"))


def agree_to_everything(connection: Connection, subjects: Iterable[str]) -> None:
    """Write an agreement to each purpose down for each of them."""
    for purpose in purposes(NOWHERE).values():
        text = purpose.text
        made = Decision(
            subject="",
            decided_by="",
            purpose=purpose.purpose,
            decision=AGREED,
            text_version=text.version,
            text_digest=text.vi.digest,
            language="vi",
            way="asked",
            device="phone",
            client_id="ihanoi-app",
            decided=LONG_AGO,
            received=LONG_AGO,
            request_id="",
        )
        for subject in subjects:
            write(connection, replace(made, subject=subject, decided_by=subject))


def sandbox_subjects() -> list[str]:
    """Everybody of the sandbox."""
    return [resident.subject for resident in sandbox_residents()]


def forget_every_consent(connection: Connection) -> None:
    """As if nobody had been asked yet."""
    connection.execute(delete(consent_decisions))


def everybody_agreed(folder: Path) -> None:
    """In the started city of that folder, unless somebody has decided something there already."""
    database = Database(Settings(folder).database_url)
    with database.transaction() as connection:
        if not connection.scalar(select(func.count()).select_from(consent_decisions)):
            agree_to_everything(connection, sandbox_subjects())
    database.close()
