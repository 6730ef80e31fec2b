"""What a screen finds for words that a resident typed, in a list that everybody has.

A recording keeps the places in that list and never the words; a replay, where other words are
typed, finds what was found then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import flet as ft

PLACE = "finder"
"""Where a session's store keeps its finder."""

T = TypeVar("T")


class Finder(Protocol):
    """Stands between a search and what the screen shows of it."""

    def found(self, where: str, places: tuple[int, ...]) -> Sequence[int]:
        """Return the places in the list of `where` that the screen shows."""


def found_among(where: str, options: Sequence[T], found: Sequence[T]) -> list[T]:
    """Return what was found among `options`, its members; `where` names the search."""
    store = ft.context.page.session.store
    if not store.contains_key(PLACE):
        return list(found)
    finder: Finder = store.get(PLACE)
    places = {id(one): place for place, one in enumerate(options)}
    shown = finder.found(where, tuple(places[id(one)] for one in found))
    return [options[place] for place in shown if 0 <= place < len(options)]
