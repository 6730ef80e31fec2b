"""A few faults of the support campaign: each bundle replays to the screen that its resident met."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.campaigns.support_faults import campaign, summary
from tests.campaigns.support_meeting import Fault

NUMBERS = (3, 5, 6)
"""An expired sign-in, a cut line and bad data of a register: `make support-faults` takes 200."""


async def test_what_residents_met_is_met_again(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine that has the bundle alone: an empty home, no variable, no network, no file left behind."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    outcomes = await campaign([Fault.drawn(number) for number in NUMBERS], tmp_path, tmp_path)
    assert all(outcome.same for outcome in outcomes), summary(outcomes)
