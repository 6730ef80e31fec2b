"""`python -m app replay FILE`: a support bundle replayed in a browser on this machine, or checked in the terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import flet as ft

from app.explaining import explain_code
from app.replay.lines import lines_of
from app.replay.opened import Opened
from app.replay.opening import watch
from app.replay.performing import Performance, perform
from app.replay.testing import write_test
from app.state import Session
from app.text import show_second
from services.diagnostics import Bundle, read
from services.errors import Rejected

TESTS = Path("tests") / "journeys" / "replayed"

Main = Callable[[ft.Page], Awaitable[None]]


class Refused(Exception):
    """The file is no bundle that can be replayed; its text is one sentence for the terminal."""


def load(path: Path) -> Bundle:
    """Read a bundle file; one that is past its days opens for whoever holds the file. Raises Refused."""
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    except Rejected as error:
        raise Refused(f"{path.name}: {explain_code(error.code)} ({error.code})") from None


def viewer_of(path: Path, bundle: Bundle) -> Main:
    """What shows one file to whoever opens the address; a checkout of the project can make a test of it."""

    def _written() -> Path:
        return write_test(path.read_bytes(), path.stem, TESTS)

    async def make_test() -> str:
        return str(await asyncio.to_thread(_written))

    async def main(page: ft.Page) -> None:
        viewer = Session(width=page.width or 1280.0)
        viewer.platform_dark = page.platform_brightness == ft.Brightness.DARK
        viewer.language = "en" if os.environ.get("LANG", "").startswith("en") else "vi"
        can_make = make_test if TESTS.parent.is_dir() else None
        watch(page, Opened(path.stem, bundle, make_test=can_make), viewer)

    return main


def report(bundle: Bundle) -> tuple[str, bool]:
    """Perform a bundle and say, for the terminal, what happened; and whether it went as recorded."""
    performance = perform(bundle)
    rows = [
        f"{show_second(line.moment)}  {_mark(line.failed, line.differs)} {line.title}"
        for line in lines_of(performance)
    ]
    return "\n".join([*rows, "", _verdict(performance)]), _same(performance)


def _mark(failed: bool, differs: bool) -> str:
    return "!" if failed else "≠" if differs else " "


def _same(performance: Performance) -> bool:
    return performance.first_difference is None and performance.crash is None


def _verdict(performance: Performance) -> str:
    recorded = performance.bundle.manifest.app_version or "?"
    versions = f"recorded with app {recorded}, replayed with app {performance.version}"
    scene = performance.first_difference
    if performance.crash is not None:
        return f"The app stopped ({versions})."
    if scene is None:
        return f"Every screen is as recorded ({versions})."
    return f"The first step that differs is {scene.step.number} ({versions})."
