"""A long list a page at a time: what is not asked for is not drawn."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import flet as ft

from app.hooks import component, use_state
from app.text import _
from views.components import CardList, LinkButton, stacked

T = TypeVar("T")

PAGE = 30


@component
def Paged(items: Sequence[T], draw: Callable[[T], ft.Control], page: int = PAGE) -> ft.Control:
    """The first rows in one card, and a button for the next ones."""
    pages, set_pages = use_state(1)
    shown = items[: pages * page]
    left = len(items) - len(shown)
    parts: list[ft.Control] = [CardList(*[draw(item) for item in shown])]
    if left:
        words = _("Show {n} more of {left}").format(n=min(page, left), left=left)
        parts.append(LinkButton(words, lambda: set_pages(lambda n: n + 1), ft.Icons.EXPAND_MORE))
    return stacked(parts, 8)
