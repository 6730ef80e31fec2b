"""The photos of a draft: taken in one by one, chosen, replaced, removed and brought back."""

from collections.abc import Callable
from dataclasses import dataclass

from app.hooks import Action, use_action, use_session, use_state
from services.photos import Photo
from views.components import Taking, use_taking
from views.service_requests.drafting import Drafting


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos of a draft, `most` at most, and what can be done with them; `chosen` counts from 0."""

    kept: tuple[Photo, ...]
    most: int
    chosen: int
    choose: Callable[[int], None]
    add: Action
    replace: Action
    describe: Callable[[str], None]
    move: Callable[[int], None]
    remove: Callable[[], None]
    undo: Callable[[], None] | None
    declined: bool
    decline: Callable[[], None]
    taking: Taking


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

    def describe(words: str) -> None:
        kept = drafting.slate.latest.photos
        drafting.change(photos=(*kept[:chosen], kept[chosen].described(words), *kept[chosen + 1 :]))

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
        describe,
        lambda by: keep(*_moved(drafting.slate.latest.photos, chosen, by)),
        remove,
        undo if before is not None else None,
        declined and not kept,
        lambda: set_declined(True),
        taking,
    )


def _moved(kept: tuple[Photo, ...], number: int, by: int) -> tuple[tuple[Photo, ...], int]:
    """The photos in their new order, and where the moved one stands."""
    rest = [*kept[:number], *kept[number + 1 :]]
    rest.insert(number + by, kept[number])
    return tuple(rest), number + by
