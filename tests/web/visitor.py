"""A browser without a screen: keeps cookies, follows the sign-in, opens tabs on the websocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgpack
from flet.messaging.protocol import decode_ext_from_msgpack
from starlette.types import ASGIApp, Message

from tests.support import sandbox

PUBLIC_URL = "http://127.0.0.1:8639"
PATIENCE = 10.0
REGISTER, CONTROL_EVENT, CRASHED = 1, 3, 6


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """Starts the host and its mounted apps, and stops them."""
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.ensure_future(app({"type": "lifespan", "state": {}}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    started = await outbox.get()
    assert started["type"] == "lifespan.startup.complete", started
    yield
    await inbox.put({"type": "lifespan.shutdown"})
    await task


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=PUBLIC_URL,
            headers={"Accept": "text/html,*/*;q=0.8"},
        )

    @property
    def cookie(self) -> str | None:
        """The session cookie's value."""
        return self.http.cookies.get("ihanoi_8639")

    async def open(self, address: str = "/") -> httpx.Response:
        """Ask for a page."""
        return await self.http.get(address)

    async def sign_in(self, who: str, then: str = "/") -> httpx.Response:
        """Sign in at the sandbox provider; the answer of `/callback`."""
        begun = await self.http.get("/sign-in", params={"next": then})
        back = await sandbox.sign_in(self.http, begun.headers["location"], who)
        return await self.http.get(back)

    async def tab(self, flet_session: str | None = None, **changed: Any) -> Tab:
        """Open a websocket and register on it."""
        tab = Tab(self, **changed)
        await tab.connect()
        if tab.accepted:
            await tab.register(flet_session)
        return tab


class Tab:
    """One websocket of a visitor, speaking Flet's protocol."""

    def __init__(
        self,
        visitor: Visitor,
        origin: str | None = PUBLIC_URL,
        host: str = "127.0.0.1:8639",
        cookie: str | None = None,
    ) -> None:
        value = cookie or visitor.cookie
        headers = {"host": host, "user-agent": "visitor"}
        headers |= {"origin": origin} if origin else {}
        headers |= {"cookie": f"theme=x; ihanoi_8639={value}"} if value else {}
        self._app = visitor.app
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "server": ("127.0.0.1", 8639),
            "client": ("127.0.0.1", 50000),
            "root_path": "",
            "path": "/ws",
            "raw_path": b"/ws",
            "query_string": b"",
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in headers.items()],
            "subprotocols": [],
            "state": {},
        }
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self.accepted = False
        self.broken = False
        self.closed: int | None = None
        self.session_id: str | None = None
        self.heard: list[Any] = []
        self._serving: asyncio.Future[None]

    async def connect(self) -> None:
        """Shake hands; `accepted` says whether it went through."""
        self._serving = asyncio.ensure_future(self._app(self._scope, self._inbox.get, self._send))
        await self._inbox.put({"type": "websocket.connect"})
        await self._read()

    async def register(self, flet_session: str | None) -> None:
        """Register as Flet's client does, with the session id of an earlier connection or none."""
        page = {"route": "/", "width": 400.0, "height": 800.0, "web": True}
        self.say([REGISTER, {"session_id": flet_session, "page_name": "", "page": page}])
        while self.session_id is None and self.closed is None:
            await self._read()

    def say(self, message: Any) -> None:
        """Send one protocol message."""
        self.say_bytes(b"\0" + msgpack.packb(message))

    def say_bytes(self, packet: bytes) -> None:
        """Send one frame."""
        self._inbox.put_nowait({"type": "websocket.receive", "bytes": packet})

    async def tap(self, label: str) -> None:
        """Press the button with this label, once it is there."""
        await self.sees(f"'content': '{label}'")
        buttons = (node for node in self._nodes() if node.get("_c") == "Button")
        target = next(node["_i"] for node in buttons if node.get("content") == label)
        self.say([CONTROL_EVENT, {"target": target, "name": "click", "data": None}])

    async def sees(self, words: str) -> None:
        """Wait until the server has sent these words."""
        async with asyncio.timeout(PATIENCE):
            while words not in str(self.heard):
                assert self.closed is None, f"closed with {self.closed}"
                await self._read()

    async def closing(self) -> int:
        """Wait for the server to close; the code."""
        async with asyncio.timeout(PATIENCE):
            while self.closed is None:
                await self._read()
        await self._serving
        return self.closed

    async def drop(self) -> None:
        """Lose the connection."""
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await self._serving

    async def _send(self, message: Message) -> None:
        if self.broken:
            raise OSError("the client has left")
        await self._outbox.put(message)

    async def _read(self, patience: float | None = PATIENCE) -> None:
        async with asyncio.timeout(patience):
            message = await self._outbox.get()
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self._hear(
                msgpack.unpackb(
                    message["bytes"][1:], ext_hook=decode_ext_from_msgpack, strict_map_key=False
                )
            )

    def _hear(self, message: list[Any]) -> None:
        self.heard.append(message)
        if message[0] == REGISTER:
            self.session_id = message[1]["session_id"]

    def _nodes(self) -> Iterator[dict[str, Any]]:
        waiting: list[Any] = [self.heard]
        while waiting:
            each = waiting.pop()
            if isinstance(each, dict):
                yield each
                waiting.extend(each.values())
            elif isinstance(each, list):
                waiting.extend(each)
