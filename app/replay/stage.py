"""A Flet client without a screen: the real app in a real session, mirrored as plain data.

It speaks Flet 1.0.5's wire format and touches its internals; Flet stays pinned. A replay runs on it,
and so do the journeys of the tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
    decode_ext_from_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.replay.loop import AtOnce
from app.replay.mirror import Node, patch, top_view, visible

encode = configure_encode_object_for_msgpack(BaseControl)

PATIENCE = 10.0
"""Seconds of the loop's time within which a screen comes to rest."""


class AppCrashed(AssertionError):
    """The app showed its crashed screen, or its update loop died."""


class Stage(Connection):
    """Opens the app, holds what its screen holds, and gives it events."""

    def __init__(
        self,
        width: float = 412,
        height: float = 892,
        *,
        web: bool = False,
        platform: str = "android",
        dark: bool = False,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        self.executor = AtOnce(1)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url, self.page_name = "http://phone.test", ""
        self.crash: str | None = None
        self.screen: Node = {}
        self._sent = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._handling: set[asyncio.Future[Any]] = set()
        self._registration: dict[str, Any] = {
            "width": float(width),
            "height": float(height),
            "platform": platform,
            "web": web,
            "platform_brightness": "dark" if dark else "light",
            "pwa": False,
            "debug": False,
            "wasm": False,
            "test": True,
            "multi_view": False,
            "pyodide": False,
        }

    async def start(self, main: Callable[[ft.Page], Any], route: str = "/") -> None:
        """Start the app at an address, as a client that registers."""
        self.session = Session(self)
        self.page = self.session.page
        _context_page.set(self.page)
        self._registration["route"] = route
        self.session.apply_page_patch(self._registration)
        body = RegisterClientResponseBody(
            session_id=self.session.id, page_patch=self.session.get_page_patch(), error=""
        )
        self.send_message(Message(MessageAction.REGISTER_CLIENT, body))
        context.reset_auto_update()
        started = main(self.page)
        if asyncio.iscoroutine(started):
            await started
        await self.session.after_event(self.page)
        await self.settle()

    async def close(self) -> None:
        """End the session as a closed app does."""
        self.session.close()
        await asyncio.sleep(0)
        self.executor.shutdown(wait=False)

    @property
    def route(self) -> str:
        """The address now open."""
        return str(self.page.route)

    def visible(self) -> Iterator[Node]:
        """Every control that the resident sees, in drawing order."""
        return visible(self.screen)

    async def move(self, route: str) -> None:
        """Open an address, as the browser's bar or a deep link does."""
        self.session.apply_page_patch({"route": route})
        self.screen["route"] = route
        await self.session.dispatch_event(self.page._i, "route_change", {"route": route})

    async def pop(self) -> None:
        """The system's back button."""
        top = top_view(self.screen) or {}
        await self.session.dispatch_event(
            self.page._i, "view_pop", {"route": top.get("route", "/")}
        )
        await self.settle()

    def change(self, node: Node, values: dict[str, Any]) -> None:
        """Set a control's properties as its client does before it sends an event."""
        node.update(values)
        self.session.apply_patch(node["_i"], values)

    async def tell(self, node: Node, name: str, data: Any) -> None:
        """Give a control an event, and wait until the screen rests; what it set off may still go on."""
        handling = asyncio.ensure_future(self.session.dispatch_event(node["_i"], name, data))
        self._handling.add(handling)
        handling.add_done_callback(self._handling.discard)
        await self.settle()

    async def event(self, node: Node, name: str, data: Any) -> None:
        """Give a control an event, and wait until that is dealt with and the screen rests."""
        await asyncio.ensure_future(self.session.dispatch_event(node["_i"], name, data))
        await self.settle()

    def send_message(self, message: Message) -> None:
        """Pack as Flet's own server does (it takes its diffs while packing), then mirror."""
        raw = msgpack.packb([message.action, message.body], default=encode)
        action, body = msgpack.unpackb(raw, ext_hook=decode_ext_from_msgpack, strict_map_key=False)
        self._sent += 1
        if action == MessageAction.REGISTER_CLIENT.value:
            self.screen = {**body["page_patch"], **self._registration}
        elif action == MessageAction.PATCH_CONTROL.value:
            patch(self.screen, body["id"], body["patch"])
        elif action == MessageAction.SESSION_CRASHED.value:
            self.crash = body["message"]
        elif action == MessageAction.INVOKE_METHOD.value:
            self.loop.call_soon(self._invoke, body)

    def invoked(self, name: str, arguments: dict[str, Any]) -> None:
        """A method of the client was called (`launch_url`); here nothing comes of it."""

    def _invoke(self, call: dict[str, Any]) -> None:
        arguments = call.get("args") or {}
        if call["name"] == "push_route":
            task = asyncio.ensure_future(self.move(arguments["route"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.invoked(call["name"], arguments)
        self.session.handle_invoke_method_results(call["control_id"], call["call_id"], None, None)

    async def settle(self) -> None:
        """Wait until the update loop is idle and nothing was sent for three turns."""
        private = "_Session__"
        quiet = 0
        async with asyncio.timeout(PATIENCE):
            while quiet < 3:
                sent = self._sent
                await asyncio.sleep(0)
                pending = [
                    getattr(self.session, private + name)
                    for name in ("pending_updates", "pending_effects")
                ]
                ready = getattr(self.session, private + "updates_ready").is_set()
                busy = any(pending) or ready or self._tasks or sent != self._sent
                quiet = 0 if busy else quiet + 1
                self._check_alive(getattr(self.session, private + "updates_task"))

    def _check_alive(self, updates: asyncio.Task[None] | None) -> None:
        if self.crash:
            raise AppCrashed(self.crash)
        if updates is not None and updates.done() and not updates.cancelled():
            raise AppCrashed(f"the update loop died: {updates.exception()!r}")
