"""The form before it is filled in: what the registers know already, and what stands in the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from gateway.certificates import bodies, people, wire
from gateway.certificates.applications import identity_of
from gateway.certificates.office import Office
from gateway.certificates.people import Person, is_too_young
from gateway.certificates.words import mask_number
from gateway.registers.population import Resident
from gateway.working_time import after_working_days


async def compose(
    office: Office,
    subject: str,
    person: Person | None,
    in_process: Row[Any] | None,
    *,
    unmasked: bool = False,
) -> dict[str, Any]:
    """The prefilled form about that person; `in_process` is the application about them without a
    result.
    """
    applicant = await office.population.find(subject)
    rules = office.configuration
    deadline = after_working_days(office.settings.clock(), rules.working_days)
    fee, since = rules.fee_on(people.today(office))
    return {
        "certificate_type": 1,
        "certificate_types": [
            {"certificate_type": 1, "passcode": False},
            {"certificate_type": 2, "passcode": True},
        ],
        "person": wire.person(person.relation, person.child_id) if person else None,
        "identity": _identity(person.resident, unmasked=unmasked) if person else None,
        "children": [_child(office, child) for child in await people.children_of(office, subject)],
        "contact_phone": mask_number(applicant.phone) if applicant else None,
        "purposes": wire.purposes(),
        "deliveries": ["electronic"],
        "fee": {
            "amount": fee,
            "currency": "VND",
            "valid_from": since.isoformat() if since else None,
        },
        "payment_hours": rules.payment_hours,
        "working_days": rules.working_days,
        "minimum_age": rules.minimum_age,
        "expected_datetime": deadline.due.isoformat(),
        "limits": {
            "former_names": bodies.MOST_NAMES,
            "former_addresses": bodies.MOST_ADDRESSES,
            "text": bodies.LONGEST_TEXT,
            "message": bodies.LONGEST_MESSAGE,
        },
        "blocked_by": await _obstacles(office, subject, person, in_process),
    }


async def _obstacles(
    office: Office, subject: str, person: Person | None, in_process: Row[Any] | None
) -> list[dict[str, Any]]:
    obstacles: list[dict[str, Any]] = []
    if person is None:
        obstacles.append({"code": "identity_unknown"})
    elif is_too_young(office, person.resident):
        obstacles.append({"code": "too_young", "minimum_age": office.configuration.minimum_age})
    if in_process is not None:
        mine = in_process.subject == subject
        shown = {"application_id": in_process.application_id} if mine else {}
        obstacles.append({"code": "application_in_process", **shown})
    if not await office.register.is_up():
        obstacles.append({"code": "register_down"})
    return obstacles


def _child(office: Office, child: Person) -> dict[str, Any]:
    return {
        "child_id": child.child_id,
        "name": child.resident.name,
        "birthdate": child.resident.birthdate.isoformat(),
        "too_young": is_too_young(office, child.resident),
    }


def _identity(found: Resident, *, unmasked: bool) -> dict[str, str]:
    identity = identity_of(found)
    return identity if unmasked else wire.masked(identity)
