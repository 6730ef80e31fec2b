"""Going to another screen."""

from collections.abc import Awaitable, Callable

import flet as ft


def open_path(path: str) -> Callable[[], Awaitable[None]]:
    """A handler that goes to an address."""

    async def go() -> None:
        await ft.context.page.push_route(path)

    return go
