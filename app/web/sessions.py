"""Web sessions: one for each cookie, kept across reloads, tabs and restarts of the server."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from app.presence import Presence
from app.web.rows import Rows, SessionRow
from app.web.sealing import Seal
from app.web.session_stores import Preferences, SessionTokens
from services.identity import AuthorizationRequest, Identity, Person
from services.standing import ACCOUNT_ERASED, UNUSED, sign_in_of
from services.tokens import Tokens, TokenStore

DAY = 86_400.0

_current: ContextVar[WebSession | None] = ContextVar("web_session", default=None)


def current() -> WebSession | None:
    """The web session of the socket that `main(page)` or the running handler belongs to.

    None outside the web host: on phones, on the desktop, in a test without it.
    """
    return _current.get()


def enter(session: WebSession) -> None:
    """Make a session the current one of this task and of every task it starts."""
    _current.set(session)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things live, in seconds; `unused` is for visitors who never opened a socket, `left` for a sign-in
    that nobody uses.
    """

    idle: float = 30 * DAY
    absolute: float = 90 * DAY
    unused: float = DAY
    left: float = 30 * DAY
    sign_in: float = 600
    seen_every: float = 60


@dataclass(slots=True, eq=False, weakref_slot=True)
class WebSession:
    """One browser's session, shared by its tabs. `person` is None for a guest."""

    id: bytes = field(repr=False)
    created_at: float
    seen_at: float
    person: Person | None = field(repr=False)
    _sessions: WebSessions = field(repr=False)
    _identity: Identity | None = field(default=None, repr=False)
    noted_at: float = 0.0
    ended: bool = False
    held_by: str | None = field(default=None, repr=False)
    """Whose this session is, also after their sign-in ran out: the screens behind are theirs."""
    presence: Presence = field(default_factory=Presence, repr=False)

    @property
    def subject(self) -> str | None:
        """The OIDC `sub` of who is signed in."""
        return self.person.subject if self.person else None

    @property
    def preferences(self) -> Preferences:
        """Language, theme and text size of this browser."""
        return Preferences(self, self._sessions.rows)

    @property
    def tokens(self) -> TokenStore:
        """Where `services.identity` keeps this session's tokens, encrypted."""
        return SessionTokens(self, self._sessions)

    @property
    def identity(self) -> Identity:
        """The one Identity of this session: two tabs must not both spend a refresh token."""
        if self._identity is None:
            self._identity = self._sessions.identity_for(self.tokens)
        return self._identity

    def came_with(self, sign_ins: frozenset[str]) -> bool:
        """Whether one of these sign-ins is the one here, or was the last."""
        return self._identity is not None and self._identity.sign_in_id in sign_ins

    def unused_ends_in(self) -> float:
        """Seconds until the sign-in ends unless one of the tabs is used."""
        return self._sessions.left_of(self)

    async def end(self, onward: str | None = None) -> None:
        """Sign out: forget the tokens, close every socket and Flet session of this cookie.

        The browser then asks for `/signed-out`, which gives it a new cookie and sends it onward:
        to the address where the identity provider ends its own session, where it has one.
        """
        await self._sessions.sign_out(self, onward)


Renewed = Callable[[WebSession], None]
"""Called with a session that goes on under a new cookie."""
SigningIn = Callable[[Tokens], Awaitable[None]]
"""Called with the tokens of a sign-in before its session begins."""
Ended = Callable[[WebSession, bool], Awaitable[None]]
"""Called with a session that is over, and whether its resident signed out."""


class WebSessions:
    """Every web session of this host. The cookie's value is never stored, only its SHA-256."""

    def __init__(
        self,
        rows: Rows,
        seal: Seal,
        identity_for: Callable[[TokenStore], Identity],
        lifetimes: Lifetimes | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.rows = rows
        self.identity_for = identity_for
        self.lifetimes = lifetimes or Lifetimes()
        self.on_ended: list[Ended] = []
        self.on_renewed: list[Renewed] = []
        self.on_signing_in: list[SigningIn] = []
        self.farewells: dict[bytes, str] = {}
        self._seal = seal
        self._clock = clock
        self._live: WeakValueDictionary[bytes, WebSession] = WeakValueDictionary()

    async def create(self, preferences: str = "{}", tokens: Tokens | None = None) -> str:
        """Begin a session and return the new cookie's value: 256 random bits."""
        cookie = secrets.token_urlsafe(32)
        id_, now = _digest(cookie), self._clock()
        sealed = self.seal_tokens(id_, tokens) if tokens else None
        await asyncio.to_thread(self.rows.insert, SessionRow(id_, now, now, preferences, sealed))
        return cookie

    async def find(self, cookie: str | None) -> WebSession | None:
        """The session of a cookie; None for no cookie, an unknown one and an expired one."""
        if not cookie:
            return None
        row = await asyncio.to_thread(self.rows.find, _digest(cookie))
        session = self._live.get(row.id) if row else None
        if session is None and row is not None:
            session = self._live[row.id] = self._from_row(row)
        if session is None or self.expired(session):
            return None
        if session.person is not None and self.left_of(session) <= 0:
            await session.identity.expire(UNUSED)
        return session

    def left_of(self, session: WebSession) -> float:
        """Seconds until a sign-in that nobody uses ends."""
        return session.seen_at + self.lifetimes.left - self._clock()

    def expired(self, session: WebSession) -> bool:
        """Whether a session has ended, was idle for too long, or has reached its limit."""
        now, limits = self._clock(), self.lifetimes
        idle, age = now - session.seen_at, now - session.created_at
        return session.ended or idle > limits.idle or age > limits.absolute

    async def note_activity(self, session: WebSession) -> bool:
        """Mark a session as in use, if it still may be; the row follows by the minute."""
        if self.expired(session):
            return False
        session.seen_at = self._clock()
        if session.seen_at - session.noted_at >= self.lifetimes.seen_every:
            session.noted_at = session.seen_at
            await asyncio.to_thread(self.rows.set_seen_at, session.id, session.seen_at)
        return True

    async def sign_out(self, session: WebSession, onward: str | None = None) -> None:
        """End a session as its resident wishes; a guest's preferences are left of the row."""
        await session.tokens.clear()
        if onward and not session.ended:
            self.farewells[session.id] = onward
        await self._end(session, signed_out=True)

    async def replace(self, session: WebSession | None, tokens: Tokens | None = None) -> str:
        """End a session and begin one under a new cookie, with the same preferences."""
        row = await asyncio.to_thread(self.rows.find, session.id) if session else None
        cookie = await self.create(row.preferences if row else "{}", tokens)
        if session:
            await asyncio.to_thread(self.rows.delete, session.id)
            self.farewells.pop(session.id, None)
            await self._end(session, signed_out=False)
        return cookie

    async def sign_in(self, session: WebSession, tokens: Tokens) -> str:
        """The cookie after a sign-in, always a new one.

        Who signs in again where they were signed in before finds every screen as they left it;
        anybody else begins anew.
        """
        for prepare in self.on_signing_in:
            await prepare(tokens)
        if session.held_by != tokens.claims["sub"]:
            return await self.replace(session, tokens)
        row = await asyncio.to_thread(self.rows.find, session.id)
        cookie = await self.create(row.preferences if row else "{}", tokens)
        await asyncio.to_thread(self.rows.delete, session.id)
        self._rename(session, _digest(cookie), Person.from_claims(tokens.claims))
        await session.identity.adopt(tokens)
        for notify in self.on_renewed:
            notify(session)
        return cookie

    async def sweep(self) -> None:
        """End expired sessions that have open sockets, and remove expired rows."""
        for session in [each for each in self._live.values() if self.expired(each)]:
            await self._end(session, signed_out=False)
        await asyncio.to_thread(self._delete_expired)

    async def end_erased(self, sign_ins: frozenset[str]) -> None:
        """End the sessions of accounts that were erased: an open tab says so, and no row stays."""
        for session in [each for each in self._live.values() if each.came_with(sign_ins)]:
            await self._end_erased(session)
        for id_ in await asyncio.to_thread(self._rows_of, sign_ins):
            if live := self._live.get(id_):
                await self._end_erased(live)
            else:
                await asyncio.to_thread(self.rows.delete, id_)

    async def keep_sign_in(
        self, session: WebSession, request: AuthorizationRequest, next_: str
    ) -> None:
        """Keep a sign-in under way, for this session alone and for ten minutes."""
        state = _digest(request.state)
        sealed = self._seal.close(json.dumps([request.to_json(), next_]), f"sign_ins/{state.hex()}")
        await asyncio.to_thread(self.rows.add_sign_in, state, session.id, self._clock(), sealed)

    async def take_sign_in(
        self, session: WebSession, state: str
    ) -> tuple[AuthorizationRequest, str] | None:
        """Return the request and the page to go on to, once; None if another session began it."""
        key, since = _digest(state), self._clock() - self.lifetimes.sign_in
        sealed = await asyncio.to_thread(self.rows.take_sign_in, key, session.id, since)
        text = self._seal.open(sealed, f"sign_ins/{key.hex()}") if sealed else None
        if text is None:
            return None
        request, next_ = json.loads(text)
        return AuthorizationRequest.from_json(request), next_

    def seal_tokens(self, id_: bytes, tokens: Tokens) -> bytes:
        """Encrypt tokens for the row of this session."""
        return self._seal.close(tokens.to_json(), f"web_sessions/{id_.hex()}")

    def unseal(self, row: SessionRow) -> Tokens | None:
        """Decrypt a row's tokens; None for a guest, and when the host's key has changed."""
        text = self._seal.open(row.tokens, f"web_sessions/{row.id.hex()}") if row.tokens else None
        return Tokens.from_json(text) if text else None

    def _rename(self, session: WebSession, id_: bytes, person: Person) -> None:
        self._live.pop(session.id, None)
        self._live[id_] = session
        session.id, session.person, session.noted_at = id_, person, 0.0
        session.created_at = session.seen_at = self._clock()

    def _from_row(self, row: SessionRow) -> WebSession:
        tokens = self.unseal(row)
        person = Person.from_claims(tokens.claims) if tokens else None
        held_by = person.subject if person else None
        return WebSession(row.id, row.created_at, row.seen_at, person, self, held_by=held_by)

    async def _end(self, session: WebSession, *, signed_out: bool) -> None:
        session.ended = True
        self._live.pop(session.id, None)
        for notify in self.on_ended:
            await notify(session, signed_out)

    async def _end_erased(self, session: WebSession) -> None:
        session.held_by = None
        await session.identity.expire(ACCOUNT_ERASED)

    def _rows_of(self, sign_ins: frozenset[str]) -> list[bytes]:
        held = ((row.id, self.unseal(row)) for row in self.rows.signed_in())
        return [id_ for id_, tokens in held if tokens and sign_in_of(tokens.claims) in sign_ins]

    def _delete_expired(self) -> None:
        now, limits = self._clock(), self.lifetimes
        self.rows.delete_expired(
            created_before=now - limits.absolute,
            seen_before=now - limits.idle,
            unused_before=now - limits.unused,
        )
        self.rows.delete_old_sign_ins(now - limits.sign_in)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
