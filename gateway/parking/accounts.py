"""The account that pays: in this build the sandbox's own balance, taken from exactly once a stay."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.parking.tables import accounts, charges
from gateway.problems import Problem


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount to take for a stay at a moment (UTC seconds)."""

    session_id: str
    subject: str = field(repr=False)
    amount: int
    at: int


def balance(connection: Connection, subject: str, opening: int) -> int:
    """What that resident holds; the account is opened with `opening` VND when it is new."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    opened = dialect.insert(accounts).values(subject=subject, balance=opening)
    connection.execute(opened.on_conflict_do_nothing())
    mine = select(accounts.c.balance).where(accounts.c.subject == subject)
    return int(connection.execute(mine).scalar_one())


def charge(connection: Connection, wanted: Charge, opening: int) -> int:
    """Take the amount; the balance after it. Raises a 409 `Problem` when there is not enough."""
    held = balance(connection, wanted.subject, opening)
    # Read and written in one statement: two stays that end at once cannot spend the same money.
    after = connection.execute(
        update(accounts)
        .where(accounts.c.subject == wanted.subject, accounts.c.balance >= wanted.amount)
        .values(balance=accounts.c.balance - wanted.amount)
        .returning(accounts.c.balance)
    ).scalar_one_or_none()
    if after is None:
        title = "The balance is too low"
        raise Problem(409, "balance-too-low", title, missing=wanted.amount - held)
    connection.execute(
        insert(charges).values(
            session_id=wanted.session_id,
            subject=wanted.subject,
            amount=wanted.amount,
            balance_after=after,
            charged_at=wanted.at,
        )
    )
    return int(after)


def top_up(connection: Connection, subject: str, amount: int, opening: int, largest: int) -> int:
    """Add sandbox money, never beyond `largest`; the balance after it."""
    before = balance(connection, subject, opening)
    after = max(before, min(before + amount, largest))
    connection.execute(update(accounts).where(accounts.c.subject == subject).values(balance=after))
    return after


def balance_after(connection: Connection, subject: str, session_id: str) -> int | None:
    """What was left after that resident's stay was paid, or None."""
    found = select(charges.c.balance_after).where(
        charges.c.subject == subject, charges.c.session_id == session_id
    )
    left = connection.execute(found).scalar_one_or_none()
    return None if left is None else int(left)
