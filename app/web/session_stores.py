"""What one web session keeps in its row: preferences in the open, tokens sealed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.web.rows import Rows
from services.identity import Person
from services.tokens import Tokens

if TYPE_CHECKING:
    from app.web.sessions import WebSession, WebSessions

PREFERENCES_LIMIT = 4096
"""Characters of JSON one session may keep as preferences."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A small JSON object that outlives reloads, tabs and restarts, for guests too."""

    _session: WebSession
    _rows: Rows

    async def load(self) -> dict[str, Any]:
        """Return what was saved, `{}` at first."""
        row = await asyncio.to_thread(self._rows.find, self._session.id)
        return dict(json.loads(row.preferences)) if row else {}

    async def save(self, preferences: dict[str, Any]) -> None:
        """Replace what is saved; raises ValueError beyond 4096 characters of JSON."""
        text = json.dumps(preferences, ensure_ascii=False)
        if len(text) > PREFERENCES_LIMIT:
            raise ValueError("preferences are too long")
        await asyncio.to_thread(self._rows.set_preferences, self._session.id, text)


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """The TokenStore of one web session. After its end nothing can be saved any more."""

    _session: WebSession
    _sessions: WebSessions

    async def load(self) -> Tokens | None:
        """Return the tokens, or None when nobody is signed in here."""
        row = await asyncio.to_thread(self._sessions.rows.find, self._session.id)
        return self._sessions.unseal(row) if row else None

    async def save(self, tokens: Tokens) -> None:
        """Replace the tokens of a signed-in session."""
        if self._session.person is None:
            return
        self._session.person = Person.from_claims(tokens.claims)
        self._session.held_by = self._session.person.subject
        sealed = self._sessions.seal_tokens(self._session.id, tokens)
        await asyncio.to_thread(self._sessions.rows.set_tokens, self._session.id, sealed)

    async def clear(self) -> None:
        """Forget the tokens; the cookie is a guest's from now on."""
        self._session.person = None
        await asyncio.to_thread(self._sessions.rows.set_tokens, self._session.id, None)
