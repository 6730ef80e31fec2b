"""What stands on the screen, read from Flet's own controls in the order in which they are drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import flet as ft

from app.state import UNRECORDED
from services.diagnostics.digest import UNKNOWN, Messages

WORDS = ("value", "content", "label", "text", "title", "subtitle", "tooltip", "error", "helper")
"""The attributes that hold words to be read."""
TYPED = ("TextField", "CupertinoTextField", "SearchBar", "AutoComplete")
"""Controls whose `value` is what somebody typed."""
VALUES = ("Dropdown", "DropdownM2", "RadioGroup", "Radio", "Checkbox", "Switch", "Slider", "Option")
"""Controls whose `value` is a code and not a text."""


PASSING = ("Loading", "Copy of {time}, checking for news…")
"""Messages that come and go by the millisecond: a replay need not be so exact."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One control on the screen: Flet's name for it and the messages it carries of its own.

    `label` is the first message on it or in it, UNKNOWN when there is none; `depth` is greater than
    that of what it stands in.
    """

    control: Any
    kind: str
    own: tuple[str, ...]
    label: str
    depth: int = 0


def shown(page: ft.Page, messages: Messages) -> list[Shown]:
    """Every visible control of the topmost screen and of what lies over it, in reading order."""
    found: list[Shown] = []
    for root in _roots(page):
        _walk(root, messages, found, set(), 0)
    return found


def words_of(screen: list[Shown]) -> list[str]:
    """The messages on the screen in reading order."""
    return [word for one in screen for word in one.own if word not in PASSING]


def _roots(page: ft.Page) -> Iterator[Any]:
    if page.views:
        # A component stands for the views it draws; the last of them is on top.
        views = list(_unwrapped(page.views))
        yield views[-1] if views else page.views[-1]
    for name in ("_dialogs", "_overlay"):
        if (layer := getattr(page, name, None)) is not None:
            yield layer


def _unwrapped(views: Any) -> Iterator[Any]:
    if isinstance(views, list | tuple):
        for one in views:
            yield from _unwrapped(one)
    elif getattr(views, "_c", "") == "C":
        yield from _unwrapped(getattr(views, "_b", None))
    elif views is not None:
        yield views


def _walk(value: Any, messages: Messages, found: list[Shown], seen: set[int], depth: int) -> str:
    """Collect the controls under a value and return the first message in it."""
    if isinstance(value, list | tuple):
        return _first([_walk(one, messages, found, seen, depth) for one in value])
    kind = getattr(value, "_c", None)
    if kind is None:
        return UNKNOWN
    if id(value) in seen or not getattr(value, "visible", True):
        return UNKNOWN
    if getattr(value, "data", None) == UNRECORDED:
        return UNKNOWN
    seen.add(id(value))
    if kind == "C":
        return _walk(getattr(value, "_b", None), messages, found, seen, depth)
    own = tuple(word for text in texts_of(value) for word in messages.find(text))
    place = len(found)
    found.append(Shown(value, str(kind), own, UNKNOWN, depth))
    inside = [_walk(inner, messages, found, seen, depth + 1) for inner in _held(value)]
    label = _first([*own, *inside])
    found[place] = Shown(value, str(kind), own, label, depth)
    return label


def _first(words: list[str]) -> str:
    return next((word for word in words if word != UNKNOWN), UNKNOWN)


def texts_of(control: Any) -> list[str]:
    """The words a control itself carries, without what somebody typed into it."""
    kind = getattr(control, "_c", "")
    names = [n for n in WORDS if not (n == "value" and (kind in TYPED or kind in VALUES))]
    found = [text for n in names if isinstance(text := getattr(control, n, None), str) and text]
    spans = getattr(control, "spans", None)
    if isinstance(spans, list):
        found.append("".join(str(getattr(span, "text", None) or "") for span in spans))
    return found


def _held(control: Any) -> Iterator[Any]:
    """What is set on a control and may hold others, in the order of its attributes."""
    order = _order(cast(Hashable, type(control)))
    # Most attributes were never set, and those are not even kept.
    given: dict[str, Any] = {**vars(control), **getattr(control, "_values", {})}
    names = sorted((name for name in given if name in order), key=order.__getitem__)
    for name in names:
        value = given[name]
        if isinstance(value, list | tuple) or hasattr(value, "_c"):
            yield value


@cache
def _order(kind: Hashable) -> dict[str, int]:
    """The place of each attribute of a kind of control that a resident may see."""
    names = [one.name for one in dataclasses.fields(cast(type, kind))]
    unseen = ("data", "key", "spans", "parent")
    return {
        name: place
        for place, name in enumerate(names)
        if not name.startswith(("on_", "_")) and name not in unseen
    }
