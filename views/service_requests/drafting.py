"""The draft that the three steps share: opened from the vault, kept within a second of typing."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
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
from views.components.drafting import FROM_REVIEW
from views.components.drafting import Drafting as KeptDraft
from views.components.drafting import use_drafting as use_kept_draft

STEPS = 3

Drafting = KeptDraft[ServiceRequestDraft]
"""A report being written."""


def use_drafting(opened: ServiceRequestDraft) -> Drafting:
    """Work on an opened report; the lists ask again once it was left."""
    services, revisions = use_services(), use_revisions()

    def left() -> None:
        revisions.outbox += 1

    return use_kept_draft(opened, services.service_requests.save_draft, left)


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
