"""A gate in its place: its folder, its line and its clocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gate.station import Station
from tests.gate.station_twins import (
    Clocks,
    FakeLine,
    make_folder,
)
from tests.support.card_codes import SampleCard

CARD = SampleCard(valid_until=65535)
HOUR = 3600


class Field:
    """A gate in the field with its gateway and its clocks."""

    def __init__(self, folder: Path, **setup: Any) -> None:
        self.clocks, self.folder = Clocks(), make_folder(folder, **setup)
        self.line = FakeLine(CARD, self.clocks)
        self.station = Station(self.folder, self.clocks)

    def synced(self) -> Field:
        """After its first sync."""
        assert self.station.sync(self.line).troubles == ()
        return self

    def reopened(self) -> None:
        """The gate's program ends and starts again."""
        self.station.close()
        self.station = Station(self.folder, self.clocks)

    def take(self, card: SampleCard = CARD, shown_at: float | None = None) -> str:
        """The verdict for what the card shows, or `not_ready`."""
        text = card.code(self.clocks.at if shown_at is None else shown_at)
        answer = self.station.answer(text)
        return "not_ready" if isinstance(answer, str) else str(answer.verdict)

    def trouble(self) -> str:
        """The one reason why it is not ready."""
        [found] = self.station.standing().troubles
        return found


@pytest.fixture
def field(tmp_path: Path) -> Field:
    """A gate that has synced once."""
    return Field(tmp_path / "gate").synced()
