"""The support campaign: faults in every feature, each sent as a bundle and replayed to the same screen.

python -m tests.campaigns.support_faults [N] [--seed SEED]     (make support-faults N=200)

Each fault is drawn from its number: a resident's story, the moment, what goes wrong. The bundle is
written, read and performed as support would, with no city, no vault and no network of the resident's.
Exit code 1 when fewer than 95 % replay to the same failing screen; the rest are listed with the reason.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from app import paths
from app.replay.performing import Performance, perform
from app.replay.resident import claims_of
from app.replay.testing import told
from services.clock import ServerClock
from services.device import Place
from services.diagnostics import Bundle, Recorder, read, write
from services.errors import ServiceError
from tests.campaigns.support_stories import STORIES, Hands, Story
from tests.journeys.conftest import Home, living
from tests.support.cut import link_of
from tests.support.device import DeviceTwin
from tests.support.phone import Phone
from tests.support.troubles import KINDS, Troubles, fill_disk

ENOUGH = 0.95
CLOCKS = (-86_400.0, -3_600.0, 3_600.0, 40 * 86_400.0)
"""Seconds by which a resident's own clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: whose story, before which act, what goes wrong; `clock` is a wrong clock's shift."""

    number: int
    story: Story
    before: int
    kind: str
    clock: float = 0.0

    @classmethod
    def drawn(cls, number: int) -> Fault:
        """The fault of a number, always the same."""
        random = Random(f"support fault {number}")
        story = STORIES[number % len(STORIES)]
        kind = random.choice((*KINDS, "clock"))
        shift = random.choice(CLOCKS) if kind == "clock" else 0.0
        return cls(number, story, random.randrange(len(story.acts)), kind, shift)

    def __str__(self) -> str:
        return f"{self.number:3} {self.story.name} act {self.before + 1} {self.kind}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fault's bundle replayed: the screen met last, all screens, the errors; why not, if not."""

    fault: Fault
    same: bool
    screens: int
    alike: int
    errors: int
    reason: str = ""


async def met(home: Home, fault: Fault) -> Bundle:
    """Let a resident meet a fault, and take the bundle they would send."""
    process = replace(
        home.process, clock=ServerClock(device_time=lambda: time.time() + fault.clock)
    )
    place = Home(process, home._browser).another_vault()
    link = link_of(process.http)
    troubles = Troubles(link.inner, fault.number)
    link.inner = troubles
    phone, device = await _signed_in(place, fault, troubles)
    device.place = Place(21.0301, 105.8501, 12.0)
    recorder: Recorder = phone.page.session.store.get("recorder")
    hands = Hands(phone, device)
    relieve = None
    try:
        await hands.look()
        for place_, act in enumerate(fault.story.acts):
            if place_ == fault.before:
                relieve = _begin(troubles, fault, place)
            await act(hands)
        await hands.look()
        await hands.go(paths.SUPPORT)
        if relieve is not None:
            relieve()
        person = device.identity.person
        roles = person.roles if person is not None else ()
        return with_somebody(await recorder.bundle(), recorder, roles)
    finally:
        process.http._transport = troubles.inner
        await place.close()
        place.process.vault.close()


async def _signed_in(place: Home, fault: Fault, troubles: Troubles) -> tuple[Phone, DeviceTwin]:
    """The story's resident, signed in; whatever happens, the line is given back."""
    try:
        return await place.signed_in(fault.story.who)
    except BaseException:
        place.process.http._transport = troubles.inner
        raise


def with_somebody(bundle: Bundle, recorder: Recorder, roles: Sequence[str] = ()) -> Bundle:
    """The bundle with a stand-in for the resident, where the recorder told of none."""
    if claims_of(bundle):
        return bundle
    name = recorder.reducer.stand_ins.of("name", "Nguyễn Minh Anh")
    person = {"subject": "x", "name": name, "acr": "loa2", "ward_code": "00070"}
    return replace(bundle, state={**bundle.state, "person": {**person, "roles": list(roles)}})


def _begin(troubles: Troubles, fault: Fault, home: Home):  # type: ignore[no-untyped-def]
    if fault.kind == "full":
        return fill_disk(home.process.vault._connection)
    troubles.kind = fault.kind
    return None


def judged(fault: Fault, performance: Performance) -> Outcome:
    """Whether the replay came to the screen that the resident met, and how much of the way was the same."""
    compared = [scene for scene in performance.scenes if scene.recorded is not None]
    alike = sum(not scene.differs for scene in compared)
    recorded = Counter((one.type, one.code) for one in told(performance.bundle.steps))
    replayed = Counter((one.type, one.code) for one in told(performance.errors))
    missed = set(recorded) - set(replayed)
    last = compared[-1] if compared else None
    reason = ""
    if performance.crash:
        reason = performance.crash.splitlines()[0]
    elif last is None:
        reason = "no screen was recorded"
    elif last.differs:
        reason = _difference(last.recorded.words, last.replayed.words if last.replayed else ())  # type: ignore[union-attr]
        if performance.unrecorded:
            reason += f", not recorded: {[(one.method, one.path, round(one.at, 1)) for one in performance.unrecorded][-3:]}"
    elif missed:
        reason = f"not met: {sorted(missed)}"
    return Outcome(fault, not reason, len(compared), alike, sum(recorded.values()), reason)


def _difference(recorded: Sequence[str], replayed: Sequence[str]) -> str:
    lost = list((Counter(recorded) - Counter(replayed)).elements())
    more = list((Counter(replayed) - Counter(recorded)).elements())
    return (
        f"the last screen: missing {lost[:4]}, more {more[:4]}"
        if lost or more
        else "order or address"
    )


async def campaign(
    numbers: Sequence[int], folder: Path, *, keep: Path | None = None, quiet: bool = True
) -> list[Outcome]:
    """Meet every fault in one city, and perform every bundle."""
    outcomes = []
    async with living(folder) as home:
        for number in numbers:
            fault = Fault.drawn(number)
            try:
                bundle = read(write(await met(home, fault)))
                performance = await asyncio.to_thread(perform, bundle)
                outcome = judged(fault, performance)
                if keep is not None and not outcome.same:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"fault-{number}.zip").write_bytes(write(bundle))
            except (AssertionError, ServiceError, TimeoutError) as error:
                outcome = Outcome(fault, False, 0, 0, 0, f"{type(error).__name__}: {error}"[:160])
            outcomes.append(outcome)
            if not quiet:
                print(f"{'  ' if outcome.same else '! '}{fault}  {outcome.reason}", flush=True)
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    """The figures of docs/support-bundles.md."""
    same = sum(one.same for one in outcomes)
    screens, alike = sum(one.screens for one in outcomes), sum(one.alike for one in outcomes)
    kinds = Counter(one.fault.kind for one in outcomes)
    failed = Counter(one.fault.kind for one in outcomes if not one.same)
    by_kind = ", ".join(f"{k} {n - failed[k]}/{n}" for k, n in sorted(kinds.items()))
    rest = [f"  {one.fault}: {one.reason}" for one in outcomes if not one.same]
    return "\n".join(
        [
            f"faults            {len(outcomes)} in {len({o.fault.story.name for o in outcomes})} stories",
            f"same last screen  {same} ({same / len(outcomes):.1%})",
            f"screens alike     {alike} of {screens} ({alike / max(1, screens):.1%})",
            f"errors told       {sum(one.errors for one in outcomes)}",
            f"by fault          {by_kind}",
            *(["the rest:", *rest] if rest else []),
        ]
    )


def main(arguments: list[str]) -> int:
    """Run the campaign in a folder of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.support_faults")
    parser.add_argument("faults", nargs="?", type=int, default=200)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, help="a folder for the bundles that replay differently"
    )
    given = parser.parse_args(arguments)
    numbers = range(given.first, given.first + given.faults)
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        os.environ["IHANOI_DATA"] = folder
        outcomes = asyncio.run(campaign(numbers, Path(folder), keep=given.keep, quiet=False))
        print(summary(outcomes))
        return 0 if sum(one.same for one in outcomes) >= ENOUGH * len(outcomes) else 1
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
