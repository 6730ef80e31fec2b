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
from typing import Any

import flet as ft
import msgpack
from flet.messaging.session import Session as FletSession
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.cookies import SessionCookie
from app.web.sessions import WebSession, WebSessions, current, enter

OVER, SIGNED_OUT, NOT_OURS, POLICY, GONE = 4401, 4402, 4403, 1008, 1006
"""Close codes. The page's script answers the first three, see assets/index.html."""

REGISTER_CLIENT, SESSION_CRASHED = 1, 6
FIRST_MESSAGE_SECONDS = 20.0
CRASHED = (
    "Có lỗi ở phía chúng tôi. Hãy tải lại trang.\n"
    "Something went wrong on our side. Please reload the page."
)


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


class Socket:
    """One open websocket: what Flet receives and sends passes through here."""

    def __init__(
        self, session: WebSession, sessions: WebSessions, receive: Receive, send: Send
    ) -> None:
        self.session = session
        self.served = asyncio.Event()
        self._sessions = sessions
        self._receive = receive
        self._send = send
        self._over: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting: list[Message] = [{"type": "websocket.connect"}]

    def end(self, code: int) -> None:
        """Close the socket; Flet sees its client disconnect."""
        if not self._over.done():
            self._over.set_result(code)

    async def finish(self) -> None:
        """Tell the client why, unless it is the one who left."""
        if self._over.done() and self._over.result() != GONE:
            await self._try_send({"type": "websocket.close", "code": self._over.result()})

    async def read_registration(self) -> list[Any] | None:
        """The first message, `[1, {"session_id": …}]`; None after ending a socket that sent another."""
        try:
            async with asyncio.timeout(FIRST_MESSAGE_SECONDS):
                message = await self._next()
        except TimeoutError:
            self.end(POLICY)
            return None
        registration = _unpack(message.get("bytes") or b"")
        if registration is None and message["type"] == "websocket.receive":
            self.end(POLICY)
        return registration

    def put_back(self, registration: list[Any]) -> None:
        """Let Flet read the checked registration."""
        packed = b"\0" + msgpack.packb(registration)
        self._waiting.append({"type": "websocket.receive", "bytes": packed})

    async def receive(self) -> Message:
        """Flet's `receive`: every message counts as activity, and none passes once it is over."""
        if self._waiting:
            return self._waiting.pop(0)
        message = await self._next()
        if message["type"] == "websocket.receive":
            if not await self._sessions.note_activity(self.session):
                self.end(OVER)
            elif not message.get("bytes") or _action(message["bytes"]) == REGISTER_CLIENT:
                self.end(POLICY)
        return _GONE if self._over.done() else message

    async def send(self, message: Message) -> None:
        """Flet's `send`, without what a crash would tell about our code."""
        if message["type"] != "websocket.send":
            return
        if _action(message.get("bytes") or b"") == SESSION_CRASHED:
            body = msgpack.packb([SESSION_CRASHED, {"message": CRASHED}])
            message = {"type": "websocket.send", "bytes": b"\0" + body}
        await self._try_send(message)

    async def _next(self) -> Message:
        if self._over.done():
            return _GONE
        reading = asyncio.ensure_future(self._receive())
        either: set[asyncio.Future[Any]] = {reading, self._over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            return _GONE
        message = reading.result()
        if message["type"] == "websocket.disconnect":
            self.end(GONE)
        return message

    async def _try_send(self, message: Message) -> None:
        # Flet would leave its session attached for ever if sending to a client that left raised.
        # The server raises OSError while it notices, RuntimeError once it has.
        try:
            await self._send(message)
        except (OSError, RuntimeError):
            self.end(GONE)


_GONE: Message = {"type": "websocket.disconnect", "code": GONE}


async def _expire_after(flet_session: FletSession, sockets: list[Socket]) -> None:
    await asyncio.gather(*(socket.served.wait() for socket in sockets))
    await flet_session.disconnect(0)


def _action(packet: bytes) -> Any:
    """What a frame is about; None for a data channel. The first 16 bytes hold every way to write it."""
    if packet[:1] != b"\0":
        return None
    reader = msgpack.Unpacker()
    reader.feed(packet[1:17])
    try:
        reader.read_array_header()
        return reader.unpack()
    except (ValueError, msgpack.OutOfData):
        return None


def _unpack(packet: bytes) -> list[Any] | None:
    if _action(packet) != REGISTER_CLIENT:
        return None
    try:
        message = msgpack.unpackb(packet[1:])
    except ValueError:
        return None
    well_formed = isinstance(message, list) and len(message) == 2 and isinstance(message[1], dict)
    return message if well_formed else None
