"""Where it happened: a pin by tap, by arrows, from the device or from a photo; the ward; words."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import Action, component, use_action, use_device, use_look, use_services, use_state
from app.text import HOTLINE, _
from services.device import Place as DevicePlace
from services.service_requests import ServiceRequestDraft
from services.wards import Ward
from views.components import (
    CardList,
    ChoiceChips,
    ErrorPanel,
    Heading,
    LinkButton,
    Note,
    OutlineButton,
    Tappable,
    Text,
    TextBox,
    TonalButton,
    keyed,
    stacked,
)
from views.service_requests.drafting import Drafting
from views.service_requests.place_map import STEP_METRES, Pin, PinArrows

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Place:
    """The draft's place and what can be done with it; `near` are the likely wards of the pin."""

    pin: Pin | None
    ward: Ward | None
    near: tuple[Ward, ...]
    outside: bool
    put: Callable[[Pin], None]
    choose_ward: Callable[[Ward], None]
    find: Action
    refused: bool


def use_place(drafting: Drafting) -> Place:
    """The pin and the ward of a draft: moving the pin chooses the likeliest ward."""
    wards, device = use_services().wards, use_device()
    accuracy, set_accuracy = use_state(0.0)
    refused, set_refused = use_state(False)
    pin = pin_of(drafting.draft, accuracy)
    near = tuple(one.ward for one in wards.nearest(pin.lat, pin.long)) if pin else ()
    outside = pin is not None and not wards.inside_city(pin.lat, pin.long)

    def put(pin: Pin) -> None:
        set_accuracy(pin.accuracy)
        set_refused(False)
        inside = wards.inside_city(pin.lat, pin.long)
        code = wards.nearest(pin.lat, pin.long, 1)[0].ward.code if inside else ""
        drafting.change(lat=pin.lat, long=pin.long, ward_code=code)

    def choose_ward(ward: Ward) -> None:
        # A pin that lies elsewhere would contradict the ward that was chosen by name.
        keep = pin is not None and ward in near
        drafting.change(
            ward_code=ward.code,
            lat=pin.lat if keep and pin else None,
            long=pin.long if keep and pin else None,
        )

    async def find() -> None:
        [found] = await asyncio.gather(device.find_place(), return_exceptions=True)
        set_refused(not isinstance(found, DevicePlace))
        if isinstance(found, DevicePlace):
            put(Pin(found.lat, found.long, found.accuracy))

    ward = wards.find(drafting.draft.ward_code)
    return Place(pin, ward, near, outside, put, choose_ward, use_action(find), refused)


def pin_of(draft: ServiceRequestDraft, accuracy: float = 0.0) -> Pin | None:
    """Where the draft's pin stands, if it was put."""
    if draft.lat is None or draft.long is None:
        return None
    return Pin(draft.lat, draft.long, accuracy)


@component
def PlaceSummary(place: Place, address: str, editing: bool, edit: Callable[[], None]) -> ft.Control:
    """The place in words, with the ward it lies in."""
    look = use_look()
    palette = look.palette
    title = address or (_("At the pin") if place.pin else _("Where is it?"))
    words: list[ft.Control] = [Heading(title, 2, "title_small")]
    if place.ward is not None and not place.outside:
        words.append(
            ft.Row(
                [
                    ft.Icon(
                        ft.Icons.CHECK_CIRCLE_ROUNDED, size=look.icon(20), color=palette.primary
                    ),
                    Text(
                        _("In {ward}").format(ward=in_sentence(place.ward)),
                        "label",
                        palette.primary,
                        expand=True,
                    ),
                ],
                spacing=8,
            )
        )
    if place.pin is not None and place.pin.accuracy:
        accuracy = _("Accurate to {n} m").format(n=round(place.pin.accuracy))
        words.append(Text(accuracy, "supporting"))
    column = ft.Column(words, spacing=4, tight=True, expand=True)
    label = _("Close") if editing else _("Change the place")
    change = [LinkButton(label, edit)] if place.ward is not None else []
    if look.large_text:
        return ft.Column([*words, *change], spacing=4, tight=True)
    return ft.Row([column, *change], vertical_alignment=ft.CrossAxisAlignment.START)


@component
def PlaceEditor(place: Place, drafting: Drafting) -> ft.Control:
    """Every way to say where: device, photo, arrows, one of three wards, a ward by name, words."""
    look = use_look()
    photo_place = next((p.place for p in drafting.draft.photos if p.place), None)
    finding = _("Finding your place…") if place.find.running else _("Use my place")
    ways: list[ft.Control] = [TonalButton(finding, place.find, ft.Icons.MY_LOCATION_ROUNDED)]
    if photo_place is not None:

        def use_photo() -> None:
            place.put(Pin(*photo_place))

        ways.append(OutlineButton(_("Use the photo's place"), use_photo, ft.Icons.PHOTO_OUTLINED))
    parts: list[ft.Control] = [ft.Row(ways, wrap=True, spacing=8, run_spacing=8)]
    if place.refused:
        refused = _("Allow it in the settings of your device, or tap the map or choose the ward.")
        parts.append(Note(_("Your place was not given."), refused, "tertiary", live=True))
    if place.find.error is not None:
        parts.append(ErrorPanel(place.find.error))
    if place.pin is not None:
        parts.append(_Nudge(place.pin, place.put))
    if place.pin is not None and not place.outside:
        parts.append(_NearWards(place))
    parts.append(WardSearch(place.choose_ward))
    write = ft.use_callback(lambda text: drafting.change(address=text), [])
    parts.append(
        TextBox(
            _("House number, street or landmark"),
            drafting.draft.address,
            write,
            help_text=_("For example: in front of number 28, by the bus stop"),
            max_length=200,
            scale=look.scale,
        )
    )
    return stacked(parts, 12)


@component
def _Nudge(pin: Pin, put: Callable[[Pin], None]) -> ft.Control:
    words = Text(_("Move the pin by {n} m").format(n=STEP_METRES), "supporting")
    return ft.Row(
        [words, PinArrows(pin, put)],
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


@component
def _NearWards(place: Place) -> ft.Control:
    options = tuple((ward.code, ward.full_name) for ward in place.near)
    by_code = {ward.code: ward for ward in place.near}

    def select(code: str) -> None:
        place.choose_ward(by_code[code])

    words = _("The pin lies in one of these. Choose the right one.")
    chosen = place.ward.code if place.ward else ""
    chips = ChoiceChips(options, chosen, select)
    return stacked([Text(words, "supporting"), chips], 4)


@component
def WardSearch(choose: Callable[[Ward], None]) -> ft.Control:
    """The city's 126 wards and communes, found as they are typed, with or without marks."""
    wards = use_services().wards
    look = use_look()
    query, set_query = use_state("")
    found = wards.search(query)[:SHOWN] if query.strip() else []

    def pick(ward: Ward) -> None:
        set_query("")
        choose(ward)

    box = TextBox(_("Find a ward or commune by name"), query, set_query, scale=look.scale)
    parts = [box]
    if found:
        parts.append(CardList(*[keyed(ward.code, _WardRow, ward, pick) for ward in found]))
    elif query.strip():
        words = _("No results for “{word}”. Try fewer words.").format(word=query)
        parts.append(ft.Semantics(live_region=True, content=Text(words, "supporting")))
    return stacked(parts, 8)


@component
def _WardRow(ward: Ward, pick: Callable[[Ward], None]) -> ft.Control:
    def choose(e: Any) -> None:
        pick(ward)

    return Tappable(
        ft.Row([Text(ward.full_name, "label", expand=True)]),
        choose,
        use_look().palette,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        row=True,
    )


def outside_note() -> ft.Control:
    """What to do about a place that is not the city's."""
    words = _("This app reports only in Hà Nội. Move the pin, or call {hotline} for advice.")
    return Note(
        _("This place is outside Hà Nội."), words.format(hotline=HOTLINE), "error", live=True
    )


def in_sentence(ward: Ward) -> str:
    """`phường Hoàn Kiếm`, inside a sentence."""
    return ward.full_name[0].lower() + ward.full_name[1:]
