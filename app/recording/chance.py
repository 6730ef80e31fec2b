"""What is drawn at random in a session, told to its recorder."""

from __future__ import annotations

import flet as ft

from services.chance import Chance, SystemChance
from services.diagnostics import Recorder

PLACE = "chance"


class RecordedChance(SystemChance):
    """The machine's own chance; each identifier is recorded as its stand-in."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def new_id(self) -> str:
        """Return a random UUID."""
        drawn = super().new_id()
        stand_in = self._recorder.reducer.stand_ins.of("reference", drawn)
        self._recorder.step("chance", call="id", answer=stand_in)
        return drawn

    def uniform(self, low: float, high: float) -> float:
        """Return a number between the two."""
        drawn = super().uniform(low, high)
        self._recorder.step("chance", call="uniform", answer=drawn)
        return drawn


def of_session() -> Chance | None:
    """The source of the session whose event, render or task is running; None outside of one."""
    try:
        store = ft.context.page.session.store
    except (AttributeError, RuntimeError):
        return None
    return store.get(PLACE) if store.contains_key(PLACE) else None
