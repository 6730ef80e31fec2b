"""Former names and addresses: rows that are added and taken away."""

from collections.abc import Callable
from dataclasses import replace

import flet as ft

from app.hooks import component, use_look
from app.text import _
from services.certificates import FormerAddress
from views.certificates.steps import Applying
from views.components import (
    Heading,
    IconAction,
    LinkButton,
    Text,
    TextBox,
    keyed,
    stacked,
)

Write = Callable[[int, str, str], None]
"""Takes the row's place, the field and what was typed."""


@component
def FormerNames(applying: Applying) -> ft.Control:
    """Names borne before; none is the usual case."""
    slate, names = applying.slate, applying.draft.former_names

    def write(place: int, _field: str, text: str) -> None:
        now = list(slate.latest.former_names)
        now[place] = text
        applying.change(former_names=tuple(now))

    def add() -> None:
        applying.change(former_names=(*slate.latest.former_names, ""))

    def remove(place: int) -> None:
        now = slate.latest.former_names
        applying.change(former_names=(*now[:place], *now[place + 1 :]))

    stable = ft.use_callback(write, [])
    rows = [
        keyed(f"{place}/{len(names)}", NameRow, place, name, stable, remove)
        for place, name in enumerate(names)
    ]
    label = _("Add a former name") if not names else _("Add another name")
    more = len(names) < applying.form.most_names
    return stacked(
        [
            Heading(_("Former names"), 2, "title_small"),
            Text(_("Only if your name was ever different, as on an old paper."), "supporting"),
            *rows,
            *([_left(LinkButton(label, add, ft.Icons.ADD_ROUNDED))] if more else []),
        ],
        8,
    )


@component
def FormerAddresses(applying: Applying, wrong: dict[int, str]) -> ft.Control:
    """Where one lived before; `wrong` says what to mend, by the row's place."""
    slate, rows = applying.slate, applying.draft.former_addresses

    def write(place: int, field: str, text: str) -> None:
        now = list(slate.latest.former_addresses)
        now[place] = replace(now[place], **{field: text})
        applying.change(former_addresses=tuple(now))

    def add() -> None:
        applying.change(former_addresses=(*slate.latest.former_addresses, FormerAddress()))

    def remove(place: int) -> None:
        now = slate.latest.former_addresses
        applying.change(former_addresses=(*now[:place], *now[place + 1 :]))

    stable = ft.use_callback(write, [])
    shown = [
        keyed(f"{place}/{len(rows)}", AddressRow, place, row, stable, remove, wrong.get(place, ""))
        for place, row in enumerate(rows)
    ]
    label = _("Add a former address") if not rows else _("Add another address")
    more = len(rows) < applying.form.most_addresses
    return stacked(
        [
            Heading(_("Former addresses"), 2, "title_small"),
            Text(_("Where you lived from the age of 14 on, if not only here."), "supporting"),
            *shown,
            *([_left(LinkButton(label, add, ft.Icons.ADD_ROUNDED))] if more else []),
        ],
        8,
    )


@component
def NameRow(place: int, name: str, write: Write, remove: Callable[[int], None]) -> ft.Control:
    """One former name."""
    changed = ft.use_callback(lambda text: write(place, "", text), [place])
    label = _("Former name {n}").format(n=place + 1)
    box = TextBox(label, name, changed, max_length=200, scale=use_look().scale)
    return _with_remove(box, _("Remove former name {n}").format(n=place + 1), place, remove)


@component
def AddressRow(
    place: int, row: FormerAddress, write: Write, remove: Callable[[int], None], error: str
) -> ft.Control:
    """One former address with its years."""
    look = use_look()
    n = place + 1
    address = ft.use_callback(lambda text: write(place, "address", text), [place])
    since = ft.use_callback(lambda text: write(place, "since", text), [place])
    until = ft.use_callback(lambda text: write(place, "until", text), [place])
    scale = look.scale
    years: list[ft.Control] = [
        TextBox(_("From year ({n})").format(n=n), row.since, since, scale=scale, digits=True),
        TextBox(_("To year ({n})").format(n=n), row.until, until, scale=scale, digits=True),
    ]
    pair: ft.Control = stacked(years, 8)
    if not look.large_text:
        pair = ft.Row([ft.Container(one, expand=True) for one in years], spacing=12)
    box = TextBox(
        _("Former address {n}").format(n=n),
        row.address,
        address,
        max_length=200,
        error=error,
        scale=scale,
    )
    return stacked(
        [_with_remove(box, _("Remove former address {n}").format(n=n), place, remove), pair], 8
    )


def _with_remove(
    box: ft.Control, label: str, place: int, remove: Callable[[int], None]
) -> ft.Control:
    def take_away() -> None:
        remove(place)

    return ft.Row(
        [
            ft.Container(box, expand=True),
            IconAction(ft.Icons.DELETE_OUTLINE_ROUNDED, label, take_away),
        ],
        spacing=4,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _left(button: ft.Control) -> ft.Control:
    return ft.Row([ft.Container(button, expand=True, expand_loose=True)], tight=True)
