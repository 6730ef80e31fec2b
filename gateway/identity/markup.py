"""HTML built from values: every text and every attribute is escaped,
because nothing else can be put in.
"""

from __future__ import annotations

from html import escape

_VOID = frozenset({"input", "link", "meta"})


class Markup(str):
    """Text that is HTML already. Only `element` and `join` make it."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | bool) -> Markup:
    """An element. `class_` is the attribute class, `aria_label` is aria-label;
    False leaves an attribute out.
    """
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """The children after each other; plain text among them is escaped."""
    return Markup("".join(c if isinstance(c, Markup) else escape(c) for c in children))


def _attribute(key: str, value: str | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return "" if value is False else f' {name}="{escape(value)}"'
