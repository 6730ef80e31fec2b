"""The draft that the three steps share: opened from the vault, kept within a second of typing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, explain, show_time
from app.theme import style
from services.service_requests import ServiceRequestDraft
from views.components import Loaded, Note, Screen, StepProgress

KEEP_AFTER = 0.3
"""Seconds after the last change until the draft is written."""
STEPS = 3

Change = Callable[..., None]


@dataclass(slots=True)
class Slate:
    """The draft as it stands, and as it was last written; one a screen, not drawn itself."""

    latest: ServiceRequestDraft
    kept: ServiceRequestDraft


@dataclass(frozen=True, slots=True)
class Drafting:
    """A draft being worked on. `change(name=value, …)` changes it; typing is written by itself.

    `slate.latest` is for what goes on after a wait: the draft may have changed meanwhile.
    """

    draft: ServiceRequestDraft
    slate: Slate
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


def use_drafting(opened: ServiceRequestDraft) -> Drafting:
    """Work on an opened draft; what was typed last is written even when the screen is left."""
    services, revisions = use_services(), use_revisions()
    slate, _set = use_state(Slate(opened, opened))
    draft, set_draft = use_state(opened)
    kept_at, set_kept_at = use_state(_nothing())

    def change(**fields: Any) -> None:
        slate.latest = replace(slate.latest, **fields)
        set_draft(slate.latest)

    async def keep() -> None:
        while slate.kept is not slate.latest:
            writing = slate.latest
            await services.service_requests.save_draft(writing)
            slate.kept = writing
            set_kept_at(services.clock.now())

    keeping = use_action(keep)

    async def keep_soon() -> None:
        await asyncio.sleep(KEEP_AFTER)
        await keeping.run()

    async def keep_last() -> None:
        await keeping.run()
        revisions.outbox += 1

    page = ft.context.page
    # A cleanup, even an empty one, is what makes Flet cancel the wait for the next letter.
    ft.use_effect(keep_soon, [draft], cleanup=lambda: None)
    ft.use_effect(lambda: None, [], cleanup=lambda: page.run_task(keep_last))
    return Drafting(draft, slate, change, keeping, kept_at)


def _nothing() -> datetime | None:
    return None


@component
def DraftStep(form: Callable[[ServiceRequestDraft], ft.Control], step: int) -> ft.Control:
    """Open the newest draft, or begin one, and draw a step's form with it."""
    services = use_services()

    async def open_draft() -> ServiceRequestDraft:
        drafts = await services.service_requests.drafts()
        return drafts[-1] if drafts else ServiceRequestDraft()

    opened = use_resource(open_draft)
    if isinstance(opened, Ready):
        return form(opened.value)
    waiting = Loaded(opened, lambda draft: ft.Container())
    return Screen(
        _("New report"), waiting, back=paths.SERVICE_REQUESTS, progress=StepProgress(step, STEPS)
    )


FROM_REVIEW = "?from=review"
"""Ends the address of a step that was opened from the last one to mend an answer."""


def use_next(path: str) -> str:
    """Where Continue leads: to `path`, or back to the last step when that one sent us."""
    from_review, _set = use_state(ft.context.page.route.endswith(FROM_REVIEW))
    return paths.NEW_SERVICE_REQUEST_REVIEW if from_review else path


def step_title(step: int) -> str:
    """`Bước 1/3 · Ảnh và mô tả`."""
    names = (_("Photos and description"), _("Place and kind"), _("Check and send"))
    return _("Step {n}/{total}").format(n=step, total=STEPS) + " · " + names[step - 1]


@component
def KeptLine(drafting: Drafting) -> ft.Control:
    """When the draft was kept, or why it could not be."""
    look = use_look()
    if drafting.keeping.error is not None:
        return Note(_("The draft was not saved."), explain(drafting.keeping.error), "error")
    if drafting.kept_at is None:
        return ft.Container(height=0)
    words = _("Draft saved at {time}").format(time=show_time(drafting.kept_at))
    ink = look.palette.on_surface_variant
    return ft.Row(
        [
            ft.Icon(ft.Icons.SAVE_OUTLINED, size=look.icon(18), color=ink),
            ft.Text(words, style=style("body_small", look.scale, ink)),
        ],
        spacing=8,
        alignment=ft.MainAxisAlignment.CENTER,
        wrap=True,
    )
