"""Asking again while the city works: often at first, then less and less."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat
from typing import Any, TypeVar

import flet as ft

from app.hooks import Failed, Ready, Resource, use_loop, use_resource, use_state
from services.errors import GatewayUnavailable, Offline
from services.saved import Saved

T = TypeVar("T")

FIRST_PAUSES = (1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 5.0, 10.0, 20.0)
LATER = 60.0
"""Seconds between two looks, once the first ones brought nothing."""


def pauses() -> Iterator[float]:
    """Seconds to wait before each look, without end."""
    return chain(FIRST_PAUSES, repeat(LATER))


def use_watched(
    fetch: Callable[[], Awaitable[Saved[T]]], going: Callable[[T], bool], *depends_on: object
) -> Resource[T]:
    """Like `use_resource`, and asked again by itself while the answer is `going`.

    A look that fails because the gateway is out of reach leaves the last answer on the screen:
    the resident asked for nothing, so nothing has to be said.
    """
    looks, set_looks = use_state(0)
    last: Any = ft.use_ref(None)
    found: Resource[T] = use_resource(fetch, *depends_on, looks)
    if isinstance(found, Ready):
        last.current = found
    elif isinstance(found, Failed) and isinstance(found.error, Offline | GatewayUnavailable):
        found = last.current or found
    active = isinstance(found, Ready) and going(found.value)

    async def watch() -> None:
        for pause in pauses() if active else ():
            await asyncio.sleep(pause)
            set_looks(lambda before: before + 1)

    use_loop(watch, active)
    return found
