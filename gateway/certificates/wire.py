"""The JSON of the certificates' operations: rows in, plain dictionaries out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from gateway.certificates.words import AUTHORITY, PURPOSES, mask_number, verify_url
from gateway.working_time import HANOI

BEFORE_SIGNING = ("unpaid", "submitted", "received", "checking")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What belongs to an application: states, payment, letters, messages, and its child's id."""

    states: Sequence[Row[Any]]
    payment: Mapping[str, Any] | None
    letters: Sequence[Row[Any]]
    messages: Sequence[Row[Any]]
    child_id: str | None
    renewed_by: str | None
    public_url: str
    complain_days: int


def moment(seconds: float) -> str:
    """Unix seconds as ISO 8601 in Hà Nội's time."""
    return datetime.fromtimestamp(seconds, HANOI).isoformat(timespec="seconds")


def purposes() -> list[dict[str, str]]:
    """The coded purposes in both languages."""
    return [{"code": code, "vi": vi, "en": en} for code, (vi, en) in PURPOSES.items()]


def application(row: Row[Any], around: Surroundings) -> dict[str, Any]:
    """One application with its history and, once there is one, its certificate."""
    vi, en = PURPOSES[row.purpose]
    first_due = around.letters[0].due_before if around.letters else row.due_at
    return {
        "application_id": row.application_id,
        "certificate_type": row.certificate_type,
        "person": person(row.relation, around.child_id),
        "purpose": {"code": row.purpose, "vi": vi, "en": en},
        "delivery": row.delivery,
        "contact_phone": mask_number(row.contact_phone),
        "former_names": row.former_names or [],
        "former_addresses": row.former_addresses or [],
        "renews": row.renews,
        "renewed_by": around.renewed_by,
        "fee": {"amount": row.fee, "currency": "VND"},
        "payment": None if around.payment is None else payment(around.payment),
        "status": row.status,
        "note": row.note,
        "reason": row.reason,
        "agency_responsible": AUTHORITY,
        "submitted_datetime": moment(row.submitted_at),
        "expected_datetime": moment(row.due_at),
        "original_expected_datetime": moment(first_due),
        "working_days": row.working_days,
        "late": letter(around.letters[-1]) if around.letters else None,
        "letters": [letter(one) for one in around.letters],
        "identity": masked(row.identity),
        "history": [
            {"status": state.status, "datetime": moment(state.at), "actor": state.actor}
            for state in around.states
        ],
        "refusal": _refusal(row, around),
        "messages": [message(one) for one in around.messages],
        "actions": actions(row, around),
        "certificate": None if row.certificate_status is None else _certificate(row, around),
    }


def person(relation: str, child_id: str | None) -> dict[str, str]:
    """Whom it is about."""
    return {"relation": relation} | ({"child_id": child_id} if child_id else {})


def actions(row: Row[Any], around: Surroundings) -> list[str]:
    """What the resident may do with the application now."""
    able = []
    if row.status == "unpaid":
        able.append("pay")
    if row.status in BEFORE_SIGNING:
        able.append("withdraw")
    if row.status in {*BEFORE_SIGNING, "signing"}:
        able.append("answer" if row.note == "answer_needed" else "ask")
    if row.certificate_status is not None:
        able.append("open")
        if row.certificate_status == "valid" and row.credential is not None:
            able.append("present")
        if around.renewed_by is None:
            able.append("renew")
    return able


def payment(found: Mapping[str, Any]) -> dict[str, Any]:
    """One payment."""
    return {
        "payment_id": found["payment_id"],
        "amount": found["amount"],
        "currency": "VND",
        "status": found["status"],
        "qr": found["qr"],
        "provider": found["provider"],
        "sandbox": found["provider"] == "sandbox",
        "expires_datetime": moment(found["expires_at"]),
        "paid_datetime": moment(found["paid_at"]) if found["paid_at"] else None,
    }


def letter(row: Row[Any]) -> dict[str, Any]:
    """One letter of apology."""
    return {
        "letter": row.letter,
        "kind": "apology",
        "datetime": moment(row.at),
        "expected_datetime": moment(row.due_after),
    }


def message(row: Row[Any]) -> dict[str, Any]:
    """One question or answer."""
    return {
        "message_id": row.message_id,
        "author": row.author,
        "kind": row.kind,
        "text": row.text,
        "datetime": moment(row.at),
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
        "name": row.name,
    }


def _refusal(row: Row[Any], around: Surroundings) -> dict[str, Any] | None:
    if row.status != "refused":
        return None
    at = next(state.at for state in reversed(around.states) if state.status == "refused")
    until = datetime.fromtimestamp(at, HANOI).date() + timedelta(days=around.complain_days)
    return {
        "reason": row.reason,
        "text": row.refusal_text,
        "datetime": moment(at),
        "complain_to": AUTHORITY,
        "complain_until": until.isoformat(),
    }


def _certificate(row: Row[Any], around: Surroundings) -> dict[str, Any]:
    return {
        "number": row.number,
        "code": row.code,
        "certificate_type": row.certificate_type,
        "file_code": row.application_id,
        "verify_url": verify_url(around.public_url, row.code),
        "status": row.certificate_status,
        "issued_datetime": moment(row.issued_at),
        "ended_date": row.ended_on.isoformat() if row.ended_on else None,
        "ended_reason": row.ended_reason,
        "name": row.identity["name"],
        "signer": AUTHORITY,
        "pages": row.pages,
        "size": row.size,
        "sha256": row.sha256,
        "passcode": row.passcode is not None,
        "credential": row.credential is not None,
        "holder_key": row.holder_key is not None,
        "archived": row.archive_sha256 is not None,
        "level": "B-LTA" if row.archive_sha256 else "B-LT",
    }
