"""A component with a key: Flet takes it beside the arguments, which the types cannot say."""

from collections.abc import Callable

import flet as ft


def keyed(key: str | int, component: Callable[..., ft.Control], *arguments: object) -> ft.Control:
    """Draw a component whose state belongs to `key`: another key is another component."""
    return component(*arguments, key=key)
