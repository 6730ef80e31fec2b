"""Which sign-ins stand, and whose account was erased: asked on every request, and answered from memory.

A sign-in's first request in a process, and one every five minutes, is written down; the ended ones
are read again each second. So an end counts at once in the process that took it, and within a
second in every other.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from gateway.database import Database
from gateway.privacy.remembering import digests, erased_since
from gateway.repeating import beside, repeat
from gateway.security import Caller, ended, erased
from gateway.sessions.labels import AS_PERSONA, label_of
from gateway.sessions.store import Seen, ended_since, note
from gateway.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

NOTED_SECONDS = 300.0
LOOK_SECONDS = 1.0
LONGEST_TOKEN = timedelta(days=1)
"""Longer than any provider lets an access token live: ended sign-ins are kept in mind so long."""
MOST_NOTED = 100_000

AtProvider = Callable[[Connection, str, frozenset[str]], None]
"""Ends the provider's own grants behind sign-ins of a subject, where the provider lives here."""


class Standing:
    """What one process knows of its callers' sign-ins."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._database, self._monotonic = settings, database, monotonic
        self._noted: OrderedDict[str, float] = OrderedDict()
        self._ended: frozenset[str] = frozenset()
        self._ended_here: OrderedDict[str, float] = OrderedDict()
        self._erased: Mapping[str, int] = {}
        self._digest_of: Callable[[str], str] | None = None
        self.at_provider: AtProvider | None = None

    async def admit(self, caller: Caller, user_agent: str | None) -> None:
        """Let a caller's sign-in through. Raises a 401 `Problem` when it was ended, or its account
        was erased.

        Tokens of a provider that names no `sid` cannot be told apart: one that was given out before
        the erasure is refused, an end elsewhere leaves them until their time.
        """
        erasure = self._erased_at(caller.subject)
        if erasure is not None and caller.issued < erasure:
            raise erased()
        if caller.sid is None:
            return
        label = label_of(user_agent) if caller.actor is None else AS_PERSONA
        seen = Seen.of(caller, caller.sid, label)
        over = erased if erasure is not None and caller.issued <= erasure else ended
        if seen.session_id in self._ended or seen.session_id in self._ended_here:
            raise over()
        if self._is_noted(seen.session_id):
            return
        now = self._settings.clock()
        if not await self._database.run(lambda connection: note(connection, seen, now)):
            self.end_now(frozenset({seen.session_id}))
            raise over()

    def end_now(self, session_ids: frozenset[str]) -> None:
        """Refuse these from this moment on: before the next look, and though their rows may go."""
        now = self._monotonic()
        for session_id in session_ids:
            self._ended_here[session_id] = now
        oldest = now - LONGEST_TOKEN.total_seconds()
        while self._ended_here and next(iter(self._ended_here.values())) < oldest:
            self._ended_here.popitem(last=False)

    async def look(self) -> None:
        """Learn what other processes ended, and whose accounts were erased."""
        since = self._settings.clock() - LONGEST_TOKEN

        def work(connection: Connection) -> tuple[frozenset[str], Mapping[str, int]]:
            return ended_since(connection, since), erased_since(connection, since)

        self._ended, self._erased = await self._database.run(work, write=False)

    def _erased_at(self, subject: str) -> int | None:
        """The Unix second of an account's erasure; as long as there was none it costs nothing."""
        if not self._erased:
            return None
        if self._digest_of is None:
            self._digest_of = digests(self._settings)
        return self._erased.get(self._digest_of(subject))

    def _is_noted(self, session_id: str) -> bool:
        now = self._monotonic()
        if now - self._noted.get(session_id, -NOTED_SECONDS) < NOTED_SECONDS:
            return True
        self._noted[session_id] = now
        self._noted.move_to_end(session_id)
        if len(self._noted) > MOST_NOTED:
            self._noted.popitem(last=False)
        return False


def watching(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Look every second while the block runs."""
    standing: Standing = app.state.standing
    return beside(repeat(standing.look, LOOK_SECONDS, "ended_sessions_not_read"))
