"""A browser tab that draws: a `Tab` with a mirror of the screen, which answers what the app asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from app.replay.mirror import Node, nodes, patch, visible, words_on

from .visitor import CONTROL_EVENT, CRASHED, REGISTER, Tab, Visitor

PATCH, CHANGE, INVOKE = 2, 4, 5
PATIENCE = 60.0
"""Seconds: fifty residents share one process."""


class Window(Tab):
    """One signed-in browser tab with the real app in it. `said` is every message that came."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(visitor)
        self.said: list[str] = []
        self.screen: Node = {}
        self._pumping: asyncio.Task[None] | None = None

    async def start(self, route: str) -> Window:
        """Connect and open the app at an address, as Flet's client does."""
        await self.connect()
        page = {"route": route, "width": 412.0, "height": 892.0, "web": True, "platform": "linux"}
        self.screen = dict(page)
        self._pumping = asyncio.ensure_future(self._pump())
        self.say([REGISTER, {"session_id": None, "page_name": "", "page": page}])
        await self.until(lambda: self.session_id is not None, "the app did not start")
        return self

    async def leave(self) -> None:
        """Close the tab."""
        await self.drop()
        if self._pumping is not None:
            self._pumping.cancel()

    def text(self) -> str:
        """Every word on the screen, a line a piece."""
        return "\n".join(word for node in visible(self.screen) for word in words_on(node))

    async def sees_words(self, words: str) -> None:
        """Wait until the words are on the screen."""
        await self.until(lambda: words in self.text(), f"{words!r} did not appear")

    async def press(self, words: str) -> None:
        """Press the smallest control that carries the words."""
        await self.until(lambda: self._holder(words) is not None, f"nothing says {words!r}")
        node = self._holder(words)
        assert node is not None
        self.say([CONTROL_EVENT, {"target": node["_i"], "name": "click", "data": None}])

    async def write(self, label: str, value: str) -> None:
        """Type into the field with that label."""
        await self.until(lambda: self._field(label) is not None, f"no field {label!r}")
        node = self._field(label)
        assert node is not None
        node["value"] = value
        self.say([CHANGE, {"id": node["_i"], "props": {"value": value}}])
        self.say([CONTROL_EVENT, {"target": node["_i"], "name": "change", "data": value}])

    async def go(self, route: str) -> None:
        """Open an address by the browser's bar."""
        self._move(route)
        await self.until(lambda: self.screen.get("route") == route, f"{route} did not open")

    async def until(self, condition: Callable[[], bool], complaint: str) -> None:
        """Wait for something the app sends."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                assert self.closed is None, f"{complaint}; closed with {self.closed}"
                await asyncio.sleep(0.02)

    def _move(self, route: str) -> None:
        self.screen["route"] = route
        self.say([CHANGE, {"id": 1, "props": {"route": route}}])
        event = {"target": 1, "name": "route_change", "data": {"route": route}}
        self.say([CONTROL_EVENT, event])

    async def _pump(self) -> None:
        while self.closed is None:
            await self._read(patience=None)

    def _hear(self, message: list[Any]) -> None:
        action, body = message[0], message[1]
        self.said.append(str(message))
        assert action != CRASHED, body
        if action == REGISTER:
            self.session_id = body["session_id"]
            self.screen = {**body["page_patch"], **self.screen}
        elif action == PATCH:
            patch(self.screen, body["id"], body["patch"])
        elif action == INVOKE:
            self._answer(body)

    def _answer(self, call: dict[str, Any]) -> None:
        if call["name"] == "push_route":
            self._move(call["args"]["route"])
        answer = {"control_id": call["control_id"], "call_id": call["call_id"]}
        self.say([INVOKE, answer | {"result": None, "error": None}])

    def _field(self, label: str) -> Node | None:
        fields = (n for n in visible(self.screen) if n["_c"] == "TextField")
        return next((n for n in fields if n.get("label") == label), None)

    def _holder(self, words: str) -> Node | None:
        holders = [
            node
            for node in visible(self.screen)
            if node.get("on_click") and any(words in w for n in nodes(node) for w in words_on(n))
        ]
        return min(holders, key=lambda node: sum(1 for _ in nodes(node)), default=None)
