"""The support campaign: faults in every feature, each sent as a bundle and replayed to the same screen.

python -m tests.campaigns.support_faults [N] [--seed SEED] [--keep DIR] [--jobs J]     (make support-faults N=200)

Each fault is drawn from its number: a resident's story, the moment, what goes wrong. The bundle is
written as a file and performed by a process that has nothing else: no city, no vault, no home, no network.
With `--keep` bundles and outcomes stay in a folder: a run that was broken off goes on there, and `--again`
performs the kept bundles with the app of now. Exit code 1 when fewer than 95 % replay to the same failing
screen; the rest are listed with the reason.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import multiprocessing
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from services.diagnostics import write
from services.errors import ServiceError
from tests.campaigns.support_judging import Outcome, Room, clean
from tests.campaigns.support_meeting import Fault, met
from tests.journeys.conftest import Home, living

ENOUGH = 0.95


def bundle_at(keep: Path, number: int) -> Path:
    """Where a fault's bundle is kept."""
    return keep / f"fault-{number}.zip"


async def campaign(
    faults: Sequence[Fault], folder: Path, keep: Path, *, of: int = 0
) -> list[Outcome]:
    """Meet every fault in one city, and perform every bundle in one clean process."""
    outcomes = []
    missing = any(not bundle_at(keep, fault.number).exists() for fault in faults)
    with clean() as room:
        if missing:
            async with living(folder) as home:
                for fault in faults:
                    outcomes.append(await _one(fault, home, room, keep, of))
        else:
            for fault in faults:
                outcomes.append(await _one(fault, None, room, keep, of))
    return outcomes


async def _one(fault: Fault, home: Home | None, room: Room, keep: Path, of: int) -> Outcome:
    path = bundle_at(keep, fault.number)
    try:
        if not path.exists():
            assert home is not None
            path.write_bytes(write(await met(home, fault)))
        outcome = await asyncio.to_thread(room.judge, fault.number, path)
    except (AssertionError, ServiceError, TimeoutError) as error:
        path.with_suffix(".txt").write_text(traceback.format_exc(), "utf-8")
        outcome = Outcome(fault.number, f"not met: {type(error).__name__}: {error}"[:160])
    with (keep / "outcomes.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
    if of:
        done = len(outcomes_in(keep))
        print(f"{done:3}/{of} {' ' if outcome.same else '!'} {fault}  {outcome.reason}", flush=True)
    return outcome


def outcomes_in(keep: Path) -> dict[int, Outcome]:
    """What is known of the faults of a folder."""
    try:
        lines = (keep / "outcomes.jsonl").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = [Outcome(**json.loads(line)) for line in lines]
    return {one.number: one for one in found}


def _share(faults: Sequence[Fault], keep: Path, of: int) -> None:
    """One process's part of the faults, in a city of its own."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        os.environ["IHANOI_DATA"] = folder
        asyncio.run(campaign(faults, Path(folder), keep, of=of))


def _numbers(numbers: Sequence[int], seed: int, keep: Path, of: int) -> None:
    # A story is made of functions without names, which do not travel between processes.
    _share([Fault.drawn(number, seed) for number in numbers], keep, of)


def summary(outcomes: Sequence[Outcome], seed: int = 0) -> str:
    """The figures of docs/replay.md."""
    faults = {one.number: Fault.drawn(one.number, seed) for one in outcomes}
    same = sum(one.same for one in outcomes)
    screens, alike = sum(one.screens for one in outcomes), sum(one.alike for one in outcomes)
    kinds = Counter(fault.kind for fault in faults.values())
    failed = Counter(faults[one.number].kind for one in outcomes if not one.same)
    by_kind = ", ".join(f"{k} {n - failed[k]}/{n}" for k, n in sorted(kinds.items()))
    rest = [f"  {faults[one.number]}: {one.reason}" for one in outcomes if not one.same]
    return "\n".join(
        [
            f"faults            {len(outcomes)} in {len({f.story.name for f in faults.values()})} stories, seed {seed}",
            f"same last screen  {same} ({same / max(1, len(outcomes)):.1%})",
            f"screens alike     {alike} of {screens} ({alike / max(1, screens):.1%})",
            f"every step alike  {sum(one.same and one.differs_at is None for one in outcomes)}",
            f"errors told       {sum(one.errors for one in outcomes)}",
            f"by fault          {by_kind}",
            *(["the rest:", *rest] if rest else []),
        ]
    )


def main(arguments: list[str]) -> int:
    """Run the campaign in folders of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.support_faults")
    parser.add_argument("faults", nargs="?", type=int, default=200)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0, help="another draw of moments and faults")
    parser.add_argument("--keep", type=Path, help="a folder for bundles and outcomes")
    parser.add_argument("--again", action="store_true", help="perform the kept bundles once more")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    given = parser.parse_args(arguments)
    numbers = range(given.first, given.first + given.faults)
    with tempfile.TemporaryDirectory() as folder:
        keep = given.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        if given.again:
            (keep / "outcomes.jsonl").unlink(missing_ok=True)
        left = [number for number in numbers if number not in outcomes_in(keep)]
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(given.jobs, spawn) as pool:
            shares = [left[n :: given.jobs] for n in range(given.jobs)]
            running = [
                pool.submit(_numbers, share, given.seed, keep, len(numbers))
                for share in filter(None, shares)
            ]
            for one in running:
                one.result()
        found = outcomes_in(keep)
        outcomes = [found[number] for number in numbers if number in found]
        print(summary(outcomes, given.seed))
        return 0 if sum(one.same for one in outcomes) >= ENOUGH * len(numbers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
