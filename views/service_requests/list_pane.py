"""What the list shows: whose, which, and every report as a card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import Status, _, status_of
from services.outbox import OutboxItem
from services.service_requests import ServiceRequest, ServiceRequestDraft
from views.components import (
    Card,
    CardList,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    Heading,
    IconAction,
    LinkButton,
    Loaded,
    MainButton,
    NavigationRow,
    PhotoFrame,
    Segments,
    ServiceRequestCard,
    StatusChip,
    Text,
    arranged,
    keyed,
)
from views.components.needing import needing
from views.service_requests.arranging import EVERY, filtered, filters
from views.service_requests.arrow_keys import use_arrow_keys
from views.service_requests.nearby import NearbyPane

MINE, FOLLOWED, NEARBY = "mine", "followed", "nearby"


@dataclass(frozen=True, slots=True)
class Reports:
    """What the resident has sent and follows, what waits to be sent, and what is being written.

    `acts` are the acts that wait in the outbox, by the report they are about.
    """

    mine: Resource[list[ServiceRequest]]
    followed: Resource[list[ServiceRequest]]
    queue: tuple[OutboxItem, ...]
    drafts: tuple[ServiceRequestDraft, ...]
    acts: Mapping[str, tuple[OutboxItem, ...]]

    @property
    def empty(self) -> bool:
        """Whether it is known that there is nothing at all."""
        sent = not isinstance(self.mine, Ready) or bool(self.mine.value)
        return not (sent or self.queue or self.drafts)

    @property
    def needing(self) -> int:
        """How many reports wait for the resident; none while that is not known."""
        return len(needing(self.mine.value)) if isinstance(self.mine, Ready) else 0


def acts_by_report(queue: tuple[OutboxItem, ...]) -> Mapping[str, tuple[OutboxItem, ...]]:
    """The waiting acts, by the report they are about."""
    found: dict[str, tuple[OutboxItem, ...]] = {}
    for item in queue:
        if item.about:
            found[item.about] = (*found.get(item.about, ()), item)
    return found


async def begin_report() -> None:
    """Open the first step; it goes on with the draft there is."""
    await ft.context.page.push_route(paths.NEW_SERVICE_REQUEST)


@view
def ListPane(reports: Reports, selected: str | None) -> ft.Control:
    """Mine, followed or nearby; what waits first, then the reports in their order."""
    whose, set_whose = use_state(MINE)
    options = ((MINE, _("Mine")), (FOLLOWED, _("Followed")), (NEARBY, _("Nearby")))
    parts: list[ft.Control] = [Segments(options, whose, set_whose, {MINE: reports.needing})]
    if whose == NEARBY:
        parts.append(NearbyPane(selected))
    elif whose == FOLLOWED:
        parts.append(_Followed(reports, selected, lambda: set_whose(NEARBY)))
    elif reports.empty:
        parts.append(_NothingYet(lambda: set_whose(NEARBY)))
    else:
        parts += _unsent(reports)
        if isinstance(reports.mine, Ready):
            parts.append(keyed(MINE, Sent, reports.mine.value, selected, reports.acts))
            parts += [_StillPossible()] if reports.mine.as_of is not None else []
        else:
            parts.append(Loaded(reports.mine, lambda found: ft.Container()))
    return ft.Column(
        parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


@component
def _Followed(
    reports: Reports, selected: str | None, look_around: Callable[[], None]
) -> ft.Control:
    if not isinstance(reports.followed, Ready):
        return Loaded(reports.followed, lambda found: ft.Container())
    if not reports.followed.value:
        return EmptyState(
            ft.Icons.NOTIFICATIONS_NONE_ROUNDED,
            _("You follow nothing yet"),
            _("Open “Nearby” to see what others reported, and follow it there."),
            LinkButton(_("Look nearby"), look_around),
        )
    return keyed(FOLLOWED, Sent, reports.followed.value, selected, reports.acts)


def _unsent(reports: Reports) -> list[ft.Control]:
    queued = {item.id for item in reports.queue}
    drafts = [draft for draft in reports.drafts if draft.draft_id not in queued]
    return [
        *(keyed(item.id, QueuedCard, item) for item in reports.queue),
        *(keyed(draft.draft_id, DraftCard, draft) for draft in reversed(drafts)),
    ]


@view
def Sent(
    requests: list[ServiceRequest],
    selected: str | None,
    acts: Mapping[str, tuple[OutboxItem, ...]],
) -> ft.Control:
    """Filters with their counts, and the reports in their order; arrow keys move inside."""
    now = use_services().clock.now()
    group, set_group = use_state(EVERY)
    shown = filtered(arranged(requests, now), group, now)
    keys = use_arrow_keys(tuple(one.service_request_id for one in shown), selected)
    parts: list[ft.Control] = []
    if requests:
        parts.append(ChoiceChips(filters(requests, now), group, set_group, scroll=True))
    if requests and not shown:
        clear = LinkButton(_("Show all"), lambda: set_group(EVERY))
        parts.append(
            EmptyState(ft.Icons.FILTER_ALT_OFF_OUTLINED, _("No report matches"), "", clear)
        )
    parts += [
        keyed(
            request.service_request_id,
            ServiceRequestCard,
            request,
            request.service_request_id == selected,
            acts.get(request.service_request_id, ()),
            keys.ref_of(request.service_request_id),
        )
        for request in shown
    ]
    return keys.listen(ft.Column(parts, spacing=12, tight=True))


@component
def _NothingYet(look_around: Callable[[], None]) -> ft.Control:
    return EmptyState(
        ft.Icons.PHOTO_CAMERA_ROUNDED,
        _("No reports yet"),
        _("A pothole, a dark lamp, rubbish? Take a photo: you will see who fixes it and by when."),
        MainButton(_("Send your first report"), begin_report, ft.Icons.PHOTO_CAMERA_ROUNDED),
        LinkButton(_("See what others report nearby"), look_around),
    )


@component
def _StillPossible() -> ft.Control:
    row = NavigationRow(
        ft.Icons.PHOTO_CAMERA_ROUNDED,
        _("Write a new report"),
        _("Sends by itself when online"),
        begin_report,
        "primary",
    )
    heading = Heading(_("Still works without a network"), 2, "title_small")
    return ft.Column([heading, CardList(row)], spacing=8, tight=True)


@view
def QueuedCard(item: OutboxItem) -> ft.Control:
    """A report that has not left yet, with its state; a refused one can be mended."""
    services, revisions = use_services(), use_revisions()
    draft = services.service_requests.draft_of(item)

    async def mend() -> None:
        # Written last, so that the steps open this draft and no other.
        await services.service_requests.delete_draft(draft.draft_id)
        await services.service_requests.save_draft(
            await services.service_requests.draft_to_fix(item)
        )
        await ft.context.page.push_route(paths.NEW_SERVICE_REQUEST_REVIEW)

    async def delete() -> None:
        await services.outbox.delete(item.id)
        await services.service_requests.delete_draft(item.id)
        revisions.outbox += 1

    mending, deleting = use_action(mend), use_action(delete)
    state = {"waiting": "queued", "sending": "sending", "failed": "failed"}[item.state]
    if item.state == "failed":
        words = _("The server did not accept it. Open it to see what to change.")
        buttons = [
            LinkButton(_("Edit and send again"), mending),
            LinkButton(_("Delete"), deleting),
        ]
    else:
        words, buttons = _("Sends by itself when online, once only."), []
    failed = mending.error or deleting.error
    return Card(
        _Unsent(status_of(state), draft),
        Text(words, "supporting"),
        *([ft.Row(buttons, wrap=True)] if buttons else []),
        *([ErrorPanel(failed)] if failed else []),
    )


@view
def DraftCard(draft: ServiceRequestDraft) -> ft.Control:
    """A report that was begun: go on with it or throw it away, with a way back."""
    services, revisions = use_services(), use_revisions()
    asking, set_asking = use_state(False)

    async def go_on() -> None:
        await services.service_requests.delete_draft(draft.draft_id)
        await services.service_requests.save_draft(draft)
        await begin_report()

    async def delete() -> None:
        await services.service_requests.delete_draft(draft.draft_id)
        revisions.outbox += 1

    going, deleting = use_action(go_on), use_action(delete)
    row = [
        LinkButton(_("Continue the draft"), going),
        IconAction(
            ft.Icons.DELETE_OUTLINE_ROUNDED, _("Delete the draft"), lambda: set_asking(True)
        ),
    ]
    if asking:
        row = [
            Text(_("Delete this draft?"), "label"),
            LinkButton(_("Delete"), deleting),
            LinkButton(_("Keep"), lambda: set_asking(False)),
        ]
    failed = going.error or deleting.error
    return Card(
        _Unsent(status_of("draft"), draft),
        ft.Row(row, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        *([ErrorPanel(failed)] if failed else []),
    )


@component
def _Unsent(status: Status, draft: ServiceRequestDraft) -> ft.Control:
    look = use_look()
    title = draft.description or _("A report without a description yet")
    words = ft.Column(
        [StatusChip(status), Text(title, "title_small", max_lines=4 if look.large_text else 2)],
        spacing=6,
        tight=True,
        expand=True,
    )
    photo = draft.photos[0] if draft.photos and not look.large_text else None
    picture = [PhotoFrame(photo.jpeg, _("Photo of the report"), 64, 64)] if photo else []
    return ft.Row([words, *picture], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)
