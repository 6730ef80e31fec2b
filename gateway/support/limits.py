"""How much one may send, and how many codes one may try."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, Select, func, select

from gateway.problems import Problem
from gateway.settings import SupportRules
from gateway.support.tables import cases, messages, openings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNKNOWN_CODE, PERSONA = "unknown_code", "persona"


def hold_back_bundles(db: Connection, subject: str, rules: SupportRules, now: datetime) -> None:
    """Raise a 429 `Problem` when this resident has sent enough bundles for a day."""
    mine = select(cases.c.created).where(cases.c.subject == subject, cases.c.created > now - DAY)
    _hold_back(db, mine, rules.bundles_per_day, DAY, now, "too-many-bundles")


def hold_back_messages(db: Connection, subject: str, rules: SupportRules, now: datetime) -> None:
    """Raise a 429 `Problem` when this resident has written enough for an hour."""
    of_mine = messages.c.case_id == cases.c.case_id, cases.c.subject == subject
    written = select(messages.c.at).where(*of_mine, messages.c.author == "resident")
    recent = written.where(messages.c.at > now - HOUR)
    _hold_back(db, recent, rules.messages_per_hour, HOUR, now, "too-many-messages")


def hold_back_codes(db: Connection, actor: str, rules: SupportRules, now: datetime) -> None:
    """Raise a 429 `Problem` when this one of the staff tried too many codes that are none."""
    tried = _acts(actor, UNKNOWN_CODE, now)
    _hold_back(db, tried, rules.unknown_codes_per_hour, HOUR, now, "too-many-support-codes")


def hold_back_personas(db: Connection, actor: str, rules: SupportRules, now: datetime) -> None:
    """Raise a 429 `Problem` when this one of the staff opened the app as residents too often."""
    begun = _acts(actor, PERSONA, now)
    _hold_back(db, begun, rules.personas_per_hour, HOUR, now, "too-many-personas")


def _acts(actor: str, act: str, now: datetime) -> Select[tuple[datetime]]:
    mine = openings.c.actor_subject == actor, openings.c.act == act
    return select(openings.c.at).where(*mine, openings.c.at > now - HOUR)


def _hold_back(
    db: Connection,
    moments: Select[tuple[datetime]],
    most: int,
    span: timedelta,
    now: datetime,
    slug: str,
) -> None:
    within = moments.subquery()
    count, oldest = db.execute(
        select(func.count(), func.min(within.c[0])).select_from(within)
    ).one()
    if count < most:
        return
    wait = max(1, ceil((oldest + span - now).total_seconds()))
    title = "Too much of this in a short time"
    raise Problem(429, slug, title, headers={"Retry-After": str(wait)})
