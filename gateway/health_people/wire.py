"""The bodies of the routes about people: what is accepted, and what is answered."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from gateway.health_people.consents import last_day
from gateway.health_records.sections import TITLES
from gateway.service_requests.draft import plain_text


def _section(code: str) -> str:
    if code not in TITLES:
        raise PydanticCustomError("unknown", "no such section")
    return code


Words = Annotated[str, AfterValidator(plain_text)]
"""Text a person typed: composed, without control characters, without blanks around it."""
Section = Annotated[str, AfterValidator(_section)]
_DAY = Field(pattern=r"^\d{4}-\d\d-\d\d$")


class Strict(BaseModel):
    """A body in which nothing may stand that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid")


class InviteBody(Strict):
    """Whom the patient lets read what, until which day (included); no sections is the whole record."""

    name: Annotated[Words, Field(min_length=2, max_length=200)]
    code_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    sections: list[Section] = Field(max_length=len(TITLES))
    until: Annotated[str, _DAY] | None = None
    text_version: str = Field(min_length=1, max_length=32)


class CodeBody(Strict):
    """An invitation's code as it was typed."""

    code: str = Field(min_length=8, max_length=40)


class DecisionBody(CodeBody):
    """What the carer decides about the invitation that a code opens."""

    decision: Literal["accept", "refuse"]
    text_version: str = Field(min_length=1, max_length=32)


class ConsentText(BaseModel):
    """The text of the consent in force."""

    version: str
    vi: str
    en: str


class Dependant(BaseModel):
    """A child of the caller; `ends_on` is the first day without the right."""

    patient_id: str
    name: str
    birthdate: date
    ends_on: date
    ended: bool


class Parent(BaseModel):
    """Somebody recorded as the caller's parent, until the caller turns 16."""

    name: str
    ends_on: date


class Consent(BaseModel):
    """A consent or an invitation. `name` is the carer's, in `cared_for` the patient's."""

    consent_id: str
    patient_id: str
    name: str
    sections: list[str]
    until: date | None
    state: Literal["invited", "active", "refused", "ended", "lapsed"]
    created: datetime
    code_until: datetime | None
    ended: datetime | None
    ended_by: str

    @classmethod
    def of(cls, row: Row[Any], now: datetime, name: str = "") -> Consent:
        """A row; one whose time is over, or whose code was never used, has lapsed."""
        over = row.until is not None and row.until <= now
        unused = row.state == "invited" and row.code_until <= now
        lapsed = row.state in ("invited", "active") and (over or unused)
        return cls(
            consent_id=row.consent_id,
            patient_id=row.patient_id,
            name=name or row.name,
            sections=json.loads(row.sections),
            until=last_day(row.until),
            state="lapsed" if lapsed else row.state,
            created=row.created,
            code_until=row.code_until if row.state == "invited" else None,
            ended=row.ended,
            ended_by=row.ended_by,
        )


class People(BaseModel):
    """Everybody a record is shared with, seen from the caller."""

    patient_id: str | None
    dependants: list[Dependant]
    parents: list[Parent]
    carers: list[Consent]
    past_carers: list[Consent]
    cared_for: list[Consent]


class OpenedInvitation(BaseModel):
    """What a code opened: whose record, which parts, until when, and what the patient agreed to."""

    consent_id: str
    patient_name: str
    sections: list[str]
    until: date | None
    text: ConsentText
