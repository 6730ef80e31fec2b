"""What was recorded, in words: each step's line, in the preview of a bundle and in its replay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.text import _, explain, ngettext
from services.diagnostics import Bundle, Screen, Step
from services.errors import ServiceError

UNNAMED = ("", "•")
BARS = ("Back", "Close")
"""What stands before a screen's own name."""
QUIET = frozenset(
    {
        "accessibility",
        "brighten",
        "keep_awake",
        "restore_brightness",
        "save_preferences",
        "unused_ends_in",
    }
)
"""What the app asks of the device by itself."""

ERRORS = {kind.__name__: kind for kind in ServiceError.__subclasses__()}

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line: `at` seconds after the start, what was done, what a box hides, and what it means."""

    at: float
    words: str
    hidden: str = ""
    detail: str = ""
    failed: bool = False


def step_lines(bundle: Bundle) -> list[StepLine]:
    """The lines of a bundle, oldest first; several keystrokes in one field are one line."""
    found: list[StepLine] = []
    before: Step | None = None
    for step in bundle.steps:
        if silent(step):
            continue
        line = step_line(step, screen_name(step, bundle.screens))
        if before is not None and same_field(before, step):
            line = StepLine(found.pop().at, line.words, line.hidden)
        found.append(line)
        before = step
    return found


def silent(step: Step) -> bool:
    """Whether a step is for machines alone, or said by the one after it."""
    if step.kind != "device":
        return step.kind in ("chance", "found")
    call, answered = str(step.detail.get("call")), not step.detail.get("refused")
    return call in QUIET or (call in ("sign_in", "sign_out") and answered)


def same_field(one: Step, other: Step) -> bool:
    """Whether the second goes on typing where the first did."""
    if one.kind != "act" or other.kind != "act" or "text" not in _data(other):
        return False
    names = ("control", "label", "position")
    return all(one.detail.get(name) == other.detail.get(name) for name in names)


def screen_name(step: Step, screens: Sequence[Screen]) -> str:
    """What the screen is called to which a step led, or on which it was done; empty where nobody saw it."""
    if step.kind == "act":
        return next((name_of(one) for one in screens if one.step == step.number), "")
    route = str(step.detail.get("route") or "")
    seen = [one for one in screens if one.route == route]
    later = [one for one in seen if one.step > step.number]
    return next(map(name_of, [*later, *seen]), _("Home") if route == "/" else "")


def name_of(screen: Screen) -> str:
    """What a recorded screen is called: the first of its words that names it."""
    if screen.route == "/":
        return _("Home")
    return said(next((word for word in screen.words if word not in (*UNNAMED, *BARS)), ""))


def step_line(step: Step, screen: str = "") -> StepLine:
    """A step's line; `screen` is what the screen is called to which it led, or on which it was done."""
    where = f"“{screen}”" if screen else _("another screen")
    match step.kind:
        case "start":
            return StepLine(step.at, _("Opened {screen}").format(screen=where))
        case "route":
            return StepLine(step.at, _("Went to {screen}").format(screen=where))
        case "back":
            return StepLine(step.at, _("Went back"), detail=screen)
        case "network":
            open_ = step.detail.get("open")
            return StepLine(step.at, _("Network is back") if open_ else _("Network went away"))
        case "person":
            signed_in = step.detail.get("signed_in")
            return StepLine(step.at, _("Signed in") if signed_in else _("No longer signed in"))
        case "error":
            return _error(step)
        case "device":
            return StepLine(step.at, _device(step))
        case "act":
            return _act(step, screen)
    return StepLine(step.at, step.kind)


def said(message: str) -> str:
    """A message as a name: what was filled in is left out."""
    if message in UNNAMED:
        return ""
    return _PLACEHOLDER.sub("…", _(message)).strip(" :,·")


def _error(step: Step) -> StepLine:
    code, status = str(step.detail.get("code") or ""), step.detail.get("status")
    if code == "consent_required":
        return StepLine(step.at, _("Was asked for a consent"))
    kind = ERRORS.get(str(step.detail.get("type")), ServiceError)
    means = explain(kind(code))
    if status:
        return StepLine(step.at, _("Met error {name}").format(name=status), "", means, failed=True)
    words = _("Met an error: {what}").format(what=means.partition(". ")[0].strip("."))
    return StepLine(step.at, words, "", means, failed=True)


def _act(step: Step, screen: str) -> StepLine:
    data, name = _data(step), _name(step, screen)
    if "text" in data:
        typed = data["text"] if isinstance(data["text"], dict) else {}
        hidden = ngettext("{n} character", "{n} characters", int(typed.get("length") or 0))
        return StepLine(step.at, _("Typed in {name}").format(name=name), hidden)
    picked = said(str(step.detail.get("picked") or ""))
    if picked:
        # What was chosen says more than where.
        return StepLine(step.at, _("Chose {name}").format(name=f"“{picked}”"))
    return StepLine(step.at, _done(step, data).format(name=name, key=data.get("key")))


def _done(step: Step, data: dict[str, object]) -> str:
    if "on" in data and step.detail.get("control") == "Chip":
        return _("Chose {name}") if data["on"] else _("No longer chose {name}")
    if "on" in data:
        return _("Turned on {name}") if data["on"] else _("Turned off {name}")
    if "point" in data:
        return _("Touched the map")
    if "date" in data:
        return _("Chose a day")
    if "key" in data:
        return _("Pressed the key {key}")
    if step.detail.get("event") == "dismiss":
        return _("Closed what lay over the screen")
    return _("Chose in {name}") if data else _("Pressed {name}")


def _name(step: Step, screen: str) -> str:
    """“Gửi”, or what kind of thing it is, under its heading or on its screen."""
    told = step.detail
    # Recordings of the first version have but the first message in it.
    name = said(str(told["name"] if "name" in told else told.get("label") or ""))
    if name:
        return f"“{name}”"
    kinds = {
        "TextField": _("a field"),
        "SearchBar": _("the search field"),
        "Map": _("the map"),
        "IconButton": _("a symbol"),
        "Switch": _("a switch"),
        "Checkbox": _("a box"),
        "Chip": _("a choice"),
        "RadioGroup": _("a list of choices"),
        "Dropdown": _("a list of choices"),
        "SegmentedButton": _("a list of choices"),
        "Slider": _("a slider"),
        "FilledButton": _("a button"),
        "OutlinedButton": _("a button"),
    }
    kind = kinds.get(str(told.get("control")), _("an item"))
    if near := said(str(told.get("near") or "")):
        return _("{kind} under “{heading}”").format(kind=kind, heading=near)
    return _("{kind} on “{heading}”").format(kind=kind, heading=screen) if screen else kind


def _device(step: Step) -> str:
    call, answer = str(step.detail.get("call")), step.detail.get("answer")
    if step.detail.get("refused"):
        refusals = {
            "pick_photos": _("Photos were not allowed"),
            "find_place": _("The place was not allowed"),
            "sign_in": _("Sign-in was cancelled"),
            "store": _("The device could not save it"),
        }
        return refusals.get(call, _("The device said no"))
    if call == "pick_photos":
        count = len(answer) if isinstance(answer, list) else 0
        if not count:
            return _("Chose no photo")
        return ngettext("Chose {n} photo", "Chose {n} photos", count)
    if not answer and call in ("pick_file", "save_file"):
        return _("Chose no file") if call == "pick_file" else _("Saved no file")
    words = {
        "find_place": _("The device told the place"),
        "pick_file": _("Chose a file"),
        "save_file": _("Saved a file"),
        "share_link": _("Shared a link"),
        "open_link": _("Opened a page outside the app"),
        "copy_text": _("Copied a text"),
        "leave": _("Signed out here"),
        "open_replay": _("Opened a replay"),
        "open_persona": _("Opened the app as a persona"),
    }
    return words.get(call, _("Used the device"))


def _data(step: Step) -> dict[str, object]:
    data = step.detail.get("data")
    return data if isinstance(data, dict) else {}
