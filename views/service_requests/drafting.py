"""The draft that the three steps share: opened from the vault, kept within a second of typing."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

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
from views.components import Loaded, Note, Screen, StepProgress, keyed
from views.components.drafting import Drafting as KeptDraft
from views.components.drafting import use_drafting as use_kept_draft

STEPS = 3
IDENTIFIER = re.compile(r"[0-9a-f-]{36}")

Drafting = KeptDraft[ServiceRequestDraft]
"""A report being written."""
Form = Callable[[ServiceRequestDraft], ft.Control]


def use_drafting(opened: ServiceRequestDraft) -> Drafting:
    """Work on an opened report; the lists ask again once it was left."""
    services, revisions = use_services(), use_revisions()

    def left() -> None:
        revisions.outbox += 1

    return use_kept_draft(opened, services.service_requests.save_draft, left)


@component
def DraftStep(form: Form, step: int) -> ft.Control:
    """Open the draft that the address names, else the newest, or begin one; draw a step with it."""
    ft.use_route_location()
    wanted = named_draft(ft.context.page.route)
    return keyed(wanted or "newest", _Opened, form, step, wanted)


@component
def _Opened(form: Form, step: int, wanted: str) -> ft.Control:
    services = use_services()

    async def open_draft() -> ServiceRequestDraft:
        drafts = await services.service_requests.drafts()
        named = [draft for draft in drafts if draft.draft_id == wanted]
        # A draft that is no longer there was sent: its number must not be used again.
        return (named or drafts or [ServiceRequestDraft()])[-1]

    opened = use_resource(open_draft)
    if isinstance(opened, Ready):
        return form(opened.value)
    waiting = Loaded(opened, lambda draft: ft.Container())
    return Screen(
        _("New report"), waiting, back=paths.SERVICE_REQUESTS, progress=StepProgress(step, STEPS)
    )


def named_draft(route: str) -> str:
    """The draft that an address names; nothing where it names none."""
    found = parse_qs(urlsplit(route).query).get("draft", [""])[0]
    return found if IDENTIFIER.fullmatch(found) else ""


def use_next(draft: ServiceRequestDraft, step: str) -> str:
    """Where Continue leads: to `step`, or back to the last one when that one sent us."""
    query = urlsplit(ft.context.page.route).query
    from_review, _set = use_state(parse_qs(query).get("from") == ["review"])
    return paths.draft(draft.draft_id, paths.NEW_SERVICE_REQUEST_REVIEW if from_review else step)


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
