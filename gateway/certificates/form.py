"""The form before it is filled in: what the registers know already, and what stands in the way."""

from __future__ import annotations

from typing import Any

from gateway.certificates import wire
from gateway.certificates.applications import identity_of
from gateway.certificates.office import Office
from gateway.certificates.words import mask_number
from gateway.registers.population import Resident
from gateway.working_time import HANOI, after_working_days


async def compose(
    office: Office, subject: str, in_process: str | None, *, unmasked: bool = False
) -> dict[str, Any]:
    """The prefilled form; `in_process` is the id of the resident's application without a result."""
    found = await office.population.find(subject)
    rules = office.configuration
    deadline = after_working_days(office.settings.clock(), rules.working_days)
    return {
        "certificate_type": 1,
        "identity": _identity(found, unmasked=unmasked) if found else None,
        "contact_phone": mask_number(found.phone) if found else None,
        "purposes": wire.purposes(),
        "deliveries": ["electronic"],
        "fee": {"amount": rules.fee, "currency": "VND"},
        "working_days": rules.working_days,
        "minimum_age": rules.minimum_age,
        "expected_datetime": deadline.due.isoformat(),
        "blocked_by": await _obstacles(office, found, in_process),
    }


def is_too_young(office: Office, resident: Resident) -> bool:
    """Whether the resident has not reached the age from which one may apply, today in Hà Nội."""
    today = office.settings.clock().astimezone(HANOI).date()
    return resident.age_on(today) < office.configuration.minimum_age


async def _obstacles(
    office: Office, found: Resident | None, in_process: str | None
) -> list[dict[str, Any]]:
    obstacles: list[dict[str, Any]] = []
    if found is None:
        obstacles.append({"code": "identity_unknown"})
    elif is_too_young(office, found):
        obstacles.append({"code": "too_young", "minimum_age": office.configuration.minimum_age})
    if in_process is not None:
        obstacles.append({"code": "application_in_process", "application_id": in_process})
    if not await office.register.is_up():
        obstacles.append({"code": "register_down"})
    return obstacles


def _identity(found: Resident, *, unmasked: bool) -> dict[str, str]:
    identity = identity_of(found)
    return identity if unmasked else wire.masked(identity)
