"""What a resident did to a control, by name and place, and the way back: the control of such an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.recording.naming import PLACES, names_of
from app.recording.screen import TYPED, Shown
from services.diagnostics.digest import Messages
from services.diagnostics.stand_ins import StandIns, form_of

UNTOLD = frozenset(
    {"hover", "scroll", "size_change", "animation_end", "visible", "exit", "enter", "focus_change"}
)
"""Events that no resident means."""
LONGEST_KEY = 20

Detail = dict[str, Any]


def act_of(
    screen: Sequence[Shown], control: Any, event: str, data: Any, messages: Messages
) -> Detail | None:
    """Name an event's control: kind, message and position among those that are alike, and for people."""
    it = next((one for one in screen if _is(one.control, control)), None)
    if it is None or event in UNTOLD or getattr(control, f"on_{event}", None) is None:
        return None
    alike = _alike(screen, it.kind, it.label, event)
    place = next(n for n, one in enumerate(alike) if _is(one.control, control))
    return {
        "control": it.kind,
        "event": event,
        "label": it.label,
        "position": place,
        "of": len(alike),
        **names_of(screen, it, data, messages),
    }


def control_of(screen: Sequence[Shown], act: Mapping[str, Any]) -> Any:
    """Return the control that an act was done to; None when it is not on the screen."""
    event = str(act["event"])
    alike = _alike(screen, str(act["control"]), str(act["label"]), event)
    place = int(act["position"])
    return alike[place].control if place < len(alike) else None


def data_of(control: Any, data: Any, stand_ins: StandIns) -> Detail | None:
    """What the event carried, as far as it may be told; never what was typed."""
    kind = getattr(control, "_c", "")
    if kind in TYPED:
        return _typed(control, data)
    if kind in PLACES:
        return {"option": int(getattr(control, "selected_index", None) or 0)}
    if isinstance(data, bool):
        return {"on": data}
    chosen = _chosen(control, data)
    if chosen is not None:
        return chosen
    if isinstance(data, int | float):
        return {"number": data}
    if isinstance(data, datetime | date):
        return {"date": stand_ins.of("date", data.isoformat()[:10])}
    return _pointed(data, stand_ins) if isinstance(data, Mapping) else None


def codes_of(control: Any) -> list[str]:
    """The codes a control offers to choose from, in their order."""
    options = getattr(control, "options", None) or getattr(control, "segments", None) or ()
    found = [_code(one) for one in options]
    return found or [_code(one) for one in _radios(getattr(control, "content", None))]


def _is(one: Any, other: Any) -> bool:
    """A redraw puts another object in a control's place, under its number."""
    return one is other or getattr(one, "_i", 0) == getattr(other, "_i", 1)


def _alike(screen: Sequence[Shown], kind: str, label: str, event: str) -> list[Shown]:
    return [
        one
        for one in screen
        if one.kind == kind
        and one.label == label
        and getattr(one.control, f"on_{event}", None) is not None
    ]


def _typed(control: Any, data: Any) -> Detail:
    text = data if isinstance(data, str) else str(getattr(control, "value", "") or "")
    hidden = bool(getattr(control, "password", False))
    form = "hidden" if hidden else form_of(text)
    return {"text": {"length": len(text), "form": form}}


def _chosen(control: Any, data: Any) -> Detail | None:
    codes = codes_of(control)
    if not codes:
        return None
    if isinstance(data, list | tuple | set):
        return {"options": sorted(codes.index(str(one)) for one in data if str(one) in codes)}
    picked = str(data if data is not None else getattr(control, "value", None))
    return {"option": codes.index(picked)} if picked in codes else None


def _code(option: Any) -> str:
    for name in ("key", "value", "text"):
        if (found := getattr(option, name, None)) is not None:
            return str(found)
    return ""


def _radios(value: Any) -> list[Any]:
    """The radio buttons inside a group, through rows, columns and components."""
    if isinstance(value, list | tuple):
        return [one for each in value for one in _radios(each)]
    if value is None or isinstance(value, str):
        return []
    if getattr(value, "_c", "") == "Radio":
        return [value]
    inner = [getattr(value, name, None) for name in ("_b", "content", "controls")]
    return [one for each in inner for one in _radios(each)]


def _pointed(data: Mapping[str, Any], stand_ins: StandIns) -> Detail | None:
    place = data.get("coordinates") or data.get("center")
    if isinstance(place, Mapping) and {"latitude", "longitude"} <= set(place):
        lat, long = (float(place[name]) for name in ("latitude", "longitude"))
        return {
            "point": {"lat": stand_ins.of("degrees", lat), "long": stand_ins.of("degrees", long)}
        }
    key = data.get("key")
    if isinstance(key, str):
        # A key with a name moves something; a letter is a piece of a text.
        return {"key": key if 1 < len(key) <= LONGEST_KEY else "•"}
    return None
