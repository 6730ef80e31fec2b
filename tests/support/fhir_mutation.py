"""Mutations of JSON: any node dropped, replaced, of another type, doubled or moved."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

CHANGES = ("replace", "drop", "double", "move", "retype")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["Patient/1", "#x", "urn:uuid:1", "active", "2015-02-30", "no-known-allergies", "9" * 400]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key inside a JSON value."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        pairs = container.items() if isinstance(container, dict) else enumerate(container)
        for key, inner in list(pairs):
            found.append((container, key))
            if isinstance(inner, (dict, list)):
                waiting.append(inner)
    return found


def mutated(data: st.DataObject, valid: Any, most: int = 12) -> Any:
    """A copy of a valid value with one to `most` of its nodes changed."""
    changed = copy.deepcopy(valid)
    for _ in range(data.draw(st.integers(1, most))):
        places = places_of(changed)
        if not places:
            break
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        change = data.draw(st.sampled_from(CHANGES))
        if change == "drop":
            del container[key]
        elif change == "move":
            other, place = places[data.draw(st.integers(0, len(places) - 1))]
            container[key] = copy.deepcopy(other[place])
        elif change == "double":
            container[key] = [copy.deepcopy(container[key]), container[key]]
        elif change == "retype":
            container[key] = _of_another_type(container[key])
        else:
            container[key] = data.draw(JSON)
    return changed


def _of_another_type(value: Any) -> Any:
    if isinstance(value, str):
        return {"value": value}
    if isinstance(value, (dict, list)):
        return str(value)[:40]
    return [str(value)]
