"""What a person would call a control: by messages of the catalogue alone, never by what it shows of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.recording.screen import Shown, texts_of
from services.diagnostics.digest import UNKNOWN, Messages

PLACES = ("NavigationBar", "NavigationRail", "Tabs")
"""Controls whose choice is a place in a row."""
TOGGLES = ("Switch", "Checkbox", "Slider", "TextField", "SegmentedButton", "RadioGroup", "Dropdown")
"""Controls that often stand beside the text that names them."""
BESIDE = 4
"""Controls before one among which the text beside it is looked for."""

Names = dict[str, str]


def names_of(screen: Sequence[Shown], it: Shown, data: Any, messages: Messages) -> Names:
    """`name` says what it is, `near` under which heading it stands, `picked` what was chosen of it.

    Each is a message id; `name` is empty and the others are left out where no message says it.
    """
    place = next(n for n, one in enumerate(screen) if one is it)
    found = {
        "name": _name(screen, place, messages),
        "near": _heading(screen, place),
        "picked": _picked(it.control, data, messages),
    }
    return {what: word for what, word in found.items() if word or what == "name"}


def _name(screen: Sequence[Shown], place: int, messages: Messages) -> str:
    it = screen[place]
    if it.kind in PLACES:
        # Its first message names the first place, whichever was chosen.
        return ""
    for text in texts_of(it.control):
        # `Số trên (mmHg)`: the unit is no message.
        if word := _known(messages.find(text)) or _known(messages.find(text.partition(" (")[0])):
            return word
    inside = [one for one in _inside(screen, place) if one.own]
    if inside:
        # A tile is called by its largest words; where those are somebody's, not by its status.
        return _known(max(inside, key=lambda one: _size(one.control)).own[:1])
    return _known(_wrapper(screen, place)) or _beside(screen, place)


def _inside(screen: Sequence[Shown], place: int) -> Iterator[Shown]:
    for one in screen[place + 1 :]:
        if one.depth <= screen[place].depth:
            return
        yield one


def _size(control: Any) -> float:
    style = getattr(control, "style", None)
    return float(getattr(control, "size", None) or getattr(style, "size", None) or 0)


def _wrapper(screen: Sequence[Shown], place: int) -> Sequence[str]:
    """What a screen reader says instead of the control, or of what it alone stands in."""
    before = screen[place - 1] if place else None
    if before is not None and before.kind == "Semantics" and before.depth < screen[place].depth:
        return before.own
    return ()


def _beside(screen: Sequence[Shown], place: int) -> str:
    if screen[place].kind not in TOGGLES:
        return ""
    before = screen[max(0, place - BESIDE) : place]
    return next((word for one in reversed(before) if (word := _known(one.own))), "")


def _heading(screen: Sequence[Shown], place: int) -> str:
    """The last heading above it, but for the screen's own."""
    for number in range(place - 1, -1, -1):
        level = getattr(screen[number].control, "heading_level", None)
        if level:
            words = [word for one in _inside(screen, number) for word in one.own]
            return _known(words) if level > 1 else ""
    return ""


def _picked(control: Any, data: Any, messages: Messages) -> str:
    if getattr(control, "_c", "") in PLACES:
        many = getattr(control, "destinations", None) or getattr(control, "tabs", None) or ()
        place = int(getattr(control, "selected_index", None) or 0)
        return _said(many[place], messages) if 0 <= place < len(many) else ""
    many = getattr(control, "options", None) or getattr(control, "segments", None) or ()
    chosen = data if isinstance(data, list | tuple | set) else [data]
    wanted = {str(one) for one in chosen if one is not None}
    picked = [
        one for one in many if wanted & {str(getattr(one, n, None)) for n in ("key", "value")}
    ]
    return _said(picked[0], messages) if len(picked) == 1 else ""


def _said(option: Any, messages: Messages) -> str:
    texts = [*texts_of(option), *texts_of(getattr(option, "label", None))]
    return next((word for text in texts if (word := _known(messages.find(text)))), "")


def _known(words: Sequence[str]) -> str:
    return next((word for word in words if word != UNKNOWN), "")
