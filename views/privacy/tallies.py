"""What an erasure erases and what stays, as lists: before it, and on its receipt."""

import flet as ft

from app.hooks import component
from app.text import _
from services.privacy import Tally
from views.components import Card, CardList, Heading, Text, stacked
from views.components.data_words import area_word
from views.privacy.words import items_word, kept_words


@component
def Tallies(erased: tuple[Tally, ...], kept: tuple[Tally, ...], done: bool) -> ft.Control:
    """Two lists; an empty one says so."""
    gone = _("What was erased") if done else _("What is erased")
    nothing = Card(Text(_("Nothing"), "supporting"))
    parts: list[ft.Control] = [
        Heading(gone),
        CardList(*map(_erased, erased)) if erased else nothing,
        Heading(_("What stays, and why")),
        CardList(*map(_kept, kept)) if kept else nothing,
    ]
    return stacked(parts, 12)


def _erased(one: Tally) -> ft.Control:
    return _row(area_word(one.area), items_word(one.number))


def _kept(one: Tally) -> ft.Control:
    return _row(f"{area_word(one.area)} · {items_word(one.number)}", kept_words(one))


def _row(title: str, words: str) -> ft.Control:
    inside = ft.Column([Text(title, "label"), Text(words, "supporting")], spacing=2, tight=True)
    return ft.Container(inside, padding=ft.Padding.symmetric(horizontal=16, vertical=12))
