"""What was recorded, in words: each step's line, with a box where something typed is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.text import _, ngettext
from services.diagnostics import Bundle, Screen, Step

SILENT = ("chance",)
"""Kinds that are for machines alone."""
UNNAMED = ("", "•")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line: `at` seconds after the start, what was done, and what a box hides."""

    at: float
    words: str
    hidden: str = ""
    failed: bool = False


def step_lines(bundle: Bundle) -> list[StepLine]:
    """The lines of a bundle, oldest first; several keystrokes in one field are one line."""
    found: list[StepLine] = []
    before: Step | None = None
    for step in bundle.steps:
        if step.kind in SILENT:
            continue
        line = _line(step, bundle.screens)
        if before is not None and _same_field(before, step):
            line = StepLine(found.pop().at, line.words, line.hidden)
        found.append(line)
        before = step
    return found


def _same_field(one: Step, other: Step) -> bool:
    if one.kind != "act" or other.kind != "act" or "text" not in _data(other):
        return False
    names = ("control", "label", "position")
    return all(one.detail.get(name) == other.detail.get(name) for name in names)


def _line(step: Step, screens: Sequence[Screen]) -> StepLine:
    match step.kind:
        case "start":
            words = _("Opened {screen}").format(screen=_screen(step, screens))
        case "route":
            words = _("Went to {screen}").format(screen=_screen(step, screens))
        case "back":
            words = _("Went back")
        case "network":
            words = _("Network is back") if step.detail.get("open") else _("Network went away")
        case "person":
            words = _("Signed in") if step.detail.get("signed_in") else _("No longer signed in")
        case "error":
            name = step.detail.get("status") or step.detail.get("code") or ""
            return StepLine(step.at, _("Met error {name}").format(name=name), failed=True)
        case "device":
            words = _device(step)
        case _:
            return _act(step)
    return StepLine(step.at, words)


def _act(step: Step) -> StepLine:
    data, name = _data(step), _name(step)
    if "text" in data:
        typed = data["text"] if isinstance(data["text"], dict) else {}
        length = int(typed.get("length") or 0)
        hidden = ngettext("{n} character", "{n} characters", length)
        return StepLine(step.at, _("Typed in {name}").format(name=name), hidden)
    if "on" in data:
        words = _("Turned on {name}") if data["on"] else _("Turned off {name}")
    else:
        words = _("Chose in {name}") if data else _("Pressed {name}")
    return StepLine(step.at, words.format(name=name))


def _device(step: Step) -> str:
    if step.detail.get("refused"):
        return _("The device said no")
    answer = step.detail.get("answer")
    if step.detail.get("call") == "pick_photos":
        count = len(answer) if isinstance(answer, list) else 0
        return ngettext("Chose {n} photo", "Chose {n} photos", count)
    said = {
        "find_place": _("The device told the place"),
        "pick_file": _("Chose a file"),
        "save_file": _("Saved a file"),
        "share_link": _("Shared a link"),
        "sign_in": _("Signed in with VNeID"),
        "sign_out": _("Signed out"),
    }
    return said.get(str(step.detail.get("call")), _("The device answered"))


def _name(step: Step) -> str:
    label = str(step.detail.get("label") or "")
    return _("an unnamed item") if label in UNNAMED else f"“{_(label)}”"


def _data(step: Step) -> dict[str, object]:
    data = step.detail.get("data")
    return data if isinstance(data, dict) else {}


def _screen(step: Step, screens: Sequence[Screen]) -> str:
    """The heading of the screen at the step's address; the address where nothing was drawn."""
    route = str(step.detail.get("route") or "")
    there = (one for one in screens if one.route == route and one.step > step.number and one.words)
    words = (word for one in there for word in one.words if word not in UNNAMED)
    named = next(words, None)
    return _(named) if named else route
