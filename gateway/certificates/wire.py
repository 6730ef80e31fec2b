"""The JSON of the certificates' operations: models in, plain dictionaries out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from gateway.certificates.words import AUTHORITY, PURPOSES, mask_number, verify_url
from gateway.working_time import HANOI

_PHONE = re.compile(r"(?:\+84|0)([0-9]{9})")


def _phone(value: str) -> str:
    """Ten digits beginning with 0, from any of the ways people write a number."""
    found = _PHONE.fullmatch(re.sub(r"[ .-]", "", value))
    if found is None:
        raise PydanticCustomError("not_a_phone_number", "Ten digits beginning with 0")
    return f"0{found[1]}"


def _purpose(value: str) -> str:
    if value not in PURPOSES:
        raise PydanticCustomError("unknown_purpose", "One of the purposes of the form")
    return value


class ApplicationBody(BaseModel):
    """What a resident sends to apply; without a phone number the registered one is used."""

    model_config = ConfigDict(extra="forbid", strict=True)

    certificate_type: Literal[1]
    purpose: Annotated[str, AfterValidator(_purpose)]
    contact_phone: Annotated[str, AfterValidator(_phone)] | None = None
    delivery: Literal["electronic"] = "electronic"


class CodeBody(BaseModel):
    """The short code printed on a certificate."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str


def moment(seconds: float) -> str:
    """Unix seconds as ISO 8601 in Hà Nội's time."""
    return datetime.fromtimestamp(seconds, HANOI).isoformat(timespec="seconds")


def purposes() -> list[dict[str, str]]:
    """The coded purposes in both languages."""
    return [{"code": code, "vi": vi, "en": en} for code, (vi, en) in PURPOSES.items()]


def application(row: Row[Any], states: Sequence[Row[Any]], public_url: str) -> dict[str, Any]:
    """One application with its history and, once there is one, its certificate."""
    vi, en = PURPOSES[row.purpose]
    return {
        "application_id": row.application_id,
        "certificate_type": row.certificate_type,
        "purpose": {"code": row.purpose, "vi": vi, "en": en},
        "delivery": row.delivery,
        "contact_phone": mask_number(row.contact_phone),
        "fee": {"amount": row.fee, "currency": "VND"},
        "status": row.status,
        "note": row.note,
        "reason": row.reason,
        "agency_responsible": AUTHORITY,
        "submitted_datetime": moment(row.submitted_at),
        "expected_datetime": moment(row.due_at),
        "working_days": row.working_days,
        "identity": masked(row.identity),
        "history": [
            {"status": state.status, "datetime": moment(state.at), "actor": state.actor}
            for state in states
        ],
        "certificate": None if row.certificate_status is None else _certificate(row, public_url),
    }


def masked(identity: dict[str, str]) -> dict[str, str]:
    """An identity whose number shows its last three digits only."""
    return {**identity, "identity_number": mask_number(identity["identity_number"])}


def read(row: Row[Any]) -> dict[str, Any]:
    """One entry of the log of reads."""
    return {
        "datetime": moment(row.at),
        "kind": row.kind,
        "actor": row.actor,
        "verdict": row.verdict,
    }


def _certificate(row: Row[Any], public_url: str) -> dict[str, Any]:
    return {
        "number": row.number,
        "code": row.code,
        "verify_url": verify_url(public_url, row.code),
        "status": row.certificate_status,
        "issued_datetime": moment(row.issued_at),
        "ended_date": row.ended_on.isoformat() if row.ended_on else None,
        "name": row.identity["name"],
        "signer": AUTHORITY,
        "pages": row.pages,
        "size": row.size,
        "sha256": row.sha256,
    }
