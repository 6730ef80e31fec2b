"""The faults of a persona: what each does in plain words, and the switches for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.hooks import component
from app.text import _, ngettext
from services.personas import CLOCK_HOURS, SLOW_SECONDS, Faults
from views.components import CardList, ChoiceChips, Heading, SwitchRow, Text, stacked

Change = Callable[[Faults], None]


@component
def FaultSwitches(faults: Faults, change: Change) -> ft.Control:
    """Four switches, how slow answers are, and how wrong the clock is."""

    def slow(seconds: str) -> None:
        change(replace(faults, slow_seconds=int(seconds)))

    def clock(hours: str) -> None:
        change(replace(faults, clock_hours=int(hours)))

    def switch(name: str, title: str, sentence: str) -> ft.Control:
        def turn(on: bool) -> None:
            change(replace(faults, **{name: on}))

        return SwitchRow(title, sentence, bool(getattr(faults, name)), turn)

    slows = tuple((str(n), _chip(_slow_word(n))) for n in SLOW_SECONDS)
    hours = tuple((str(n), _chip(_clock_word(n))) for n in sorted(CLOCK_HOURS))
    return stacked(
        [
            CardList(
                switch(
                    "unavailable",
                    _("The server is down (503)"),
                    _("Every request is refused as when the server is overloaded or being mended."),
                ),
                switch(
                    "expired",
                    _("The sign-in has ended"),
                    _("The server takes no request any more, until the resident signs in again."),
                ),
                switch(
                    "half_upload",
                    _("Uploads break off halfway"),
                    _("Photos and files are cut when half of them has been sent."),
                ),
                switch(
                    "no_storage",
                    _("The device is full"),
                    _("Drafts, copies and settings cannot be kept."),
                ),
            ),
            Heading(_("Slow answers"), 3, "label"),
            Text(_("Each answer comes so late. The app waits 20 seconds at most."), "supporting"),
            ChoiceChips(slows, str(faults.slow_seconds), slow),
            Heading(_("The device's clock"), 3, "label"),
            Text(_("The clock is wrong, and no answer of the server sets it right."), "supporting"),
            ChoiceChips(hours, str(faults.clock_hours), clock),
        ]
    )


def fault_words(faults: Faults) -> list[str]:
    """The faults that are on, in a word or two each."""
    words = {
        "slow_seconds": _slow_word(faults.slow_seconds),
        "unavailable": _("503"),
        "expired": _("sign-in ended"),
        "half_upload": _("uploads cut"),
        "clock_hours": _clock_word(faults.clock_hours),
        "no_storage": _("device full"),
    }
    return [words[name] for name in faults.on]


def _chip(words: str) -> str:
    return words[:1].upper() + words[1:]


def _slow_word(seconds: int) -> str:
    return (
        ngettext("answers {n} second late", "answers {n} seconds late", seconds)
        if seconds
        else _("On time")
    )


def _clock_word(hours: int) -> str:
    if not hours:
        return _("Clock right")
    if hours < 0:
        return ngettext("clock {n} hour behind", "clock {n} hours behind", -hours)
    return ngettext("clock {n} hour ahead", "clock {n} hours ahead", hours)
