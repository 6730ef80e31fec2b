"""The reports being written: several at once, each to go on with or to throw away, with a way back."""

from collections.abc import Callable

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
    view,
)
from app.text import _, ngettext
from services.service_requests import ServiceRequestDraft
from views.components import (
    Card,
    EmptyState,
    ErrorPanel,
    IconAction,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    PhotoFrame,
    Screen,
    Text,
    keyed,
    stacked,
)
from views.service_requests.place import place_words


def blank(draft: ServiceRequestDraft) -> bool:
    """Whether nothing was entered yet, so that there is nothing to find again."""
    return draft == ServiceRequestDraft(draft_id=draft.draft_id)


def use_new_report() -> Action:
    """Begin another report; those that were begun stay."""
    services = use_services()

    async def begin() -> None:
        # Kept at once, so that its address finds it after a reload.
        draft = ServiceRequestDraft()
        await services.service_requests.save_draft(draft)
        await ft.context.page.push_route(paths.draft(draft.draft_id))

    return use_action(begin)


@view
def DraftsView() -> ft.Control:
    """Every draft, the newest first."""
    services, revisions = use_services(), use_revisions()
    found = use_resource(services.service_requests.drafts, revisions.outbox)
    nothing: ServiceRequestDraft | None = None
    deleted, set_deleted = use_state(nothing)
    beginning = use_new_report()

    async def bring_back() -> None:
        if deleted is not None:
            await services.service_requests.save_draft(deleted)
            set_deleted(None)
            revisions.outbox += 1

    undoing = use_action(bring_back)
    undo = LinkButton(_("Undo"), undoing)
    parts: list[ft.Control] = []
    if deleted is not None:
        parts.append(
            Note(_("Draft deleted."), action=undo, live=True, icon=ft.Icons.DELETE_ROUNDED)
        )
    failed = undoing.error or beginning.error
    parts += [ErrorPanel(failed)] if failed else []
    shown = [draft for draft in reversed(_value(found)) if not blank(draft)]
    if isinstance(found, Ready):
        parts += [keyed(one.draft_id, _DraftCard, one, set_deleted) for one in shown]
        parts += [] if shown else [_nothing()]
    else:
        parts.append(Loaded(found, lambda drafts: ft.Container()))
    new = MainButton(
        _("Write a new report"), beginning, ft.Icons.EDIT_NOTE_ROUNDED, busy_label=_("Opening…")
    )
    words = ngettext("{n} report begun", "{n} reports begun", len(shown))
    return Screen(
        _("Drafts"),
        *parts,
        subtitle=words if shown else "",
        back=paths.SERVICE_REQUESTS,
        foot=(new,),
    )


def _value(found: object) -> list[ServiceRequestDraft]:
    return list(found.value) if isinstance(found, Ready) else []


def _nothing() -> ft.Control:
    words = _("What you begin to write is kept by itself and stands here.")
    return EmptyState(ft.Icons.DESCRIPTION_OUTLINED, _("No drafts"), words)


@component
def _DraftCard(
    draft: ServiceRequestDraft, deleted: Callable[[ServiceRequestDraft], None]
) -> ft.Control:
    services, revisions, look = use_services(), use_revisions(), use_look()

    async def go_on() -> None:
        await ft.context.page.push_route(paths.draft(draft.draft_id))

    async def delete() -> None:
        await services.service_requests.delete_draft(draft.draft_id)
        deleted(draft)
        revisions.outbox += 1

    deleting = use_action(delete)
    title = draft.description.strip() or _("A report without a description yet")
    words: list[ft.Control] = [Text(title, "title_small", max_lines=4 if look.large_text else 2)]
    place = place_words(draft, services.wards.find(draft.ward_code))
    if place:
        words.append(Text(place, "supporting"))
    if draft.photos:
        count = ngettext("{n} photo", "{n} photos", len(draft.photos))
        words.append(Text(count, "supporting"))
    head: ft.Control = ft.Column(words, spacing=4, tight=True, expand=True)
    if draft.photos:
        picture = PhotoFrame(draft.photos[0].jpeg, _("Photo of the report"), 64, 64)
        if look.large_text:
            head = stacked([picture, *words], 8)
        else:
            head = ft.Row(
                [head, picture], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START
            )
    else:
        head = ft.Row([head])
    buttons = ft.Row(
        [
            ft.Container(
                LinkButton(_("Continue the draft"), go_on, ft.Icons.EDIT_OUTLINED),
                expand=True,
                alignment=ft.Alignment.CENTER_LEFT,
            ),
            IconAction(ft.Icons.DELETE_OUTLINE_ROUNDED, _("Delete the draft"), deleting),
        ],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )
    return Card(head, buttons, *([ErrorPanel(deleting.error)] if deleting.error else []))
