"""A bundle as a test: fails while the recorded error is met, passes once it is no longer met."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from app.replay.performing import Performance, perform
from services.diagnostics import Bundle, Step, read

TEST = Template('''"""What a resident met and sent to support, replayed from its bundle."""

from __future__ import annotations

from pathlib import Path

from app.replay.testing import errors_met
from services.diagnostics import read

BUNDLE = Path(__file__).with_name("$name.zip")


def test_the_resident_no_longer_meets_$error() -> None:
    """$story"""
    assert errors_met(read(BUNDLE.read_bytes())) == []
''')


@dataclass(frozen=True, slots=True)
class Met:
    """An error that the recording tells of and that the replay meets again."""

    step: int
    type: str
    code: str
    status: int | None = None


def errors_met(bundle: Bundle) -> list[Met]:
    """The recorded errors that the app of today meets too, in the recording's order."""
    return met(perform(bundle))


def met(performance: Performance) -> list[Met]:
    """The recorded errors that a performance met."""
    today = told(performance.errors)
    found = []
    for error in told(performance.bundle.steps):
        same = next(
            (one for one in today if (one.type, one.code) == (error.type, error.code)), None
        )
        if same is not None:
            today.remove(same)
            found.append(error)
    return found


def told(steps: Iterable[Step]) -> list[Met]:
    """The errors among steps."""
    return [
        Met(
            step.number,
            str(step.detail.get("type")),
            str(step.detail.get("code")),
            step.detail.get("status"),
        )
        for step in steps
        if step.kind == "error"
    ]


def write_test(data: bytes, code: str, folder: Path) -> Path:
    """Write the bundle and a test of it into a folder; returns the test's path.

    Raises Rejected for what is no bundle, OSError where nothing can be written.
    """
    bundle = read(data)
    name = re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_") or "bundle"
    errors = told(bundle.steps)
    error = errors[-1].code if errors else "another_screen"
    folder.mkdir(parents=True, exist_ok=True)
    package = folder / "__init__.py"
    if not package.exists():
        package.write_text(
            '"""What residents met and sent to support, each with its bundle."""\n', "utf-8"
        )
    (folder / f"{name}.zip").write_bytes(data)
    path = folder / f"test_{name}.py"
    story = _story(bundle, errors)
    path.write_text(TEST.substitute(name=name, error=_word(error), story=story), "utf-8")
    return path


def _story(bundle: Bundle, errors: list[Met]) -> str:
    day = f"{bundle.manifest.created:%Y-%m-%d}"
    if not errors:
        return f"Recorded {day} with app {bundle.manifest.app_version}."
    last = errors[-1]
    status = f", {last.status}" if last.status else ""
    version = bundle.manifest.app_version
    return f"Step {last.step} ended in {last.type} ({last.code}{status}), recorded {day} with app {version}."


def _word(code: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", code.lower()) or "an_error"
