"""What goes over the wire about personas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.registers.population import Resident
from gateway.support.personas import Begun
from gateway.support.wire import Purpose, local

SLOWEST_SECONDS, FARTHEST_HOURS = 60, 72


class Faults(BaseModel):
    """What is switched on when the persona begins. The app makes them; the gateway only writes them down."""

    model_config = ConfigDict(strict=True, extra="forbid")

    slow_seconds: Annotated[int, Field(ge=0, le=SLOWEST_SECONDS)] = 0
    unavailable: bool = False
    expired: bool = False
    half_upload: bool = False
    clock_hours: Annotated[int, Field(ge=-FARTHEST_HOURS, le=FARTHEST_HOURS)] = 0
    no_storage: bool = False


class PersonaBody(BaseModel):
    """As whom, why, and with which faults."""

    model_config = ConfigDict(strict=True, extra="forbid")

    resident: Annotated[str, Field(min_length=1, max_length=64)]
    purpose: Purpose
    faults: Faults


class SandboxResident(BaseModel):
    """Somebody of the sandbox whom staff may open the app as: a line about them in both languages."""

    resident: str
    name: str
    acr: str
    about: str
    about_en: str


class SandboxResidents(BaseModel):
    """In the order of the register."""

    residents: list[SandboxResident]


class Persona(BaseModel):
    """A persona that was begun; the tokens are an answer of the token endpoint's form, and never logged."""

    persona_id: str
    name: str
    ends: datetime
    access_token: str
    token_type: str
    expires_in: int
    id_token: str


def described(one: Resident) -> SandboxResident:
    """A resident for the list."""
    return SandboxResident(
        resident=one.key,
        name=one.name,
        acr=one.acr,
        about=one.description["vi"],
        about_en=one.description["en"],
    )


def begun(one: Begun) -> Persona:
    """A persona with its tokens."""
    given = {name: one.tokens[name] for name in ("access_token", "token_type", "expires_in")}
    return Persona(
        persona_id=one.persona_id,
        name=one.resident.name,
        ends=local(one.ends),
        id_token=one.tokens["id_token"],
        **given,
    )
