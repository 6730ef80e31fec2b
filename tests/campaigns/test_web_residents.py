"""The campaign of many residents on one web host, short: `make residents` runs fifty."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns.web_residents import campaign


async def test_residents_at_once_see_only_their_own(tmp_path: Path) -> None:
    """One process serves them all: one leaked name would be everybody's."""
    outcome = await campaign(6, tmp_path)
    assert outcome.good, outcome
    assert outcome.messages > 6 * 10, outcome
