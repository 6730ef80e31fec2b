"""The passcode of form No. 2: kept as a hash, guarded against guessing, and what it opens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from gateway.certificates.application_tables import openings
from gateway.certificates.tables import applications
from gateway.problems import Problem
from gateway.secret_file import keyed

OPEN_FOR = timedelta(minutes=10)
TRIES = 5
FIRST_LOCK, LONGEST_LOCK = 15 * 60.0, 24 * 3600.0
_RUNS = ("01234567890", "09876543210")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a right passcode gives: a token that opens one certificate until `expires_at`."""

    token: str = field(repr=False)
    expires_at: float


def is_too_simple(passcode: str) -> bool:
    """Six equal digits, or six that run up or down."""
    return len(set(passcode)) == 1 or any(passcode in run for run in _RUNS)


def hashed(secret: bytes, passcode: str) -> str:
    """The passcode as it is kept: scrypt over a keyed hash, so that the database alone is not
    enough to try all million of them.
    """
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_digest(secret, passcode, salt)}"


def matches(secret: bytes, passcode: str, kept: str) -> bool:
    """Whether that passcode gave the kept hash."""
    _, salt, digest = kept.split("$")
    return hmac.compare_digest(_digest(secret, passcode, bytes.fromhex(salt)), digest)


def begin(db: Connection, application: Row[Any], at: datetime) -> None:
    """Count the attempt before it is judged, so that attempts at once count too.

    Raises a 429 `Problem` with Retry-After while the passcode is locked.
    """
    now = at.timestamp()
    this = applications.c.application_id == application.application_id
    columns = applications.c.passcode_failures, applications.c.passcode_locked_until
    failures, locked_until = db.execute(select(*columns).where(this).with_for_update()).one()
    if locked_until > now:
        raise _locked(locked_until - now)
    failures += 1
    until = 0.0
    if failures >= TRIES:
        until = now + min(LONGEST_LOCK, FIRST_LOCK * 2.0 ** (failures - TRIES))
    db.execute(
        update(applications)
        .where(this)
        .values(passcode_failures=failures, passcode_locked_until=until)
    )


def succeed(db: Connection, application_id: str, at: datetime) -> Opening:
    """Forget the failures and open the certificate for ten minutes."""
    this = applications.c.application_id == application_id
    db.execute(
        update(applications).where(this).values(passcode_failures=0, passcode_locked_until=0.0)
    )
    db.execute(delete(openings).where(openings.c.expires_at < at.timestamp()))
    token, expires_at = secrets.token_urlsafe(24), (at + OPEN_FOR).timestamp()
    row = {"application_id": application_id, "expires_at": expires_at}
    db.execute(insert(openings).values(token_hash=_token_hash(token), **row))
    return Opening(token, expires_at)


def refuse(db: Connection, application_id: str) -> Problem:
    """The answer to a wrong passcode: how many tries are left, of the failures counted by now."""
    counted = select(applications.c.passcode_failures)
    failures = db.scalar(counted.where(applications.c.application_id == application_id)) or 0
    left = max(0, TRIES - failures)
    return Problem(403, "passcode-wrong", "This is not the passcode", attempts_left=left)


def demand(db: Connection, application: Row[Any], token: str | None, at: datetime) -> None:
    """Raise a 403 `Problem` unless the certificate needs no passcode or `token` opened it."""
    if application.passcode is None:
        return
    opened = select(openings.c.application_id).where(
        openings.c.token_hash == _token_hash(token or ""),
        openings.c.application_id == application.application_id,
        openings.c.expires_at > at.timestamp(),
    )
    if db.scalar(opened) is None:
        raise Problem(403, "passcode-required", "Open this with its passcode first")


def _digest(secret: bytes, passcode: str, salt: bytes) -> str:
    peppered = keyed(secret, "passcode", passcode).encode()
    return hashlib.scrypt(peppered, salt=salt, n=2**14, r=8, p=1, dklen=32).hex()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _locked(seconds: float) -> Problem:
    headers = {"Retry-After": str(max(1, ceil(seconds)))}
    return Problem(429, "passcode-locked", "Too many wrong passcodes", headers=headers)
