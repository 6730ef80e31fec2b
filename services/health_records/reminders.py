"""Appointments the resident wants to be reminded of: a day and which visit it is about, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as date_type

from services.health_records.appointments import FollowUp
from services.health_records.fhir import FhirDate, date, mapping, text
from services.health_records.trends import first_day
from services.vault import SubjectVault

TABLE = "health_reminders"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day to remember; `visit` names the visit in addresses, `patient_id` whose record it is in."""

    key: str
    at: FhirDate
    visit: str
    patient_id: str | None = None

    @property
    def day(self) -> date_type | None:
        """The day, or the first one of what is known of it."""
        return first_day(self.at)


class Reminders:
    """The resident's own, in the vault; they hold no word of the record, so the web keeps them too."""

    def __init__(self, vault: SubjectVault) -> None:
        self._vault = vault

    async def list(self) -> list[Reminder]:
        """Every reminder, the nearest day first."""
        found: list[Reminder] = []
        for key, value in (await self._vault.list(TABLE)).items():
            row = mapping(value)
            if (at := date(row.get("at"))) is not None:
                found.append(
                    Reminder(key, at, text(row.get("visit")), text(row.get("patient")) or None)
                )
        return sorted(found, key=lambda reminder: reminder.at.sort_key)

    async def set(self, follow_up: FollowUp, visit: str, patient_id: str | None) -> None:
        """Remember an appointment; a second time changes nothing."""
        row = {"at": follow_up.at.as_given, "visit": visit, "patient": patient_id or ""}
        await self._vault.put(TABLE, follow_up.key, row)

    async def remove(self, key: str) -> None:
        """Forget one; none there is no error."""
        await self._vault.delete(TABLE, key)
