"""Memory of a browser tab on the web host: `python -m tests.bench.web_sessions [TABS]` prints kB a tab.

The real app in this process. Resident memory (RSS) is read with some tabs open and again with so many
more, each signed in, its home drawn and then idle; the difference is divided by their number. Then all
leave: what is left after their time is over is counted in Flet sessions, which must be none.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flet_web.fastapi.flet_app import app_manager
from starlette.types import ASGIApp

from tests.campaigns.web_residents import PEOPLE, host
from tests.web.visitor import Visitor
from tests.web.window import Window

TABS, WARM = 100, 20


async def bench(tabs: int, folder: Path) -> dict[str, float]:
    """Open tabs and measure; then let all of them go."""
    async with host(folder) as app:
        people = list(PEOPLE)
        visitors = [await _signed_in(app, who) for who in people]
        windows = [
            await _idle(visitors[n % len(people)], people[n % len(people)]) for n in range(WARM)
        ]
        before = _resident_kilobytes()
        for number in range(tabs):
            who = people[number % len(people)]
            windows.append(await _idle(visitors[number % len(people)], who))
        after = _resident_kilobytes()
        for window in windows:
            await window.leave()
        left = await _after_their_time()
    return {"tabs": tabs, "kB a tab": round((after - before) / tabs, 1), "sessions left": left}


async def _signed_in(app: ASGIApp, who: str) -> Visitor:
    visitor = Visitor(app)
    await visitor.open()
    await visitor.sign_in(who)
    return visitor


async def _idle(visitor: Visitor, who: str) -> Window:
    """A tab at home whose own copy of the screen, which is the browser's, is thrown away."""
    window = await Window(visitor).start("/")
    await window.sees_words(PEOPLE[who].split()[-1])
    window.said.clear()
    window.screen.clear()
    return window


async def _after_their_time() -> int:
    sessions: dict[str, Any] = vars(app_manager)["_FletAppManager__sessions"]
    for name in list(sessions):
        await app_manager.delete_session(name)
    await asyncio.sleep(0.1)
    gc.collect()
    from flet.messaging.session import Session

    return sum(isinstance(each, Session) for each in gc.get_objects())


def _resident_kilobytes() -> int:
    gc.collect()
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main(arguments: Sequence[str]) -> None:
    """Print one line of JSON."""
    tabs = int(arguments[0]) if arguments else TABS
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(bench(tabs, Path(name)))))


if __name__ == "__main__":
    main(sys.argv[1:])
