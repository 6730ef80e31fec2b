"""Where a draft's problem is: the pin, the ward it lies in, and what can be done about both."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.hooks import Action, use_action, use_device, use_services, use_state
from services.device import Place as DevicePlace
from services.service_requests import ServiceRequestDraft
from services.wards import Ward
from views.service_requests.drafting import Drafting
from views.service_requests.place_map import Pin


@dataclass(frozen=True, slots=True)
class Place:
    """The draft's place and what can be done with it; `near` are the likely wards of the pin.

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


def use_place(drafting: Drafting) -> Place:
    """The pin and the ward of a draft: moving the pin chooses the likeliest ward."""
    wards, device = use_services().wards, use_device()
    refused, set_refused = use_state(False)
    pin = pin_of(drafting.draft)
    near = tuple(one.ward for one in wards.nearest(pin.lat, pin.long)) if pin else ()
    outside = pin is not None and not wards.inside_city(pin.lat, pin.long)

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
        keep = pin is not None and ward in near
        drafting.change(
            ward_code=ward.code,
            lat=pin.lat if keep and pin else None,
            long=pin.long if keep and pin else None,
            **({} if keep else {"place_from": "", "accuracy": None}),
        )

    async def find() -> None:
        [found] = await asyncio.gather(device.find_place(), return_exceptions=True)
        set_refused(not isinstance(found, DevicePlace))
        if isinstance(found, DevicePlace):
            put(Pin(found.lat, found.long, found.accuracy), "device")

    ward = wards.find(drafting.draft.ward_code)
    return Place(pin, ward, near, outside, put, choose_ward, use_action(find), refused)


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
