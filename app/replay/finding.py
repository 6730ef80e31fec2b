"""Finds on a mirrored screen the control that a recorded act was about: by kind, label and position."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.catalogue import _
from app.replay.mirror import Node, nodes, words_on
from app.replay.stage import Stage

UNKNOWN = "•"
"""The label of a control that carries no message of the catalogue."""


def find(stage: Stage, detail: Mapping[str, Any]) -> Node | None:
    """The control of an `act` step on the screen; None when it is not there."""
    alike = [node for node in stage.visible() if _is_kind(node, detail)]
    label = str(detail.get("label") or UNKNOWN)
    named = alike if label == UNKNOWN else [node for node in alike if _says(node, _(label))]
    place = int(detail.get("position", 0))
    return named[place] if 0 <= place < len(named) else None


def _is_kind(node: Node, detail: Mapping[str, Any]) -> bool:
    return node["_c"] == detail.get("control") and bool(node.get(f"on_{detail.get('event')}"))


def _says(node: Node, message: str) -> bool:
    return any(_pattern(message).fullmatch(word) for n in nodes(node) for word in words_on(n))


@lru_cache(maxsize=512)
def _pattern(message: str) -> re.Pattern[str]:
    """A message with anything in its placeholders."""
    parts = re.split(r"\{[^}]*\}", message)
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
