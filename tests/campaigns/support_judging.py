"""Whether a bundle replays to the screen that its resident met, found out where nothing of theirs is.

python -m tests.campaigns.support_judging     reads paths from its input, answers each with a line of JSON

`Room` starts that as a process of its own: no variable of the environment, an empty home, and, where the
machine gives one, a network namespace without even a loopback.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from app.replay.performing import Performance, perform
from app.replay.testing import told
from services.diagnostics import read

ROOT = Path(__file__).parents[2]
ALONE = ("unshare", "--map-root-user", "--net")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a bundle replayed: why its last screen or its errors are others, empty if they are the same.

    `alike` of `screens` had the recorded digest; `differs_at` is the first step that had not.
    """

    number: int
    reason: str
    screens: int = 0
    alike: int = 0
    errors: int = 0
    differs_at: int | None = None

    @property
    def same(self) -> bool:
        """Whether it came to the same failing screen."""
        return not self.reason


def judged(number: int, performance: Performance) -> Outcome:
    """Compare address, messages and digest of the last screen, and each error by type and code."""
    compared = [scene for scene in performance.scenes if scene.recorded is not None]
    alike = sum(not scene.differs for scene in compared)
    recorded = Counter((one.type, one.code) for one in told(performance.bundle.steps))
    replayed = Counter((one.type, one.code) for one in told(performance.errors))
    missed = set(recorded) - set(replayed)
    last, first = (compared[-1] if compared else None), performance.first_difference
    reason = ""
    if performance.crash:
        reason = performance.crash.splitlines()[0]
    elif last is None:
        reason = "no screen was recorded"
    elif last.differs:
        reason = _difference(performance)
    elif missed:
        reason = f"errors not met: {sorted(missed)}"
    at = first.step.number if first is not None else None
    return Outcome(number, reason, len(compared), alike, sum(recorded.values()), at)


def _difference(performance: Performance) -> str:
    scene = [scene for scene in performance.scenes if scene.recorded is not None][-1]
    there, here = scene.recorded, scene.replayed
    assert there is not None
    if here is None or not scene.found:
        return "the last step's control was not there"
    lost, more = (
        Counter(there.words) - Counter(here.words),
        Counter(here.words) - Counter(there.words),
    )
    said = []
    if there.route != here.route:
        said.append(f"address {here.route} for {there.route}")
    if lost or more:
        said.append(f"missing {list(lost.elements())[:4]}, more {list(more.elements())[:4]}")
    if performance.unrecorded:
        asked = [f"{one.method} {one.path}" for one in performance.unrecorded[-2:]]
        said.append(f"not recorded: {asked}")
    return "the last screen: " + "; ".join(said or ["another order"])


class Room:
    """A process that holds nothing but the project and what it is given. Use it in `clean`."""

    def __init__(self, answers: IO[str], asks: IO[str], *, alone: bool) -> None:
        self.alone = alone
        self._answers, self._asks = answers, asks

    def judge(self, number: int, path: Path) -> Outcome:
        """Have a bundle performed there."""
        print(json.dumps([number, str(path)]), file=self._asks, flush=True)
        line = self._answers.readline()
        if not line:
            return Outcome(number, "the clean process ended")
        return Outcome(**json.loads(line))


@contextmanager
def clean() -> Iterator[Room]:
    """A clean process as long as it is needed. Raises AssertionError if it left a file in its home."""
    alone = can_be_alone()
    with tempfile.TemporaryDirectory() as home:
        # No cache of compiled modules: a file in that home would be one that a replay wrote.
        environment = {"HOME": home, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": home}
        room = subprocess.Popen(
            [*(ALONE if alone else ()), sys.executable, "-m", __spec__.name],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert room.stdin is not None
        assert room.stdout is not None
        try:
            yield Room(room.stdout, room.stdin, alone=alone)
        finally:
            room.stdin.close()
            room.wait(60)
            room.stdout.close()
        left = sorted(str(one) for one in Path(home).rglob("*"))
        assert not left, f"a replay left files behind: {left}"


def can_be_alone() -> bool:
    """Whether this machine gives a network namespace to anybody."""
    found = shutil.which(ALONE[0])
    return found is not None and not subprocess.run([*ALONE, "true"], check=False).returncode


def main() -> int:
    """Answer until the input ends."""
    for line in sys.stdin:
        number, path = json.loads(line)
        outcome = _judge(number, Path(path))
        print(json.dumps(asdict(outcome), ensure_ascii=False), flush=True)
    return 0


def _judge(number: int, path: Path) -> Outcome:
    try:
        return judged(number, perform(read(path.read_bytes())))
    except Exception as error:  # One bundle that cannot be performed is one that failed.
        return Outcome(number, f"{type(error).__name__}: {error}"[:160])


if __name__ == "__main__":
    sys.exit(main())
