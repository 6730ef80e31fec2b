"""The steps of a recording as lines for people: several keystrokes are one, and what is only for machines is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.replay.mirror import Node, nodes, words_on
from app.replay.performing import Performance, Scene
from app.text import _
from services.diagnostics import Step
from views.components.step_words import name_of, same_field, silent, step_line

LED = ("start", "route", "back")
"""Kinds of steps that led to a screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: the scenes it stands for, from `first` to `last`, by their place."""

    title: str
    detail: str
    at: float
    moment: datetime
    first: int
    last: int
    failed: bool = False
    differs: bool = False


def lines_of(performance: Performance) -> list[Line]:
    """The lines of a performance, in order; every scene that says something belongs to one."""
    found: list[Line] = []
    started = performance.bundle.manifest.started
    before: Step | None = None
    for place, scene in enumerate(performance.scenes):
        if silent(scene.step):
            continue
        title, detail, failed = _words(scene)
        moment = started + timedelta(seconds=scene.step.at)
        line = Line(
            title, detail, scene.step.at, moment, place, place, failed, differs=scene.differs
        )
        if before is not None and same_field(before, scene.step):
            last = found.pop()
            line = Line(
                title,
                detail,
                last.at,
                last.moment,
                last.first,
                place,
                differs=last.differs or scene.differs,
            )
        found.append(line)
        before = scene.step
    return found


def merged(performance: Performance, lines: Sequence[Line]) -> int:
    """How many small steps were put together with others."""
    said = sum(1 for scene in performance.scenes if not silent(scene.step))
    return said - len(lines)


def _words(scene: Scene) -> tuple[str, str, bool]:
    """A step's title, what stands below it, and whether it went wrong."""
    step = scene.step
    line = step_line(step, _screen_name(scene))
    hidden = _("{what}, hidden").format(what=line.hidden) if line.hidden else ""
    missed = "" if scene.found else _("Not on the replayed screen")
    return line.words, " · ".join(filter(None, (hidden, line.detail, missed))), line.failed


def _screen_name(scene: Scene) -> str:
    """The heading of the screen to which a step led; of an act, of the screen on which it was done."""
    if scene.step.kind not in LED:
        return name_of(scene.recorded) if scene.recorded is not None else ""
    if scene.picture.route == "/":
        return _("Home")
    view: Node = scene.picture.open()["view"]
    heading = next((node for node in nodes(view) if node.get("heading_level") == 1), None)
    return next((word for node in nodes(heading or {}) for word in words_on(node)), "")
