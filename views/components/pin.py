"""Typing the PIN, and choosing one: six digits that are never shown."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_services,
    use_state,
)
from app.lock import use_guard
from app.text import _, ngettext
from services.lock import LENGTH, Attempt, flaw_of
from views.components.buttons import MainButton, OutlineButton
from views.components.fields import TextBox
from views.components.loaded import ErrorPanel
from views.components.notes import Note
from views.components.six_digits import flaw_words
from views.components.words import stacked

Icons = ft.Icons


@component
def PinPrompt(
    try_it: Callable[[str], Awaitable[Attempt]], button: str, icon: ft.IconData = Icons.LOCK_OPEN
) -> ft.Control:
    """Asks for the PIN; the sixth digit sends it. After wrong tries it counts the wait down."""
    look = use_look()
    digits, set_digits = use_state("")
    # Held beside the digits shown: the action that the sixth starts is of the first drawing.
    typed, _same = use_state([""])
    nothing: Attempt | None = None
    tried, set_tried = use_state(nothing)
    wait = use_wait(tried)
    short, set_short = use_state(False)

    async def send() -> None:
        pin = typed[0]
        set_short(len(pin) != LENGTH)
        if len(pin) == LENGTH:
            attempt = await try_it(pin)
            typed[0] = ""
            set_digits("")
            set_tried(attempt)

    sending = use_action(send)

    def change(text: str) -> None:
        typed[0] = text
        set_digits(text)
        if len(text) == LENGTH:
            ft.context.page.run_task(sending.run)

    field = TextBox(
        _("PIN, six digits"),
        digits,
        ft.use_callback(change, []),
        max_length=LENGTH,
        error=_("Type six digits.") if short and not wait else "",
        scale=look.scale,
        digits=True,
        secret=True,
        focus=True,
    )
    said = [_refused(tried, wait)] if wait or (tried is not None and not tried.opened) else []
    failed = [ErrorPanel(sending.error)] if sending.error else []
    opening = MainButton(button, sending, icon, _("Checking…"), disabled=wait > 0)
    return stacked([*said, *failed, field, opening], 12)


@component
def Recognising() -> ft.Control:
    """Finger or face instead of the PIN, where the resident turned it on."""
    guard, services = use_guard(), use_services()
    on = use_resource(services.lock.recognises)
    refused, set_refused = use_state(False)

    async def recognise() -> None:
        set_refused(not await guard.recognise())

    recognising = use_action(recognise)
    if not isinstance(on, Ready) or not on.value:
        return ft.Container(height=0)
    words = _("Not recognised. Try again, or type the PIN.")
    said = [Note(words, "", "error", live=True)] if refused and not recognising.running else []
    button = OutlineButton(_("Fingerprint or face"), recognising, Icons.FINGERPRINT_ROUNDED)
    return stacked([*said, button], 8)


def use_wait(tried: Attempt | None) -> float:
    """Seconds until another try, counted down; those of an earlier start too."""
    services = use_services()
    wait, set_wait = use_state(0.0)

    async def count_down() -> None:
        left = await services.lock.waiting()
        set_wait(left)
        while left > 0:
            await asyncio.sleep(min(left, 1.0))
            left = await services.lock.waiting()
            set_wait(left)

    use_loop(count_down, tried)
    return wait


def _refused(tried: Attempt | None, wait: float) -> ft.Control:
    if wait > 0:
        return Note(_("Too many wrong PINs."), _wait_words(wait), "error", Icons.TIMER_OUTLINED)
    left = tried.left if tried is not None else 1
    words = ngettext("{n} more try, then you wait.", "{n} more tries, then you wait.", left)
    return Note(_("This is not the PIN."), words, "error", Icons.LOCK_OUTLINE_ROUNDED, live=True)


def _wait_words(wait: float) -> str:
    if wait > 90:
        minutes = ngettext("{n} minute", "{n} minutes", -(-int(wait) // 60))
        return _("Try again in {time}. Restarting does not shorten it.").format(time=minutes)
    seconds = ngettext("{n} second", "{n} seconds", max(1, round(wait)))
    return _("Try again in {time}. Restarting does not shorten it.").format(time=seconds)


@component
def ChoosePin(chosen: Callable[[str], Awaitable[None]], button: str) -> ft.Control:
    """A new PIN, typed twice."""
    look = use_look()
    pin, set_pin = use_state("")
    repeated, set_repeated = use_state("")
    tried, set_tried = use_state(False)
    flaw = flaw_of(pin, repeated)

    async def choose() -> None:
        set_tried(True)
        if not flaw:
            await chosen(pin)

    choosing = use_action(choose)

    def field(label: str, value: str, change: Callable[[str], None], error: str) -> ft.Control:
        return TextBox(
            label,
            value,
            change,
            max_length=LENGTH,
            error=error,
            scale=look.scale,
            digits=True,
            secret=True,
        )

    words = flaw_words(flaw) if tried else ""
    first = field(_("New PIN, six digits"), pin, set_pin, "" if flaw == "different" else words)
    second = field(
        _("The same PIN again"), repeated, set_repeated, words if flaw == "different" else ""
    )
    failed = [ErrorPanel(choosing.error)] if choosing.error else []
    save = MainButton(button, choosing, Icons.LOCK_ROUNDED, _("Saving…"))
    return stacked([first, second, *failed, save], 12)
