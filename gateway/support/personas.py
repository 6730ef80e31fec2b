"""Personas: one of the staff opens the app as a resident of the sandbox. Nothing of it exists for a real city."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from gateway.problems import FieldError, invalid
from gateway.registers.population import Resident, sandbox_residents
from gateway.settings import SupportRules
from gateway.support.limits import PERSONA, hold_back_personas
from gateway.support.staff import ROLES, Staff
from gateway.support.tables import openings

Mint = Callable[[Resident, str, str], dict[str, Any]]
"""Gives tokens for a resident, the subject of who acts as them and the persona's id: the sandbox provider's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """As whom one of the staff opens the app, why, and with which faults switched on at first."""

    resident: str = field(repr=False)
    purpose: str
    faults: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """A persona that was logged, with the tokens it opens the app by."""

    persona_id: str
    resident: Resident
    ends: datetime
    tokens: dict[str, Any] = field(repr=False)


def may_be_opened() -> Sequence[Resident]:
    """Whoever signs in by themselves, but not support's own staff: their acts are logged by name."""
    return [one for one in sandbox_residents() if one.signs_in and not {*one.roles} & {*ROLES}]


def begin(
    db: Connection, staff: Staff, wanted: Wanted, rules: SupportRules, mint: Mint, now: datetime
) -> Begun:
    """Log a persona and give its tokens.

    Raises a 422 `Problem` for whom nobody can open, a 429 after too many within an hour.
    """
    hold_back_personas(db, staff.subject, rules, now)
    resident = next((one for one in may_be_opened() if one.key == wanted.resident), None)
    if resident is None:
        raise invalid([FieldError(field="resident", code="unknown")])
    persona_id = secrets.token_hex(16)
    tokens = mint(resident, staff.subject, persona_id)
    db.execute(
        insert(openings).values(
            opening_id=persona_id,
            act=PERSONA,
            case_id="",
            subject=resident.subject,
            code="",
            actor_subject=staff.subject,
            actor_name=staff.name,
            purpose=wanted.purpose,
            faults=json.dumps(wanted.faults),
            at=now,
        )
    )
    ends = now + timedelta(seconds=tokens["expires_in"])
    return Begun(persona_id, resident, ends, tokens)


def names() -> dict[str, str]:
    """The names of the sandbox's people by subject, for the supervisor's log."""
    return {one.subject: one.name for one in sandbox_residents()}
