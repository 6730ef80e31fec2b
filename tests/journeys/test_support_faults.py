"""A few faults of the support campaign: each bundle replays to the screen that its resident met."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.campaigns.support_faults import campaign, summary

NUMBERS = (3, 5, 6)
"""An expired sign-in, a cut line and bad data of a register: `make support-faults` takes 200."""


async def test_what_residents_met_is_met_again(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six seconds: real residents in a real city, and the waits of the app between its tries."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    outcomes = await campaign(NUMBERS, tmp_path)
    assert all(outcome.same for outcome in outcomes), summary(outcomes)
