"""Many residents on one web host: `python -m tests.campaigns.web_residents [SESSIONS]` prints JSON.

The real app, gateway and provider in one process. Every session signs in, writes a draft with words of
its resident's own, reads its drafts, its post and its name, all at once with the others; then tries
to take over another's Flet session. No message to a session may hold another resident's words.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

from starlette.types import ASGIApp

from app.config import load
from app.serve import make_web_app
from tests.web.visitor import PUBLIC_URL, Tab, Visitor, running
from tests.web.window import Window

SESSIONS = 50
NOT_OURS = 4403
DESCRIPTION = "Chuyện gì đang xảy ra?"
PEOPLE = {
    "nguyen-minh-anh": "Nguyễn Minh Anh",
    "pham-thi-lan": "Phạm Thị Lan",
    "le-hoang-nam": "Lê Hoàng Nam",
    "vu-khanh-linh": "Vũ Khánh Linh",
    "do-thanh-tung": "Đỗ Thanh Tùng",
    "trinh-van-lam": "Trịnh Văn Lâm",
    "hoang-duc-quan": "Hoàng Đức Quân",
    "bui-thu-ha": "Bùi Thu Hà",
}
"""Residents of the sandbox, none of whom sees another's name on the screens that are opened here."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found; `leaks` names who was told whose words, `taken` whose session was taken."""

    sessions: int
    messages: int
    leaks: tuple[str, ...]
    taken: int

    @property
    def good(self) -> bool:
        """Nobody was told anything of somebody else's."""
        return not self.leaks and not self.taken


def words_of(who: str) -> str:
    """Words that only this resident writes."""
    return f"Vũng nước trước cửa nhà số {sum(who.encode())} của {who[::-1]}"


@asynccontextmanager
async def host(folder: Path) -> AsyncIterator[ASGIApp]:
    """The whole product as `make app` serves it, with a client of one file."""
    client = folder / "client"
    client.mkdir()
    (client / "main.dart.wasm").write_bytes(b"\0asm")
    (client / "flutter_bootstrap.js").write_text("")
    environ = {"FLET_WEB_PATH": str(client), "IHANOI_DATA": str(folder / "data")}
    with patch.dict(os.environ, environ):
        os.environ.pop("DATABASE_URL", None)
        app = make_web_app(load(), PUBLIC_URL)
        async with running(app):
            yield app


async def campaign(count: int, folder: Path) -> Outcome:
    """Let so many sessions live at once, and look at everything they were sent."""
    async with host(folder) as app:
        people = list(PEOPLE)
        visitors = [Visitor(app) for _ in range(count)]
        who = [people[number % len(people)] for number in range(count)]
        for visitor, name in zip(visitors, who, strict=True):
            await visitor.open()
            assert (await visitor.sign_in(name)).status_code == 303
        lives = [live(visitor, name) for visitor, name in zip(visitors, who, strict=True)]
        windows = await asyncio.gather(*lives)
        taken = await _take_over(visitors, windows)
        leaks = [
            leak for window, name in zip(windows, who, strict=True) for leak in _leaks(window, name)
        ]
        told = sum(len(window.said) for window in windows)
        await asyncio.gather(*(window.leave() for window in windows))
    gc.collect()
    return Outcome(count, told, tuple(leaks), taken)


async def live(visitor: Visitor, who: str) -> Window:
    """One resident's minutes: a draft, the drafts, the post, the page with their name."""
    window = await Window(visitor).start("/reports/new")
    await window.write(DESCRIPTION, words_of(who))
    await window.go("/me/inbox")
    await window.go("/me")
    await window.sees_words(PEOPLE[who])
    await window.go("/reports/drafts")
    await window.sees_words(words_of(who))
    await window.go("/")
    await window.sees_words(PEOPLE[who].split()[-1])
    return window


async def _take_over(visitors: Sequence[Visitor], windows: Sequence[Window]) -> int:
    """How many could register on the next resident's Flet session with their own cookie."""
    taken = 0
    for number, visitor in enumerate(visitors):
        other = windows[(number + 1) % len(windows)]
        tab = Tab(visitor)
        await tab.connect()
        await tab.register(other.session_id)
        if tab.closed is None:
            taken += tab.session_id == other.session_id
            await tab.drop()
        else:
            taken += tab.closed != NOT_OURS
    return taken


def _leaks(window: Window, who: str) -> list[str]:
    said = "\n".join(window.said)
    return [
        f"{who} was told of {other}"
        for other in PEOPLE
        if other != who and (PEOPLE[other] in said or words_of(other) in said)
    ]


def main(arguments: Sequence[str]) -> int:
    """Run it; 1 when somebody was told something of somebody else's."""
    count = int(arguments[0]) if arguments else SESSIONS
    with tempfile.TemporaryDirectory() as name:
        outcome = asyncio.run(campaign(count, Path(name)))
    print(json.dumps(asdict(outcome)))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
