"""Binds every Flet session to the web session that created it, on the websocket itself.

Flet hands a dropped session to whoever shows its id. So the first message of each socket, the
registration, is read here: an id that belongs to another cookie is refused, an id that nobody owns
is taken out, and only then does Flet see the socket.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import flet as ft
from flet.messaging.session import Session as FletSession
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.cookies import SessionCookie
from app.web.sessions import WebSession, WebSessions, current, enter
from app.web.socket import NOT_OURS, OVER, POLICY, RENEWED, SIGNED_OUT, Socket


class Binding:
    """An ASGI app around Flet's websocket. `record_owner` is Flet's `before_main`."""

    def __init__(
        self, flet_socket: ASGIApp, sessions: WebSessions, cookie: SessionCookie, origin: str
    ) -> None:
        self._flet = flet_socket
        self._sessions = sessions
        self._cookie = cookie
        self._origin = origin
        self._owners: dict[str, tuple[WebSession, weakref.ref[FletSession]]] = {}
        self._sockets: dict[WebSession, set[Socket]] = {}
        self._expiring: set[asyncio.Task[None]] = set()
        sessions.on_ended.append(self.close_all)
        sessions.on_renewed.append(self.reopen_all)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket; anything that is not ours is refused before it is accepted."""
        session = await self._admit(scope)
        await receive()
        if session is None:
            await send({"type": "websocket.close", "code": POLICY})
            return
        await send({"type": "websocket.accept"})
        socket = Socket(session, self._sessions, receive, send)
        with self._open(socket):
            if await self._register(socket):
                enter(session)
                await self._flet(scope, socket.receive, socket.send)
        await socket.finish()

    async def record_owner(self, page: ft.Page) -> None:
        """Note whose a new Flet session is, before its client learns the id."""
        owner = current()
        assert owner is not None, "Flet's websocket was reached around the binding"
        self._forget_dead()
        self._owners[page.session.id] = (owner, weakref.ref(page.session))

    async def close_all(self, session: WebSession, signed_out: bool) -> None:
        """Close every socket of a session that is over, and let its Flet sessions expire now."""
        sockets = list(self._sockets.get(session, ()))
        for socket in sockets:
            socket.end(SIGNED_OUT if signed_out else OVER)
        for id_, (owner, flet_session) in list(self._owners.items()):
            if owner is session:
                del self._owners[id_]
                self._expire(flet_session(), sockets)

    def reopen_all(self, session: WebSession) -> None:
        """Close every socket that came with an older cookie; a tab of the new one connects again."""
        for socket in list(self._sockets.get(session, ())):
            socket.end(RENEWED)

    async def _admit(self, scope: Scope) -> WebSession | None:
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin != self._origin:
            return None
        return await self._sessions.find(self._cookie.read(scope))

    async def _register(self, socket: Socket) -> bool:
        registration = await socket.read_registration()
        if registration is None:
            return False
        asked = registration[1].get("session_id")
        owner = self._owners.get(asked) if asked else None
        if owner is None:
            registration[1]["session_id"] = None
        elif owner[0] is not socket.session:
            socket.end(NOT_OURS)
            return False
        socket.put_back(registration)
        return True

    @contextmanager
    def _open(self, socket: Socket) -> Iterator[None]:
        sockets = self._sockets.setdefault(socket.session, set())
        sockets.add(socket)
        try:
            yield
        finally:
            sockets.discard(socket)
            socket.served.set()
            if not sockets:
                self._sockets.pop(socket.session, None)

    def _expire(self, flet_session: FletSession | None, sockets: list[Socket]) -> None:
        if flet_session is None:
            return
        # Flet sets its own expiry when a socket goes, so ours has to come after it.
        task = asyncio.create_task(_expire_after(flet_session, sockets))
        self._expiring.add(task)
        task.add_done_callback(self._expiring.discard)

    def _forget_dead(self) -> None:
        for id_ in [id_ for id_, (_, session) in self._owners.items() if session() is None]:
            del self._owners[id_]


async def _expire_after(flet_session: FletSession, sockets: list[Socket]) -> None:
    await asyncio.gather(*(socket.served.wait() for socket in sockets))
    await flet_session.disconnect(0)
