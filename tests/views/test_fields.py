"""What a resident's finger chose is what counts, whatever the screen was doing meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from views.components.fields import Toggle


@pytest.mark.parametrize(
    ("told", "standing", "chosen"), [(True, False, True), (False, True, False), (None, True, True)]
)
def test_a_switch_set_back_by_a_drawing_still_counts(
    told: bool | None, standing: bool, chosen: bool
) -> None:
    """Between a finger and its event another drawing may have set the control back; nothing told: as it stands."""
    heard: list[bool] = []
    switch: Any = Toggle(False, heard.append)
    switch.on_change(SimpleNamespace(data=told, control=SimpleNamespace(value=standing)))
    assert heard == [chosen]
