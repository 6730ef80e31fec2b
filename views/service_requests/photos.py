"""The photos of a draft: taken in one by one, chosen, replaced, removed and brought back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.hooks import Action, as_service_error, use_action, use_device, use_session, use_state
from app.text import explain
from services.device import PickedFile
from services.photos import Photo, prepare
from views.service_requests.drafting import Drafting


@dataclass(frozen=True, slots=True)
class Taking:
    """`take` asks for photos and prepares them; `refusals` say what was not kept, and why."""

    take: Callable[[int], Awaitable[list[Photo]]]
    preparing: bool
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a draft, `most` at most, and what can be done with them; `chosen` counts from 0."""

    kept: tuple[Photo, ...]
    most: int
    chosen: int
    choose: Callable[[int], None]
    add: Action
    replace: Action
    remove: Callable[[], None]
    undo: Callable[[], None] | None
    declined: bool
    decline: Callable[[], None]
    taking: Taking


def use_taking() -> Taking:
    """Ask the device for pictures and prepare them one by one."""
    device = use_device()
    preparing, set_preparing = use_state(False)
    nothing: tuple[str, ...] = ()
    refusals, set_refusals = use_state(nothing)

    async def take(limit: int) -> list[Photo]:
        files = await device.pick_photos(limit)
        set_preparing(bool(files))
        photos, refused = await _prepared(files)
        set_preparing(False)
        set_refusals(tuple(refused))
        return photos

    return Taking(take, preparing, refusals)


def use_photos(drafting: Drafting) -> Photos:
    """Add, choose, replace and remove the draft's photos; a removal can be undone."""
    taking, most = use_taking(), use_session().offer.photos
    chosen, set_chosen = use_state(0)
    described = bool(drafting.draft.description.strip())
    declined, set_declined = use_state(described and not drafting.draft.photos)
    nothing: tuple[Photo, ...] | None = None
    before, set_before = use_state(nothing)

    def keep(photos: tuple[Photo, ...], shown: int) -> None:
        drafting.change(photos=photos)
        set_chosen(max(0, min(shown, len(photos) - 1)))

    async def add() -> None:
        taken = await taking.take(most - len(drafting.slate.latest.photos))
        kept = drafting.slate.latest.photos
        keep((*kept, *taken)[:most], len(kept) + len(taken) - 1)
        set_before(None)

    async def replace() -> None:
        for photo in await taking.take(1):
            kept = drafting.slate.latest.photos
            keep((*kept[:chosen], photo, *kept[chosen + 1 :]), chosen)

    def remove() -> None:
        kept = drafting.slate.latest.photos
        set_before(kept)
        keep((*kept[:chosen], *kept[chosen + 1 :]), chosen)

    def undo() -> None:
        keep(before or (), chosen)
        set_before(None)

    kept = drafting.draft.photos
    return Photos(
        kept,
        most,
        min(chosen, max(0, len(kept) - 1)),
        set_chosen,
        use_action(add),
        use_action(replace),
        remove,
        undo if before is not None else None,
        declined and not kept,
        lambda: set_declined(True),
        taking,
    )


async def _prepared(files: list[PickedFile]) -> tuple[list[Photo], list[str]]:
    """Prepare one after the other, for the memory's sake; say of each refused file why."""
    photos: list[Photo] = []
    refusals: list[str] = []
    for file in files:
        [result] = await asyncio.gather(prepare(file.data), return_exceptions=True)
        if isinstance(result, Photo):
            photos.append(result)
        elif isinstance(result, Exception):
            refusals.append(f"{file.name}: {explain(as_service_error(result))}")
    return photos, refusals
