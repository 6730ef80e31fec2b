"""One open websocket between a browser and Flet, and the frames of Flet's protocol read here."""

from __future__ import annotations

import asyncio
from typing import Any

import msgpack
from starlette.types import Message, Receive, Send

from app.web.sessions import WebSession, WebSessions

OVER, SIGNED_OUT, NOT_OURS, RENEWED, POLICY, GONE = 4401, 4402, 4403, 4404, 1008, 1006
"""Close codes. The page's script answers the first three, see assets/index.html; after any other
one the client connects again.
"""

REGISTER_CLIENT, SESSION_CRASHED = 1, 6
FIRST_MESSAGE_SECONDS = 20.0
CRASHED = (
    "Có lỗi ở phía chúng tôi. Hãy tải lại trang. / "
    "Something went wrong on our side. Please reload the page."
)


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
        """The first message, `[1, {"session_id": …}]`; another one ends the socket: None."""
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
        return _GONE_MESSAGE if self._over.done() else message

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
            return _GONE_MESSAGE
        reading = asyncio.ensure_future(self._receive())
        either: set[asyncio.Future[Any]] = {reading, self._over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            return _GONE_MESSAGE
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


_GONE_MESSAGE: Message = {"type": "websocket.disconnect", "code": GONE}


def _action(packet: bytes) -> Any:
    """What a frame is about; None for a data channel. Every way to write it fits 16 bytes."""
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
