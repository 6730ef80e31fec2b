"""What asks for the PIN each time it is opened: the health record, a certificate's content."""

import asyncio
from collections.abc import Callable

import flet as ft

from app.hooks import component, use_loop
from app.lock import use_asked, use_guard
from app.text import _
from views.components.pin import PinPrompt, Recognising
from views.components.screen import Screen
from views.components.words import Text, stacked

EVERY = 30.0
"""Seconds between two notes that what the PIN opened is still looked at."""


@component
def AskedScreen(title: str, back: str | None, screen: ft.Control) -> ft.Control:
    """A whole screen that the PIN opens; a PIN typed within the last five minutes does, too."""
    return screen if use_opened() else Screen(title, Asking(), back=back)


@component
def Asked(draw: Callable[[], ft.Control]) -> ft.Control:
    """A part of a screen that the PIN opens."""
    return ft.Container(draw()) if use_opened() else Asking()


def use_opened() -> bool:
    """Whether the PIN needs not be typed; what is looked at keeps it so."""
    asked, guard = use_asked(), use_guard()

    async def looked_at() -> None:
        while not asked:
            guard.keep_fresh()
            await asyncio.sleep(EVERY)

    use_loop(looked_at, asked)
    return not asked


@component
def Asking() -> ft.Control:
    """The PIN, and why."""
    guard = use_guard()
    words = _("This part asks for your PIN. It stays open for five minutes.")
    return stacked([Text(words), PinPrompt(guard.open, _("Open")), Recognising()], 16)
