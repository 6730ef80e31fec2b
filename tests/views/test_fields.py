"""What a resident's finger chose or typed is what counts, whatever the screen was doing meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from views.components.fields import Toggle, heard


@pytest.mark.parametrize(
    ("drawn", "told", "held", "meant"),
    [
        ("Ổ gà", "Ổ gà s", "Ổ gà s", "Ổ gà s"),
        ("Ổ gà", "Ổ gà s", "Ổ gà sâu", "Ổ gà sâu"),
        ("Ổ gà", "Ổ gà s", "Ổ gà", "Ổ gà s"),
        ("Ổ", "", "Ổ", ""),
        ("Ổ gà", None, "Ổ gà", "Ổ gà"),
        (2, 3.0, 2, 3.0),
    ],
)
def test_what_a_drawing_set_back_still_counts(drawn: Any, told: Any, held: Any, meant: Any) -> None:
    """Later keys go before the event's own; a control set back to what was drawn knows of none."""
    event = SimpleNamespace(data=told, control=SimpleNamespace(value=held))
    assert heard(drawn, event) == meant


@pytest.mark.parametrize("on", [True, False])
def test_a_switch_set_back_by_a_drawing_still_counts(on: bool) -> None:
    """Between a finger and its event another drawing may have set the control back."""
    chosen: list[bool] = []
    switch: Any = Toggle(on, chosen.append)
    switch.on_change(SimpleNamespace(data=not on, control=SimpleNamespace(value=on)))
    assert chosen == [not on]
