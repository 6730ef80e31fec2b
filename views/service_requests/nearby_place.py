"""Around which place reports are looked for: the device's, or the middle of a ward."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.hooks import (
    Action,
    component,
    use_action,
    use_device,
    use_services,
    use_session,
    use_state,
)
from app.text import _
from services.device import Place
from services.wards import Ward
from views.components import ChoiceChips, LinkButton, Note, TonalButton, stacked
from views.components.consenting import use_asking
from views.components.words import Text
from views.service_requests.place import in_sentence
from views.service_requests.place_map import Pin
from views.service_requests.ward_search import WardSearch

RADII = (500, 1000, 3000)
NEAR = 1000
"""Metres around the place that are looked at first."""


@dataclass(frozen=True, slots=True)
class Around:
    """The place in the middle, its name, how far to look, and the ways to change both."""

    center: Pin | None
    name: str
    radius: int
    find: Action
    choose_ward: Callable[[Ward], None]
    choose_radius: Callable[[str], None]
    refused: bool
    outside: bool
    asking: tuple[ft.Control, ...] = ()


def use_around() -> Around:
    """Begin with the resident's ward, if it is known; the device is asked only on a tap."""
    wards, device, person = use_services().wards, use_device(), use_session().person
    home = wards.find(person.ward_code) if person and person.ward_code else None
    ward, set_ward = use_state(home)
    nowhere: Pin | None = None
    here, set_here = use_state(nowhere)
    radius, set_radius = use_state(NEAR)
    refused, set_refused = use_state(False)
    asking = use_asking("report_place")

    async def read() -> None:
        [found] = await asyncio.gather(device.find_place(), return_exceptions=True)
        set_refused(not isinstance(found, Place))
        if isinstance(found, Place):
            set_here(Pin(found.lat, found.long, found.accuracy))

    async def find() -> None:
        await asking.first(read)

    def choose_ward(chosen: Ward) -> None:
        set_ward(chosen)
        set_here(None)
        set_refused(False)

    center = here or (Pin(ward.lat, ward.long) if ward else None)
    name = _("your place") if here else in_sentence(ward) if ward else ""
    outside = here is not None and not wards.inside_city(here.lat, here.long)
    return Around(
        center,
        name,
        radius,
        use_action(find),
        choose_ward,
        lambda metres: set_radius(int(metres)),
        refused,
        outside,
        asking.panel,
    )


@component
def PlaceChooser(around: Around) -> ft.Control:
    """Where to look: one line when it is known, everything when it is not or is being changed."""
    changing, set_changing = use_state(around.center is None)

    def done() -> None:
        set_changing(around.center is None)

    def change(e: object = None) -> None:
        set_changing(True)

    ft.use_effect(done, [around.center])
    parts: list[ft.Control] = []
    if around.center is not None:
        line = Text(_("Around {place}").format(place=around.name), "label")
        button = [] if changing else [LinkButton(_("Change the place"), change)]
        parts.append(
            ft.Row(
                [line, *button],
                wrap=True,
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    if changing:
        parts.append(_Ways(around))
    parts += around.asking
    if around.refused:
        words = _("Allow it in the settings of your device, or choose a ward.")
        parts.append(Note(_("Your place was not given."), words, "tertiary", live=True))
    if around.outside:
        words = _("Choose a ward to look around there.")
        parts.append(Note(_("You are outside Hà Nội."), words, "tertiary", live=True))
    if around.center is not None:
        metres = tuple((str(radius), _distance(radius)) for radius in RADII)
        parts.append(ChoiceChips(metres, str(around.radius), around.choose_radius, scroll=True))
    return stacked(parts, 8)


@component
def _Ways(around: Around) -> ft.Control:
    finding = _("Finding your place…") if around.find.running else _("Use my place")
    button = TonalButton(finding, around.find, ft.Icons.MY_LOCATION_ROUNDED)
    return stacked([ft.Row([button], wrap=True), WardSearch(around.choose_ward)], 8)


def _distance(metres: int) -> str:
    return f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
