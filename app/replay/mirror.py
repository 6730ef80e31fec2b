"""What a Flet client holds: nested nodes `{_c, _i, …}`, and the patches that change them (Flet 1.0.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
WORDS = ("value", "content", "label", "text", "title", "subtitle", "tooltip", "error", "helper")


def nodes(root: Any, *, hidden: bool = False) -> Iterator[Node]:
    """Every visible control below a value, in the order in which it is drawn; or `hidden` ones too."""
    stack = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            # What is out of sight takes with it all that stands in it.
            if not hidden and item.get("visible") is False:
                continue
            if "_c" in item:
                yield item
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def words_on(node: Node) -> list[str]:
    """The words that one control draws itself."""
    found = [node[name] for name in WORDS if isinstance(node.get(name), str) and node[name]]
    spans = node.get("spans")
    if isinstance(spans, list):
        found.append("".join(str(span.get("text", "")) for span in spans if isinstance(span, dict)))
    return found


def top_view(screen: Node) -> Node | None:
    """The view that lies on top; components around it are taken off."""
    shown: list[Node] = []

    def unwrap(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                unwrap(item)
        elif isinstance(value, dict) and value.get("_c") == "C":
            unwrap(value.get("_b"))
        elif value:
            shown.append(value)

    unwrap(screen.get("views") or [])
    return shown[-1] if shown else None


def visible(screen: Node) -> Iterator[Node]:
    """What the resident sees: the top view, then dialogs, then what lies over everything."""
    for root in (top_view(screen), *opened(screen.get("_dialogs")), screen.get("_overlay")):
        if root is not None:
            yield from nodes(root)


def opened(overlay: Any) -> list[Node]:
    """The dialogs, sheets and bars now open, in the order in which they cover the screen."""
    found: list[Node] = []

    def look(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                look(item)
        elif isinstance(value, dict):
            if value.get("open"):
                found.append(value)
            else:
                look([v for v in value.values() if isinstance(v, dict | list)])

    look(overlay)
    return found


def patch(screen: Node, control_id: int, operations: list[Any]) -> None:
    """Change the tree as a PATCH_CONTROL message says; one for a control that has left is void."""
    root = next((n for n in nodes(screen, hidden=True) if n.get("_i") == control_id), None)
    if root is None:
        return
    places: dict[int, list[Any]] = {}
    _index(operations[0], [], places)

    def target(number: int) -> Any:
        found: Any = root
        for step in places[number]:
            found = found[step]
        return found

    for operation in operations[1:]:
        _operate(operation, target)


def _index(tree: list[Any], path: list[Any], places: dict[int, list[Any]]) -> None:
    places[tree[0]] = path
    if len(tree) > 1:
        for step, child in tree[1].items():
            _index(child, [*path, step], places)


def _operate(operation: list[Any], target: Callable[[int], Any]) -> None:
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
