"""Canaries behind drawn screens: a short walk here, ten thousand of them in `screen_canaries`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.routing import templates
from tests.campaigns.screen_canaries import campaign
from tests.campaigns.screen_walks import UNSEEN, WALKS, ways
from tests.journeys.conftest import prepared

__all__ = ["prepared"]

SHORT = ("reports", "items")


async def test_what_stands_on_screens_is_in_no_bundle(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resident saw names, streets and findings; whoever opens the bundle sees none."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("IHANOI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    outcome = await campaign(tmp_path, 1, tuple(walk for walk in WALKS if walk.name in SHORT))
    assert outcome.canaries > 100
    assert outcome.searched > 50_000
    assert outcome.leaked == []


def test_every_screen_is_walked_or_named_with_the_reason() -> None:
    """A screen that is added and forgotten could show what its bundle then tells."""
    missing = set(templates()) - ways() - set(UNSEEN)
    assert not missing, f"add to a walk, or to UNSEEN with the reason: {sorted(missing)}"
    assert not set(UNSEEN) - set(templates())
    assert all(len(reason) > 20 for reason in UNSEEN.values())
