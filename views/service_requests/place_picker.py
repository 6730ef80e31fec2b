"""Where it happened: a pin by tap, by arrows, from the device or from a photo; the ward; words."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_look
from app.text import _
from views.components import (
    ChoiceChips,
    ErrorPanel,
    Heading,
    LinkButton,
    Note,
    OutlineButton,
    Text,
    TonalButton,
    stacked,
)
from views.service_requests.address_search import AddressField
from views.service_requests.drafting import Drafting
from views.service_requests.pin_arrows import PinArrows
from views.service_requests.place import Place, in_sentence, photo_place
from views.service_requests.place_map import Pin
from views.service_requests.ward_search import WardSearch


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
def PlaceEditor(place: Place, drafting: Drafting, wards: bool = True) -> ft.Control:
    """Every way to say where: device, photo, arrows, one of three wards, a ward by name, words.

    Without `wards` the pin alone says which ward it is.
    """
    photo = photo_place(drafting.draft)

    def move(pin: Pin) -> None:
        place.put(pin, "map")

    finding = _("Finding your place…") if place.find.running else _("Use my place")
    ways: list[ft.Control] = [TonalButton(finding, place.find, ft.Icons.MY_LOCATION_ROUNDED)]
    if photo is not None:

        def use_photo() -> None:
            place.put(photo, "photo")

        ways.append(OutlineButton(_("Use the photo's place"), use_photo, ft.Icons.PHOTO_OUTLINED))
    parts: list[ft.Control] = [ft.Row(ways, wrap=True, spacing=8, run_spacing=8)]
    parts += place.asking
    if place.refused:
        refused = _("Allow it in the settings of your device, or tap the map or choose the ward.")
        parts.append(Note(_("Your place was not given."), refused, "tertiary", live=True))
    if place.find.error is not None:
        parts.append(ErrorPanel(place.find.error))
    if place.pin is not None:
        parts.append(PinArrows(place.pin, move))
    if place.near and wards:
        parts.append(_NearWards(place))
    parts += [WardSearch(place.choose_ward)] if wards else []
    parts.append(AddressField(place, drafting))
    return stacked(parts, 12)


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
