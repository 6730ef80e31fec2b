"""What a Flet client holds: nested nodes `{_c, _i, …}`, and the patches that change them (Flet 1.0.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
WORDS = ("value", "content", "label", "text", "title", "subtitle", "tooltip", "error", "helper")


def nodes(root: Any) -> Iterator[Node]:
    stack = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if "_c" in item and item.get("visible", True):
                yield item
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def words_on(node: Node) -> list[str]:
    found = [node[name] for name in WORDS if isinstance(node.get(name), str) and node[name]]
    spans = node.get("spans")
    if isinstance(spans, list):
        found.append("".join(str(span.get("text", "")) for span in spans if isinstance(span, dict)))
    return found


def index(tree: list[Any], path: list[Any], places: dict[int, list[Any]]) -> None:
    places[tree[0]] = path
    if len(tree) > 1:
        for step, child in tree[1].items():
            index(child, [*path, step], places)


def operate(operation: list[Any], target: Callable[[int], Any]) -> None:
    kind, where = operation[0], target(operation[1])
    match kind:
        case 0:
            where[operation[2]] = operation[3]
        case 1 if isinstance(where, list):
            where.insert(operation[2], operation[3])
        case 1:
            where[operation[2]] = operation[3]
        case 2 if isinstance(where, list):
            where.pop(operation[2])
        case 2:
            where.pop(operation[2], None)
        case 3:
            moved, goal = where.pop(operation[2]), target(operation[3])
            if isinstance(goal, list):
                goal.insert(operation[4], moved)
            else:
                goal[operation[4]] = moved
        case _:
            raise AssertionError(operation)
