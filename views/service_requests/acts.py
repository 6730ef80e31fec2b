"""What else the resident may do with a report: mend it, take it back, open it again."""

from datetime import datetime

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _, local, show_date, show_time
from services.service_requests import ServiceRequest
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    NavigationRow,
    OutlineButton,
    Text,
    open_path,
    stacked,
)

NAMED = ("correct", "withdraw")


def acts_now(request: ServiceRequest, waiting: tuple[str, ...]) -> list[ft.Control]:
    """Rows for what is allowed now; an act that waits in the outbox is not offered again."""
    offered = [act for act in NAMED if act in request.acts and act not in waiting]
    if not offered:
        return []
    parts: list[ft.Control] = [Heading(_("What you can do"), 2, "title")]
    if "correct" in offered:
        parts.append(_Correct(request))
    if "withdraw" in offered:
        parts.append(_Withdraw(request))
    return [stacked(parts)]


@component
def _Correct(request: ServiceRequest) -> ft.Control:
    row = NavigationRow(
        ft.Icons.EDIT_OUTLINED,
        _("Correct what you sent"),
        until(request.act_until.get("correct"), _("Until {time}")),
        open_path(paths.correct(request.service_request_id)),
    )
    return CardList(row)


@component
def _Withdraw(request: ServiceRequest) -> ft.Control:
    """Asks once and says what happens."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    asking, set_asking = use_state(False)

    async def withdraw() -> None:
        await services.service_requests.withdraw(request.service_request_id)
        revisions.service_requests += 1
        revisions.outbox += 1
        set_asking(False)

    withdrawing = use_action(withdraw)

    def ask(e: object = None) -> None:
        set_asking(True)

    def keep(e: object = None) -> None:
        set_asking(False)

    button = OutlineButton(_("Withdraw the report"), ask, ft.Icons.UNDO_ROUNDED, danger=True)
    if not asking:
        return button
    words = _(
        "Nobody works on it any more and it cannot be undone. It stays in your list as withdrawn. "
        "Who follows it is told."
    )
    yes_label = _("Withdrawing…") if withdrawing.running else _("Yes, withdraw it")
    answers = [
        OutlineButton(yes_label, withdrawing, danger=True),
        OutlineButton(_("Keep the report"), keep),
    ]
    failed = [ErrorPanel(withdrawing.error)] if withdrawing.error else []
    question = stacked(
        [
            ft.Semantics(live_region=True, content=Text(_("Withdraw this report?"), "title_small")),
            Text(words, "supporting"),
            *failed,
            ft.Row(answers, wrap=True, spacing=8, run_spacing=8),
        ],
        8,
    )
    return ft.Container(
        question,
        padding=16,
        border_radius=16,
        border=ft.Border.all(1, look.palette.error),
        bgcolor=look.palette.surface_container_low,
    )


def reopening(request: ServiceRequest, waiting: bool) -> list[ft.Control]:
    """`Vẫn hỏng? Mở lại phản ánh`, and until when."""
    if "reopen" not in request.acts or waiting:
        return []
    closed = request.status_code == "rejected"
    words = _("Not right? Open the report again") if closed else _("Still broken? Open it again")
    last = request.act_until.get("reopen")
    row = NavigationRow(
        ft.Icons.REPLAY_ROUNDED,
        words,
        _("Until {date}").format(date=show_date(local(last).date())) if last else "",
        open_path(paths.reply(request.service_request_id, "reopen")),
    )
    return [CardList(row)]


def until(moment: datetime | None, words: str) -> str:
    """`Đến 09:27`; nothing where there is no end."""
    return words.format(time=show_time(moment)) if moment else ""
