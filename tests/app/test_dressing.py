"""What the device's own settings ask for."""

from __future__ import annotations

from typing import cast

import pytest

from app.dressing import adopt
from app.palettes import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Palette
from app.state import Session
from services.device import Accessibility, Device


class Asking:
    """A device whose owner set something for every app."""

    def __init__(self, asks: Accessibility) -> None:
        self._asks = asks

    async def accessibility(self) -> Accessibility:
        return self._asks


async def test_what_the_device_asks_for_is_taken_over_and_not_kept_as_a_choice() -> None:
    """Turned off on the device, it is off here at the next start."""
    session = Session()
    await adopt(session, cast(Device, Asking(Accessibility(True, True))))
    assert session.look.still
    assert session.look.palette == HIGH_LIGHT
    assert session.preferences()["high_contrast"] is False
    assert session.preferences()["reduced_motion"] is False


@pytest.mark.parametrize(
    ("theme", "strong", "palette"),
    [
        ("light", False, LIGHT),
        ("dark", False, DARK),
        ("light", True, HIGH_LIGHT),
        ("dark", True, HIGH_DARK),
    ],
    ids=["light", "dark", "high light", "high dark"],
)
def test_high_contrast_has_both_themes(theme: str, strong: bool, palette: Palette) -> None:
    """Who needs black on white by day needs white on black at night."""
    assert Session(theme=theme, high_contrast=strong).look.palette == palette
