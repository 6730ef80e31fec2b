"""What is waiting to be sent, of every kind (design picture 17a)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

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
from app.text import Status, _, explain_code, ngettext, show_moment, status_of
from services.outbox import OutboxItem
from services.report_acts import ACTS
from services.support import BUNDLE
from views.components import (
    Card,
    EmptyState,
    ErrorPanel,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    StatusChip,
    Text,
    TonalButton,
    keyed,
    stacked,
)
from views.components.mending import MENDABLE, mend
from views.components.post_tabs import PostTabs
from views.components.rating_words import rating_word
from views.components.stepping_up import ConfirmButton
from views.components.waiting_words import act_of, contents_of, kind_word


@dataclass(frozen=True, slots=True)
class Deleting:
    """Throwing an item away, and the way back: `last` is what was deleted last."""

    last: OutboxItem | None
    delete: Callable[[OutboxItem], Awaitable[None]]
    undo: Action


def use_deleting() -> Deleting:
    """What was deleted is kept here, photos too, as long as the screen is open."""
    services, revisions = use_services(), use_revisions()
    nothing: OutboxItem | None = None
    last, set_last = use_state(nothing)
    none: Sequence[bytes] = ()
    pictures = ft.use_ref(none)

    async def delete(item: OutboxItem) -> None:
        pictures.current = await services.outbox.photos(item)
        await services.outbox.delete(item.id)
        set_last(item)
        revisions.outbox += 1
        revisions.service_requests += 1
        revisions.parking += 1
        revisions.certificates += 1
        revisions.support += 1

    async def bring_back() -> None:
        if last is not None:
            await services.outbox.restore(last, pictures.current or ())
            set_last(None)
            revisions.outbox += 1

    return Deleting(last, delete, use_action(bring_back))


@view
def OutboxView() -> ft.Control:
    """Items in the order they will go, each with its state and what can be done."""
    services, revisions = use_services(), use_revisions()
    deleting = use_deleting()

    async def everything() -> list[OutboxItem]:
        return await services.outbox.list(sent=True)

    waiting = use_resource(everything, revisions.outbox)

    async def send_now() -> None:
        services.outbox.wake()
        await services.outbox.drain()
        revisions.outbox += 1
        revisions.service_requests += 1
        revisions.parking += 1
        revisions.certificates += 1
        revisions.support += 1

    sending = use_action(send_now)
    items = waiting.value if isinstance(waiting, Ready) else []
    parts: list[ft.Control] = [PostTabs(paths.OUTBOX), *_undo(deleting), *_offline_note(items)]
    parts.append(Loaded(waiting, lambda found: OutboxList(found, deleting.delete)))
    parts += _photos_note(items)
    foot: list[ft.Control] = [ErrorPanel(sending.error)] if sending.error else []
    if any(item.state != "sent" for item in items):
        foot.append(MainButton(_("Send now"), sending, ft.Icons.SYNC_ROUNDED))
    return Screen(_("Post"), *parts, back=paths.ME, foot=tuple(foot))


def _undo(deleting: Deleting) -> list[ft.Control]:
    if deleting.last is None:
        return []
    words = _("{what} deleted.").format(what=kind_word(deleting.last))
    undo = LinkButton(_("Undo"), deleting.undo)
    failed = [ErrorPanel(deleting.undo.error)] if deleting.undo.error else []
    return [Note(words, action=undo, live=True), *failed]


def _photos_note(items: list[OutboxItem]) -> list[ft.Control]:
    if not any(item.parts and item.kind != BUNDLE for item in items):
        return []
    words = _("Photos go over any network, also mobile data. On Wi-Fi they cost nothing.")
    return [Note(_("Photos and your data plan."), words, icon=ft.Icons.WIFI_ROUNDED)]


def _offline_note(items: list[OutboxItem]) -> list[ft.Control]:
    if not any(item.state == "waiting" and item.last_error == "offline" for item in items):
        return []
    words = _("Everything below is saved and sends by itself, each thing once only.")
    return [Note(_("No network."), words, "tertiary", live=True)]


def OutboxList(
    items: list[OutboxItem], delete: Callable[[OutboxItem], Awaitable[None]]
) -> ft.Control:
    """The cards, or one line when nothing waits."""
    if not items:
        words = _("What you send without a network waits here and goes by itself.")
        return EmptyState(ft.Icons.OUTBOX_OUTLINED, _("Nothing waiting"), words)
    return stacked([keyed(item.id, OutboxCard, item, delete) for item in items])


def state_of(item: OutboxItem) -> Status:
    """`Chờ gửi`, `Chờ mạng`, `Đang gửi 40%`, `Chưa gửi được`, `Đã gửi`."""
    if item.state == "sending":
        sending = status_of("sending")
        return Status(f"{sending.word} {item.percent}%", sending.tone, sending.icon)
    code = {"waiting": "queued", "sent": "arrived"}.get(item.state, item.state)
    no_network = item.state == "waiting" and item.last_error == "offline"
    return status_of("no_network" if no_network else code)


@component
def OutboxCard(item: OutboxItem, delete: Callable[[OutboxItem], Awaitable[None]]) -> ft.Control:
    """One item: state, what it is, when it was written, why it did not go, what can be done."""
    services, revisions, look = use_services(), use_revisions(), use_look()

    async def delete_it() -> None:
        await delete(item)

    async def mend_it() -> None:
        await mend(services, item)
        revisions.outbox += 1

    deleting, mending = use_action(delete_it), use_action(mend_it)
    parts: list[ft.Control] = [
        StatusChip(state_of(item)),
        Text(title_of_item(item), "title_small"),
    ]
    if item.state == "sent":
        return Card(*parts)
    parts.append(Text(details_of(item), "supporting"))
    if item.state == "sending":
        parts.append(ft.ProgressBar(value=item.percent / 100, bar_height=6, border_radius=3))
    failed = item.state == "failed"
    if item.last_error and (failed or item.last_error != "offline"):
        parts.append(Text(explain_code(item.last_error), "supporting", look.palette.error))
    buttons: list[ft.Control] = []
    if failed and item.kind in MENDABLE:
        buttons.append(TonalButton(_("Mend it and send"), mending))
    if item.last_error == "step_up_required":
        parts.append(ConfirmButton())
    if item.state != "sending":
        buttons.append(LinkButton(_("Delete"), deleting, ft.Icons.DELETE_OUTLINE_ROUNDED))
    parts += [ft.Row(buttons, wrap=True)] if buttons else []
    error = deleting.error or mending.error
    parts += [ErrorPanel(error)] if error else []
    return Card(*parts)


def title_of_item(item: OutboxItem) -> str:
    """`Phản ánh: Ổ gà sâu giữa đường…`, `Câu trả lời: Ở cột số 7`, `Đánh giá: Hài lòng`."""
    payload = item.payload if isinstance(item.payload, dict) else {}
    said = str(payload.get("description") or "")
    if act_of(item) == "rate":
        said = rating_word(str(payload.get("rating") or ""))
    return f"{kind_word(item)}: {said}" if said else kind_word(item)


def details_of(item: OutboxItem) -> str:
    """`Lưu 09:20 · 3 ảnh · 4,1 MB · đã thử 2 lần`, and which report an act is about."""
    saved = _("Saved {time}").format(time=show_moment(item.created))
    tried = ngettext("tried {n} time", "tried {n} times", item.attempts) if item.attempts else ""
    about = _("report {code}").format(code=item.about) if item.kind in ACTS else ""
    return " · ".join(part for part in (saved, about, contents_of(item), tried) if part)
