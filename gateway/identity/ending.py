"""Ending sign-ins from outside the provider: in the sandbox the gateway lives beside it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from gateway.identity.grants import revoke
from gateway.identity.tables import grants
from gateway.sessions.tables import session_id_of
from gateway.settings import Settings


def ending(settings: Settings) -> Callable[[Connection, str, frozenset[str]], None]:
    """Makes what revokes a subject's grants by the gateway's names of them."""

    def end(connection: Connection, subject: str, session_ids: frozenset[str]) -> None:
        now = int(settings.clock().timestamp())
        mine = select(grants.c.grant_id).where(
            grants.c.subject == subject, grants.c.revoked_at.is_(None)
        )
        for grant_id in list(connection.scalars(mine)):
            if session_id_of(subject, grant_id) in session_ids:
                revoke(connection, grant_id, now)

    return end
