"""Wrong passcodes: counted per account, and slowed down from the fifth in a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.identity.secret_values import same
from gateway.identity.tables import passcode_failures

FREE_FAILURES = 5
"""That many wrong passcodes in a row begin the waiting."""

FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class PasscodeResult:
    """`right`; `wrong` with the tries left before a wait; or `wait` until a Unix second."""

    outcome: Literal["right", "wrong", "wait"]
    tries_left: int = 0
    wait_until: int = 0


def wait_seconds(failures: int) -> int:
    """The wait after that many wrong passcodes in a row:
    none, then 30 s, doubled each time, at most 15 minutes.
    """
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return 0
    return int(min(FIRST_WAIT_SECONDS * 2 ** min(beyond, 10), LONGEST_WAIT_SECONDS))


def check(
    connection: Connection, subject: str, given: str, expected: str, now: int
) -> PasscodeResult:
    """Check one passcode of one account.

    While it waits not even the right passcode is looked at.
    """
    failures, wait_until = _hold(connection, subject)
    if wait_until > now:
        return PasscodeResult("wait", wait_until=wait_until)
    if same(given, expected):
        connection.execute(delete(passcode_failures).where(_of(subject)))
        return PasscodeResult("right")
    return _count(connection, subject, failures + 1, now)


def _count(connection: Connection, subject: str, failures: int, now: int) -> PasscodeResult:
    until = now + wait_seconds(failures)
    values = {"failures": failures, "wait_until": until}
    connection.execute(update(passcode_failures).where(_of(subject)).values(values))
    if until > now:
        return PasscodeResult("wait", wait_until=until)
    return PasscodeResult("wrong", tries_left=FREE_FAILURES - failures)


def _hold(connection: Connection, subject: str) -> tuple[int, int]:
    """Lock the account's row, made when missing:
    guesses sent at the same moment are counted one by one.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(passcode_failures).values(subject=subject, failures=0, wait_until=0)
    connection.execute(first.on_conflict_do_nothing())
    row = connection.execute(
        select(passcode_failures.c.failures, passcode_failures.c.wait_until)
        .where(_of(subject))
        .with_for_update()
    ).one()
    return row.failures, row.wait_until


def _of(subject: str) -> ColumnElement[bool]:
    return passcode_failures.c.subject == subject
