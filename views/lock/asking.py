"""What asks for the PIN each time it is opened: the health record, a certificate's content."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.hooks import component, use_loop, use_session
from app.lock import use_asked, use_guard
from app.text import _
from views.components import Screen, Text, stacked
from views.components.pin import PinPrompt

EVERY = 30.0
"""Seconds between two notes that what the PIN opened is still looked at."""


@component
def Asked(title: str, back: str, draw: Callable[[], ft.Control]) -> ft.Control:
    """A whole screen that the PIN opens; a PIN typed within the last five minutes does, too."""
    asked, guard = use_asked(), use_guard()
    use_session()

    async def looked_at() -> None:
        while True:
            guard.keep_fresh()
            await asyncio.sleep(EVERY)

    use_loop(looked_at, asked)
    if not asked:
        return draw()
    words = _("This part asks for your PIN. It stays open for five minutes.")
    return Screen(title, stacked([Text(words), PinPrompt(guard.open, _("Open"))], 16), back=back)
