"""A device that was full is full in its replay, at the same writing and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.replay.loop import ReplayLoop
from app.replay.resident import MemoryVault
from app.replay.storing import Refusals
from services.diagnostics import Step
from services.errors import Rejected


def refusal(at: float, after: int, *tables: str) -> Step:
    refused = {"type": "Rejected", "code": "storage_full"}
    told = {"call": "store", "tables": list(tables), "after": after, "refused": refused}
    return Step(1, at, "device", told)


def run(work: Callable[[], Awaitable[None]]) -> None:
    loop = ReplayLoop()
    try:
        loop.run_until_complete(asyncio.wait_for(work(), 600))
    finally:
        loop.close()


def test_the_writing_that_was_refused_is_refused_again() -> None:
    """The first draft fitted, the second did not, and what else was written did."""

    async def work() -> None:
        refusals = Refusals([refusal(2.0, 1, "drafts")], asyncio.get_running_loop().time())
        assert refusals.of(["drafts"]) == ""
        assert refusals.of(["saved"]) == ""
        assert refusals.of(["drafts"]) == "storage_full"
        assert refusals.of(["drafts"]) == ""

    run(work)


def test_a_refusal_comes_at_its_time_if_the_replay_wrote_less_often() -> None:
    """Counting alone would never come to it."""

    async def work() -> None:
        refusals = Refusals([refusal(20.0, 7, "drafts")], asyncio.get_running_loop().time())
        assert refusals.of(["drafts"]) == ""
        await asyncio.sleep(19.9)
        assert refusals.of(["drafts"]) == "storage_full"

    run(work)


def test_a_refusal_whose_time_is_over_harms_nobody() -> None:
    """It was of something that the replay did not write."""

    async def work() -> None:
        refusals = Refusals([refusal(1.0, 0, "drafts")], asyncio.get_running_loop().time())
        await asyncio.sleep(10)
        assert refusals.of(["drafts"]) == ""

    run(work)


def test_the_store_of_a_replay_refuses_and_keeps_nothing() -> None:
    """As a full device does, with the same words for the resident."""

    async def work() -> None:
        vault = MemoryVault()
        vault.refusals = Refusals([refusal(0.0, 0, "drafts")], asyncio.get_running_loop().time())
        rows = vault.for_subject("replayed")
        with pytest.raises(Rejected) as refused:
            await rows.put("drafts", "one", {"a": 1})
        assert refused.value.code == "storage_full"
        assert await rows.list("drafts") == {}

    run(work)
