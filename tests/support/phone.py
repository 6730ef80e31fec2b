"""A phone without a screen: `app.replay.stage`, with eyes and fingers that go by the words on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft

from app.replay.mirror import Node, nodes, top_view, words_on
from app.replay.stage import AppCrashed, Stage

__all__ = ["AppCrashed", "Phone"]

PATIENCE = 10.0


class Phone(Stage):
    """Opens the app, reads the screen, taps and types by the words on it."""

    def __init__(self, width: float = 412, height: float = 892, *, web: bool = False) -> None:
        super().__init__(width, height, web=web)
        self.left_for: list[str] = []

    async def open(self, main: Callable[[ft.Page], Any], route: str = "/") -> Phone:
        """Start the app at an address, as a client that registers."""
        await self.start(main, route)
        return self

    # What the resident sees

    def text(self) -> str:
        """Every word on the screen, a line a piece."""
        return "\n".join(word for node in self.visible() for word in words_on(node))

    async def sees(self, words: str) -> None:
        """Wait until the words are on the screen."""
        await self._wait(lambda: words in self.text(), f"{words!r} did not appear")

    async def sees_no(self, words: str) -> None:
        """Wait until the words have left the screen."""
        await self._wait(lambda: words not in self.text(), f"{words!r} stayed")

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
        await asyncio.gather(*[self.event(node, event, data) for _ in range(times)])

    async def type(self, label: str, value: str) -> None:
        """Type into the field with that label."""

        def field() -> Node | None:
            fields = [n for n in self.visible() if n["_c"] == "TextField"]
            return next((n for n in fields if n.get("label") == label), None)

        await self._wait(lambda: field() is not None, f"no field {label!r}")
        node = field()
        assert node is not None
        self.change(node, {"value": value})
        await self.event(node, "change", value)

    async def choose(
        self, control: str, changes: dict[str, Any], event: str = "change", **held: Any
    ) -> None:
        """Change a control of a kind (`Switch`, `SegmentedButton`, `Slider`) as the client would.

        Of several, the first that holds these values.
        """
        alike = (n for n in self.visible() if n["_c"] == control)
        node = next(n for n in alike if all(n.get(k) == v for k, v in held.items()))
        self.change(node, changes)
        data = next(iter(changes.values()))
        await self.event(node, event, data)

    async def turn_on(self, label: str, *, on: bool = True) -> None:
        """Turn the switch with that name on, or off."""

        def switch() -> Node | None:
            named = [
                n for n in self.visible() if n["_c"] == "Semantics" and n.get("label") == label
            ]
            inside = [n for one in named for n in nodes(one) if n["_c"] == "Switch"]
            return next(iter(inside), None)

        await self._wait(lambda: switch() is not None, f"no switch {label!r}")
        node = switch()
        assert node is not None
        self.change(node, {"value": on})
        await self.event(node, "change", on)

    async def press_key(self, key: str) -> None:
        """Press a key where something listens for keys."""
        node = next(n for n in self.visible() if n["_c"] == "KeyboardListener")
        await self.event(node, "key_down", {"key": key})

    async def go(self, route: str) -> None:
        """Open an address: a deep link, or the browser's bar."""
        await self.move(route)
        await self.settle()

    async def back(self) -> None:
        """Press the system's back button."""
        assert top_view(self.screen) is not None
        await self.pop()

    def invoked(self, name: str, arguments: dict[str, Any]) -> None:
        if name == "launch_url":
            self.left_for.append(str(arguments["url"]))

    async def _wait(self, condition: Callable[[], bool], complaint: str) -> None:
        end = self.loop.time() + PATIENCE
        while not condition():
            if self.loop.time() > end:
                raise AssertionError(f"{complaint}; the screen says:\n{self.text()}")
            await asyncio.sleep(0.01)
            await self.settle()

    def _holder(self, words: str, handler: str) -> Node | None:
        """The smallest control with the handler that carries the words."""
        holders = [
            node
            for node in self.visible()
            if node.get(handler) and any(words in word for n in nodes(node) for word in words_on(n))
        ]
        exact = [h for h in holders if any(words == w for n in nodes(h) for w in words_on(n))]
        return min(exact or holders, key=lambda node: sum(1 for _ in nodes(node)), default=None)
