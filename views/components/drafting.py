"""A draft that several steps share: kept within a second of typing, and when a step is left."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import flet as ft

from app.hooks import Action, use_action, use_services, use_state

KEEP_AFTER = 0.3
"""Seconds after the last change until the draft is written."""
FROM_REVIEW = "?from=review"
"""Ends the address of a step that was opened from the last one to mend an answer."""

DraftT = TypeVar("DraftT")
Change = Callable[..., None]


@dataclass(slots=True)
class Slate(Generic[DraftT]):
    """The draft as it stands, and as it was last written; one a screen, not drawn itself."""

    latest: DraftT
    kept: DraftT


@dataclass(frozen=True, slots=True)
class Drafting(Generic[DraftT]):
    """A draft being worked on. `change(name=value, …)` changes it; typing is written by itself.

    `slate.latest` is for what goes on after a wait: the draft may have changed meanwhile.
    """

    draft: DraftT
    slate: Slate[DraftT]
    change: Change
    keeping: Action
    kept_at: datetime | None

    async def keep(self) -> None:
        """Write the draft now; another write that is under way is waited for, a second at most."""
        await self.keeping.run()
        for _turn in range(50):
            if self.slate.kept is self.slate.latest:
                break
            await asyncio.sleep(0.02)

    async def go(self, path: str) -> None:
        """Keep the draft, then leave for an address."""
        await self.keep()
        await ft.context.page.push_route(path)


def use_drafting(
    opened: DraftT,
    save: Callable[[DraftT], Awaitable[None]],
    left: Callable[[], None] = lambda: None,
) -> Drafting[DraftT]:
    """Work on an opened draft (a frozen dataclass); `save` writes it, `left` follows the last write.

    What was typed last is written even when the screen is left.
    """
    services = use_services()
    slate, _set = use_state(Slate(opened, opened))
    draft, set_draft = use_state(opened)
    never: datetime | None = None
    kept_at, set_kept_at = use_state(never)

    def change(**fields: Any) -> None:
        slate.latest = replace(slate.latest, **fields)  # type: ignore[type-var]
        set_draft(slate.latest)

    async def keep() -> None:
        while slate.kept is not slate.latest:
            writing = slate.latest
            await save(writing)
            slate.kept = writing
            set_kept_at(services.clock.now())

    keeping = use_action(keep)

    async def keep_soon() -> None:
        await asyncio.sleep(KEEP_AFTER)
        await keeping.run()

    async def keep_last() -> None:
        await keeping.run()
        left()

    page = ft.context.page
    # A cleanup, even an empty one, is what makes Flet cancel the wait for the next letter.
    ft.use_effect(keep_soon, [draft], cleanup=lambda: None)
    ft.use_effect(lambda: None, [], cleanup=lambda: page.run_task(keep_last))
    return Drafting(draft, slate, change, keeping, kept_at)
