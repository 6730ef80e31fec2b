"""Which sign-ins stand: asked on every request, and answered from memory.

A sign-in's first request in a process, and one every five minutes, is written down; the ended ones
are read again each second. So an end counts at once in the process that took it, and within a
second in every other.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from gateway.database import Database
from gateway.repeating import beside, repeat
from gateway.security import Caller, ended
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
        self.at_provider: AtProvider | None = None

    async def admit(self, caller: Caller, user_agent: str | None) -> None:
        """Let a caller's sign-in through. Raises a 401 `Problem` when it was ended.

        Tokens of a provider that names no `sid` cannot be told apart: they end by their time.
        """
        if caller.sid is None:
            return
        label = label_of(user_agent) if caller.actor is None else AS_PERSONA
        seen = Seen.of(caller, caller.sid, label)
        if seen.session_id in self._ended or seen.session_id in self._ended_here:
            raise ended()
        if self._is_noted(seen.session_id):
            return
        now = self._settings.clock()
        if not await self._database.run(lambda connection: note(connection, seen, now)):
            self.end_now(frozenset({seen.session_id}))
            raise ended()

    def end_now(self, session_ids: frozenset[str]) -> None:
        """Refuse these from this moment on: before the next look, and though their rows may go."""
        now = self._monotonic()
        for session_id in session_ids:
            self._ended_here[session_id] = now
        oldest = now - LONGEST_TOKEN.total_seconds()
        while self._ended_here and next(iter(self._ended_here.values())) < oldest:
            self._ended_here.popitem(last=False)

    async def look(self) -> None:
        """Learn what other processes ended."""
        since = self._settings.clock() - LONGEST_TOKEN
        work = self._database.run
        self._ended = await work(lambda connection: ended_since(connection, since), write=False)

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
