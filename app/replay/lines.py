"""The steps of a recording as lines for people: several keystrokes are one, and what is only for machines is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.explaining import explain_code
from app.replay.mirror import Node, nodes, words_on
from app.replay.performing import Performance, Scene
from app.text import _, ngettext
from services.diagnostics import Step

SILENT = ("chance",)
UNNAMED = ("", "•")


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
        if scene.step.kind in SILENT:
            continue
        title, detail = _words(scene)
        moment = started + timedelta(seconds=scene.step.at)
        failed = scene.step.kind == "error"
        line = Line(
            title, detail, scene.step.at, moment, place, place, failed, differs=scene.differs
        )
        if before is not None and _same_field(before, scene.step):
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
    said = sum(1 for scene in performance.scenes if scene.step.kind not in SILENT)
    return said - len(lines)


def _same_field(one: Step, other: Step) -> bool:
    if one.kind != "act" or other.kind != "act" or "text" not in (other.detail.get("data") or {}):
        return False
    return all(
        one.detail.get(name) == other.detail.get(name) for name in ("control", "label", "position")
    )


def _words(scene: Scene) -> tuple[str, str]:
    """A step's title and what stands below it."""
    step = scene.step
    match step.kind:
        case "start":
            return _("Opened {screen}").format(screen=_screen_name(scene)), ""
        case "route":
            return _("Went to {screen}").format(screen=_screen_name(scene)), ""
        case "back":
            return _("Went back"), _screen_name(scene)
        case "act":
            return _act(step), "" if scene.found else _("Not on the replayed screen")
        case "device":
            return _device(step), ""
        case "error":
            return _error(step)
        case "network":
            return (_("Network is back") if step.detail.get("open") else _("Network went away")), ""
        case "person":
            signed_in = step.detail.get("signed_in")
            return (_("Signed in") if signed_in else _("No longer signed in")), ""
    return step.kind, ""


def _act(step: Step) -> str:
    label = str(step.detail.get("label") or "")
    name = _("an unnamed item") if label in UNNAMED else "“" + _(label) + "”"
    data = step.detail.get("data")
    given = data if isinstance(data, dict) else {}
    if "text" in given:
        length = int((given["text"] or {}).get("length", 0))
        typed = ngettext("{n} character, hidden", "{n} characters, hidden", length)
        return _("Typed in {name}: {typed}").format(name=name, typed=typed)
    if "on" in given:
        said = _("Turned on {name}") if given["on"] else _("Turned off {name}")
        return said.format(name=name)
    if given:
        return _("Chose in {name}").format(name=name)
    return _("Pressed {name}").format(name=name)


def _device(step: Step) -> str:
    call, answer = str(step.detail.get("call")), step.detail.get("answer")
    if step.detail.get("refused"):
        refusals = {
            "pick_photos": _("Photos were not allowed"),
            "find_place": _("The place was not allowed"),
            "sign_in": _("Sign-in was cancelled"),
        }
        return refusals.get(call, _("The device said no"))
    if call == "pick_photos":
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
    return said.get(call, _("The device answered"))


def _error(step: Step) -> tuple[str, str]:
    status, code = step.detail.get("status"), str(step.detail.get("code") or "")
    return _("Met error {name}").format(name=status or code), explain_code(code)


def _screen_name(scene: Scene) -> str:
    """The heading of the screen, or its address where it has none."""
    view: Node = scene.picture.open()["view"]
    heading = next((node for node in nodes(view) if node.get("heading_level") == 1), None)
    words = [word for node in nodes(heading or {}) for word in words_on(node)]
    return next(iter(words), scene.picture.route)
