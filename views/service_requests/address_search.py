"""The place in words; looked up by the profile's geocoder where it has one, and only when asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import (
    Action,
    component,
    use_action,
    use_look,
    use_services,
    use_session,
    use_state,
)
from app.text import _
from services.errors import NotFound
from services.geocoder import FoundPlace
from views.components import (
    CardList,
    ErrorPanel,
    OutlineButton,
    Tappable,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.service_requests.drafting import Drafting
from views.service_requests.place import Place
from views.service_requests.place_map import Pin

ADDRESS_LIMIT = 200


@component
def AddressField(place: Place, drafting: Drafting) -> ft.Control:
    """House number, street or landmark; with a geocoder the two ways between words and pin."""
    look = use_look()
    write = ft.use_callback(lambda text: drafting.change(address=text), [])
    box = TextBox(
        _("House number, street or landmark"),
        drafting.draft.address,
        write,
        help_text=_("For example: in front of number 28, by the bus stop"),
        max_length=ADDRESS_LIMIT,
        scale=look.scale,
    )
    if not use_services().geocoder.available:
        return box
    return stacked([box, _LookUp(place, drafting)], 8)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the geocoder can do for a draft; `found` is None before it was asked."""

    by_words: Action
    by_pin: Action
    found: tuple[FoundPlace, ...] | None
    take: Callable[[FoundPlace], None]


def use_lookup(place: Place, drafting: Drafting) -> Lookup:
    """Ask for the typed address, or for the address of the pin; the resident takes one or none."""
    geocoder, language = use_services().geocoder, use_session().language
    nothing: tuple[FoundPlace, ...] | None = None
    found, set_found = use_state(nothing)

    async def search() -> None:
        set_found(tuple(await geocoder.search(drafting.slate.latest.address, language)))

    async def name_the_pin() -> None:
        if place.pin is None:
            return
        asked = geocoder.reverse(place.pin.lat, place.pin.long, language)
        [named] = await asyncio.gather(asked, return_exceptions=True)
        if isinstance(named, BaseException) and not isinstance(named, NotFound):
            raise named
        set_found((named,) if isinstance(named, FoundPlace) else ())

    def take(one: FoundPlace) -> None:
        set_found(None)
        place.put(Pin(round(one.lat, 6), round(one.long, 6)), "address")
        drafting.change(address=one.address[:ADDRESS_LIMIT])

    return Lookup(use_action(search), use_action(name_the_pin), found, take)


@component
def _LookUp(place: Place, drafting: Drafting) -> ft.Control:
    lookup = use_lookup(place, drafting)
    ways: list[ft.Control] = []
    if drafting.draft.address.strip():
        words = _("Looking…") if lookup.by_words.running else _("Find this address")
        ways.append(OutlineButton(words, lookup.by_words, ft.Icons.SEARCH_ROUNDED))
    if place.pin is not None and not place.outside:
        words = _("Looking…") if lookup.by_pin.running else _("Address at the pin")
        ways.append(OutlineButton(words, lookup.by_pin, ft.Icons.LOCATION_ON_OUTLINED))
    parts: list[ft.Control] = [ft.Row(ways, wrap=True, spacing=8, run_spacing=8)] if ways else []
    failed = lookup.by_words.error or lookup.by_pin.error
    parts += [ErrorPanel(failed)] if failed else []
    parts += [_Found(lookup)] if lookup.found is not None else []
    return stacked(parts, 8)


@component
def _Found(lookup: Lookup) -> ft.Control:
    if not lookup.found:
        words = _("No such address. Choose the ward and write a landmark.")
        return ft.Semantics(live_region=True, content=Text(words, "supporting"))
    rows = [keyed(one.address, _FoundRow, one, lookup.take) for one in lookup.found]
    return stacked([CardList(*rows), Text(lookup.found[0].attribution, "small_label")], 4)


@component
def _FoundRow(one: FoundPlace, take: Any) -> ft.Control:
    def choose(e: Any) -> None:
        take(one)

    return Tappable(
        ft.Row([Text(one.address, "label", expand=True)]),
        choose,
        use_look().palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )
