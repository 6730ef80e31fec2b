"""Does again what a resident did: finds the control that was meant, and gives it the event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.catalogue import LOCALE_FOLDER, language
from app.recording.acting import control_of
from app.recording.screen import shown
from app.replay.mirror import Node, nodes
from app.replay.names import Names
from app.replay.stage import Stage
from services.diagnostics import Step
from services.diagnostics.digest import messages_in
from services.diagnostics.stand_ins import typed

CHOICES = {
    "SegmentedButton": ("segments", "value", "selected"),
    "Dropdown": ("options", "key", "value"),
    "DropdownM2": ("options", "key", "value"),
}
"""Controls with a list of options: where the list is, what names one, where the choice goes."""

PLACES = {
    "NavigationBar": "selected_index",
    "NavigationRail": "selected_index",
    "Tabs": "selected_index",
}
"""Controls whose choice is a place in a list."""


async def act(stage: Stage, step: Step, names: Names) -> bool:
    """Do one recorded step on the stage; False when the control it needs is not on the screen."""
    match step.kind:
        case "route":
            await stage.move(names.as_replayed(str(step.detail.get("route", "/"))))
            await stage.settle()
        case "back":
            await stage.pop()
        case "act":
            node = find(stage, step.detail)
            if node is None:
                return False
            changes, data = told(node, step.detail.get("data"))
            stage.change(node, changes)
            await stage.tell(node, str(step.detail["event"]), data)
    return True


def find(stage: Stage, act: Mapping[str, Any]) -> Node | None:
    """The control that an act was done to, as the client holds it; None when it is not there."""
    screen = shown(stage.page, messages_in(LOCALE_FOLDER, language()))
    control = control_of(screen, act)
    number = getattr(control, "_i", None)
    return next((node for node in stage.visible() if node["_i"] == number), None)


def told(node: Node, data: Any) -> tuple[dict[str, Any], Any]:
    """What a client changes on a control and says in its event, from a step's `data`."""
    given = data if isinstance(data, Mapping) else {}
    for form, tell in _FORMS.items():
        if form in given:
            return tell(node, given[form])
    return {}, None


def _on(node: Node, on: Any) -> tuple[dict[str, Any], Any]:
    name = "selected" if node["_c"] == "Chip" else "value"
    return {name: bool(on)}, bool(on)


def _option(node: Node, place: Any) -> tuple[dict[str, Any], Any]:
    if node["_c"] in PLACES:
        return {PLACES[node["_c"]]: int(place)}, int(place)
    if node["_c"] == "RadioGroup":
        values = [one.get("value") for one in nodes(node) if one["_c"] == "Radio"]
        chosen = _at(values, place)
        return {"value": chosen}, chosen
    return _options(node, [place])


def _options(node: Node, places: Any) -> tuple[dict[str, Any], Any]:
    where, name, goal = CHOICES.get(node["_c"], ("options", "key", "value"))
    known = [option.get(name) or option.get("text") for option in node.get(where) or ()]
    chosen: Any = [one for one in (_at(known, place) for place in places) if one is not None]
    if goal == "value":
        chosen = next(iter(chosen), None)
    return {goal: chosen}, chosen


def _number(node: Node, number: Any) -> tuple[dict[str, Any], Any]:
    if node["_c"] in PLACES:
        return _option(node, number)
    return {"value": float(number)}, float(number)


def _date(node: Node, day: Any) -> tuple[dict[str, Any], Any]:
    # A picker in Hà Nội tells the midnight there, which is 17:00 of the day before in UTC.
    moment = datetime.fromisoformat(str(day)).replace(hour=17, tzinfo=UTC)
    return {"value": moment}, moment


def _text(node: Node, text: Any) -> tuple[dict[str, Any], Any]:
    value = typed(str(text.get("form", "words")), int(text.get("length", 0)))
    return {"value": value}, value


def _point(node: Node, point: Any) -> tuple[dict[str, Any], Any]:
    lat, long = float(point["lat"]), float(point["long"])
    coordinates = {"latitude": lat, "longitude": long}
    return {}, {"coordinates": coordinates, "lx": 0.0, "ly": 0.0, "gx": 0.0, "gy": 0.0}


def _key(node: Node, key: Any) -> tuple[dict[str, Any], Any]:
    return {}, {"key": str(key)}


def _at(values: list[Any], place: Any) -> Any:
    return values[int(place)] if 0 <= int(place) < len(values) else None


_FORMS = {
    "on": _on,
    "option": _option,
    "options": _options,
    "number": _number,
    "date": _date,
    "text": _text,
    "point": _point,
    "key": _key,
}
