"""Where a draft's problem is: the pin, the ward it lies in, and what can be done about both."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.hooks import Action, Ready, use_action, use_device, use_resource, use_services, use_state
from services.device import Place as DevicePlace
from services.service_requests import ServiceRequestDraft
from services.wards import Located, Ward
from views.components.consenting import use_asking
from views.service_requests.drafting import Drafting
from views.service_requests.place_map import Pin


@dataclass(frozen=True, slots=True)
class Place:
    """The draft's place and what can be done with it.

    `near` are the likely wards of the pin, to choose from; none where the boundaries tell.
    `put` takes a pin and where it came from: photo, device, map or address.
    """

    pin: Pin | None
    ward: Ward | None
    near: tuple[Ward, ...]
    outside: bool
    put: Callable[[Pin, str], None]
    choose_ward: Callable[[Ward], None]
    find: Action
    refused: bool
    asking: tuple[ft.Control, ...] = ()


def use_place(drafting: Drafting) -> Place:
    """The pin and the ward of a draft: moving the pin finds the ward, or the likeliest one."""
    wards, device = use_services().wards, use_device()
    refused, set_refused = use_state(False)
    asking = use_asking("report_place")
    pin = pin_of(drafting.draft)
    located = _use_located(drafting, pin)
    exact = located is not None and located.exact
    outside = pin is not None and not (
        located.inside_city if located else wards.inside_city(pin.lat, pin.long)
    )
    near = tuple(one.ward for one in wards.nearest(pin.lat, pin.long)) if pin else ()
    told = exact and located is not None and located.ward is not None

    def put(pin: Pin, place_from: str) -> None:
        set_refused(False)
        inside = wards.inside_city(pin.lat, pin.long)
        code = wards.nearest(pin.lat, pin.long, 1)[0].ward.code if inside else ""
        drafting.change(
            lat=pin.lat,
            long=pin.long,
            ward_code=code,
            place_from=place_from,
            accuracy=pin.accuracy or None,
        )

    def choose_ward(ward: Ward) -> None:
        # A pin that lies elsewhere would contradict the ward that was chosen by name.
        keep = pin is not None and ward in near and not told
        gone = {"lat": None, "long": None, "place_from": "", "accuracy": None}
        drafting.change(ward_code=ward.code, **({} if keep else gone))

    async def read() -> None:
        [found] = await asyncio.gather(device.find_place(), return_exceptions=True)
        set_refused(not isinstance(found, DevicePlace))
        if isinstance(found, DevicePlace):
            put(Pin(found.lat, found.long, found.accuracy), "device")

    async def find() -> None:
        await asking.first(read)

    ward = wards.find(drafting.draft.ward_code)
    offered = () if told or outside else near
    finding = use_action(find)
    return Place(pin, ward, offered, outside, put, choose_ward, finding, refused, asking.panel)


def _use_located(drafting: Drafting, pin: Pin | None) -> Located | None:
    """What is known of the pin's place; the ward that the boundaries tell replaces the guess."""
    wards = use_services().wards
    spot = (pin.lat, pin.long) if pin else None

    async def locate() -> tuple[tuple[float, float] | None, Located | None]:
        if spot is None:
            return None, None
        found = await wards.locate(*spot)
        latest = drafting.slate.latest
        if found.exact and (latest.lat, latest.long) == spot:
            if found.ward is not None and found.ward.code != latest.ward_code:
                drafting.change(ward_code=found.ward.code)
            elif not found.inside_city and latest.ward_code:
                drafting.change(ward_code="")
        return spot, found

    answer = use_resource(locate, spot)
    if isinstance(answer, Ready) and answer.value[0] == spot:
        return answer.value[1]
    return None


def pin_of(draft: ServiceRequestDraft) -> Pin | None:
    """Where the draft's pin stands, if it was put."""
    if draft.lat is None or draft.long is None:
        return None
    return Pin(draft.lat, draft.long, draft.accuracy or 0.0)


def photo_place(draft: ServiceRequestDraft) -> Pin | None:
    """Where the first photo that knows it was taken."""
    found = next((photo.place for photo in draft.photos if photo.place), None)
    return Pin(*found) if found else None


def in_sentence(ward: Ward) -> str:
    """`phường Hoàn Kiếm`, inside a sentence."""
    return ward.full_name[0].lower() + ward.full_name[1:]


def place_words(draft: ServiceRequestDraft, ward: Ward | None) -> str:
    """`Trước số 28 Hàng Trống, phường Hoàn Kiếm`; the ward alone begins with a capital."""
    address = draft.address.strip()
    if ward is None:
        return address
    return f"{address}, {in_sentence(ward)}" if address else ward.full_name
