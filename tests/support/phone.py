"""A phone without a screen: the real app in a real Flet session, no Flutter client.

It speaks Flet 1.0.5's wire format and keeps a mirror of what the client would hold, so that a
journey asserts on what the resident sees. It touches Flet's internals; Flet stays pinned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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

from tests.support.mirror import Node, index, nodes, operate, words_on

_encode = configure_encode_object_for_msgpack(BaseControl)

PATIENCE = 10.0


class AppCrashed(AssertionError):
    """The app showed its crashed screen, or its update loop died."""


class Phone(Connection):
    """Opens the app, reads the screen, taps and types by the words on it."""

    def __init__(self, width: float = 412, height: float = 892, *, web: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url, self.page_name = "http://phone.test", ""
        self.left_for: list[str] = []
        self.crash: str | None = None
        self._screen: Node = {}
        self._sent = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._registration: dict[str, Any] = {
            "width": float(width),
            "height": float(height),
            "platform": "android",
            "web": web,
            "platform_brightness": "light",
            "pwa": False,
            "debug": False,
            "wasm": False,
            "test": True,
            "multi_view": False,
            "pyodide": False,
        }

    async def open(self, main: Callable[[ft.Page], Any], route: str = "/") -> Phone:
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
        return self

    async def close(self) -> None:
        """End the session as a closed app does."""
        self.session.close()
        await asyncio.sleep(0)
        self.executor.shutdown(wait=False)

    # What the resident sees

    def text(self) -> str:
        """Every word on the screen, a line a piece."""
        return "\n".join(word for node in self._visible() for word in words_on(node))

    async def sees(self, words: str) -> None:
        """Wait until the words are on the screen."""
        await self._wait(lambda: words in self.text(), f"{words!r} did not appear")

    async def sees_no(self, words: str) -> None:
        """Wait until the words have left the screen."""
        await self._wait(lambda: words not in self.text(), f"{words!r} stayed")

    @property
    def route(self) -> str:
        """The address now open."""
        return str(self.page.route)

    # What the resident does

    async def tap(self, words: str, *, times: int = 1) -> None:
        """Tap what carries the words; several taps come at once."""

        def find() -> Node | None:
            return self._holder(words, "on_click") or self._holder(words, "on_select")

        await self._wait(lambda: find() is not None, f"nothing to tap says {words!r}")
        node = find()
        assert node is not None
        assert not node.get("disabled"), f"{words!r} is disabled"
        event = "click" if node.get("on_click") else "select"
        data = None if event == "click" else not node.get("selected", False)
        await asyncio.gather(*[self._event(node, event, data) for _ in range(times)])

    async def type(self, label: str, value: str) -> None:
        """Type into the field with that label."""

        def field() -> Node | None:
            fields = [n for n in self._visible() if n["_c"] == "TextField"]
            return next((n for n in fields if n.get("label") == label), None)

        await self._wait(lambda: field() is not None, f"no field {label!r}")
        node = field()
        assert node is not None
        node["value"] = value
        self.session.apply_patch(node["_i"], {"value": value})
        await self._event(node, "change", value)

    async def choose(
        self, control: str, changes: dict[str, Any], event: str = "change", **held: Any
    ) -> None:
        """Change a control of a kind (`Switch`, `SegmentedButton`, `Slider`) as the client would.

        Of several, the first that holds these values.
        """
        alike = (n for n in self._visible() if n["_c"] == control)
        node = next(n for n in alike if all(n.get(k) == v for k, v in held.items()))
        node.update(changes)
        self.session.apply_patch(node["_i"], changes)
        data = next(iter(changes.values()))
        await self._event(node, event, data)

    async def turn_on(self, label: str, *, on: bool = True) -> None:
        """Turn the switch with that name on, or off."""

        def switch() -> Node | None:
            named = [
                n for n in self._visible() if n["_c"] == "Semantics" and n.get("label") == label
            ]
            inside = [n for one in named for n in nodes(one) if n["_c"] == "Switch"]
            return next(iter(inside), None)

        await self._wait(lambda: switch() is not None, f"no switch {label!r}")
        node = switch()
        assert node is not None
        node["value"] = on
        self.session.apply_patch(node["_i"], {"value": on})
        await self._event(node, "change", on)

    async def press_key(self, key: str) -> None:
        """Press a key where something listens for keys."""
        node = next(n for n in self._visible() if n["_c"] == "KeyboardListener")
        await self._event(node, "key_down", {"key": key})

    async def go(self, route: str) -> None:
        """Open an address: a deep link, or the browser's bar."""
        await self._move(route)
        await self.settle()

    async def _move(self, route: str) -> None:
        self.session.apply_page_patch({"route": route})
        self._screen["route"] = route
        await self.session.dispatch_event(self.page._i, "route_change", {"route": route})

    async def back(self) -> None:
        """Press the system's back button."""
        top = self._top()
        assert top is not None
        await self.session.dispatch_event(
            self.page._i, "view_pop", {"route": top.get("route", "/")}
        )
        await self.settle()

    # The wire

    def send_message(self, message: Message) -> None:
        """Pack as Flet's own server does (it takes its diffs while packing), then mirror."""
        raw = msgpack.packb([message.action, message.body], default=_encode)
        action, body = msgpack.unpackb(raw, ext_hook=decode_ext_from_msgpack, strict_map_key=False)
        self._sent += 1
        if action == MessageAction.REGISTER_CLIENT.value:
            self._screen = {**body["page_patch"], **self._registration}
        elif action == MessageAction.PATCH_CONTROL.value:
            self._apply(body["id"], body["patch"])
        elif action == MessageAction.SESSION_CRASHED.value:
            self.crash = body["message"]
        elif action == MessageAction.INVOKE_METHOD.value:
            self.loop.call_soon(self._invoke, body)

    def _invoke(self, call: dict[str, Any]) -> None:
        arguments = call.get("args") or {}
        if call["name"] == "push_route":
            task = asyncio.ensure_future(self._move(arguments["route"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif call["name"] == "launch_url":
            self.left_for.append(str(arguments["url"]))
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

    async def _event(self, node: Node, name: str, data: Any) -> None:
        await asyncio.ensure_future(self.session.dispatch_event(node["_i"], name, data))
        await self.settle()

    async def _wait(self, condition: Callable[[], bool], complaint: str) -> None:
        end = self.loop.time() + PATIENCE
        while not condition():
            if self.loop.time() > end:
                raise AssertionError(f"{complaint}; the screen says:\n{self.text()}")
            await asyncio.sleep(0.01)
            await self.settle()

    # The mirror

    def _apply(self, control_id: int, patch: list[Any]) -> None:
        root = next((n for n in nodes(self._screen) if n.get("_i") == control_id), None)
        if root is None:
            return
        places: dict[int, list[Any]] = {}
        index(patch[0], [], places)

        def target(index: int) -> Any:
            found: Any = root
            for step in places[index]:
                found = found[step]
            return found

        for operation in patch[1:]:
            operate(operation, target)

    def _top(self) -> Node | None:
        shown: list[Node] = []

        def unwrap(value: Any) -> None:
            if isinstance(value, list):
                for item in value:
                    unwrap(item)
            elif isinstance(value, dict) and value.get("_c") == "C":
                unwrap(value.get("_b"))
            elif value:
                shown.append(value)

        unwrap(self._screen.get("views") or [])
        return shown[-1] if shown else None

    def _visible(self) -> Iterator[Node]:
        for root in (self._top(), self._screen.get("_dialogs"), self._screen.get("_overlay")):
            if root is not None:
                yield from nodes(root)

    def _holder(self, words: str, handler: str) -> Node | None:
        """The smallest control with the handler that carries the words."""
        holders = [
            node
            for node in self._visible()
            if node.get(handler) and any(words in word for n in nodes(node) for word in words_on(n))
        ]
        exact = [h for h in holders if any(words == w for n in nodes(h) for w in words_on(n))]
        return min(exact or holders, key=lambda node: sum(1 for _ in nodes(node)), default=None)
