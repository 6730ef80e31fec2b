"""What is waiting to be sent (design picture 17a)."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    view,
)
from app.text import _, explain_code, ngettext, show_moment, status_of
from services.outbox import OutboxItem
from views.components import (
    Card,
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    MainButton,
    Screen,
    StatusChip,
    Text,
    keyed,
)


@view
def OutboxView() -> ft.Control:
    """Items in the order they will go, each with its state and what can be done."""
    services, revisions = use_services(), use_revisions()
    waiting = use_resource(services.outbox.list, revisions.outbox)

    async def send_now() -> None:
        await services.outbox.drain()
        revisions.outbox += 1
        revisions.service_requests += 1
        revisions.parking += 1

    sending = use_action(send_now)
    some = isinstance(waiting, Ready) and waiting.value
    foot: list[ft.Control] = []
    if some:
        foot.append(MainButton(_("Send now"), sending, ft.Icons.SEND_ROUNDED))
    if sending.error:
        foot.insert(0, ErrorPanel(sending.error))
    return Screen(
        _("Waiting to send"),
        Loaded(waiting, OutboxList),
        subtitle=_("Sends by itself when online, once only."),
        back=paths.ME,
        foot=tuple(foot),
    )


def OutboxList(items: list[OutboxItem]) -> ft.Control:
    """The cards, or one line when nothing waits."""
    if not items:
        return EmptyState(ft.Icons.OUTBOX_OUTLINED, _("Nothing waiting"))
    return ft.Column([keyed(item.id, OutboxCard, item) for item in items], spacing=12, tight=True)


@component
def OutboxCard(item: OutboxItem) -> ft.Control:
    """One item: state, what it is, when it was written, why it did not go."""
    services, revisions, look = use_services(), use_revisions(), use_look()

    async def delete() -> None:
        await services.outbox.delete(item.id)
        revisions.outbox += 1
        revisions.service_requests += 1
        revisions.parking += 1

    deleting = use_action(delete)
    state = {"waiting": "queued"}.get(item.state, item.state)
    tried = ngettext("tried {n} time", "tried {n} times", item.attempts)
    why = (
        [Text(explain_code(item.last_error), "supporting", look.palette.error)]
        if item.last_error
        else []
    )
    return Card(
        StatusChip(status_of(state)),
        Text(_what(item.kind), "title_small"),
        Text(f"{show_moment(item.created)} · {tried}", "supporting"),
        *why,
        LinkButton(_("Delete"), deleting, ft.Icons.DELETE_OUTLINE_ROUNDED),
    )


def _what(kind: str) -> str:
    names = {"parking_start": _("Start parking"), "parking_stop": _("End parking and pay")}
    return names.get(kind) or _("Report")
