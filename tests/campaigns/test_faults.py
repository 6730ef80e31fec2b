"""The fault campaign, short: real processes, a breaking network, kill -9."""

from __future__ import annotations

import sys

import pytest

from tests.campaigns.faults import campaign


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
async def test_nothing_is_lost_and_nothing_doubled() -> None:
    """The promise of the whole app, short; `make faults` keeps it 20,000 times."""
    outcome = await campaign(40, seed=4)
    assert outcome.good, outcome
    assert outcome.kills["client"] >= 1, outcome
    assert outcome.kills["gateway"] >= 1, outcome
    assert sum(outcome.faults.values()) >= 10, outcome
