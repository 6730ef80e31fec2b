"""Support: what was sent, what waits, and the way to a new bundle."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    view,
)
from app.text import HOTLINE, _, show_moment
from services.outbox import OutboxItem
from services.support_cases import Case
from views.components import (
    Card,
    CardList,
    Heading,
    Loaded,
    MainButton,
    NavigationRow,
    Screen,
    StatusChip,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.components.waiting_words import show_size
from views.support.words import bundle_words, status_of_case

Icons = ft.Icons


@view
def SupportView() -> ft.Control:
    """How support can see what happened, and the resident's bundles."""
    services, revisions = use_services(), use_revisions()
    mine = use_resource(services.support.list_mine, revisions.support, revisions.inbox)
    waiting = use_resource(services.support.waiting, revisions.outbox)
    queued = waiting.value if isinstance(waiting, Ready) else []
    new = open_path(paths.NEW_BUNDLE)
    return Screen(
        _("Support"),
        Promise(),
        *([Heading(_("Waiting to send"))] if queued else []),
        *[keyed(item.id, QueuedRow, item) for item in queued],
        Loaded(mine, CaseList),
        Hotline(),
        back=paths.ME,
        foot=(MainButton(_("Make a support bundle"), new, Icons.SUPPORT_AGENT_ROUNDED),),
    )


@component
def Promise() -> ft.Control:
    """What a bundle is, before one is made."""
    look = use_look()
    lines = (
        (
            Icons.HISTORY_ROUNDED,
            _("Did something go wrong? The app keeps its last 15 minutes, encrypted."),
        ),
        (
            Icons.VISIBILITY_OFF_OUTLINED,
            _("Names, numbers and what you typed are replaced before anything leaves."),
        ),
        (Icons.FACT_CHECK_OUTLINED, _("You look at it first and choose what is sent.")),
    )
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(24), color=look.palette.on_surface_variant),
                ft.Container(Text(words), expand=True),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, words in lines
    ]
    return stacked(rows, 10)


def CaseList(cases: list[Case]) -> ft.Control:
    """The bundles sent, newest first."""
    if not cases:
        return Text(_("You have sent no bundle yet."), "supporting")
    rows: list[ft.Control] = [keyed(case.code, CaseCard, case) for case in cases]
    return stacked([Heading(_("My bundles")), *rows])


@component
def CaseCard(case: Case) -> ft.Control:
    """State, code, when it was sent and how long it stays."""
    sent = _("Sent {time}").format(time=show_moment(case.created)) if case.created else ""
    return Card(
        StatusChip(status_of_case(case)),
        Text(case.code, "title_small"),
        Text(sent, "supporting"),
        Text(bundle_words(case), "supporting"),
        on_click=open_path(paths.support_case(case.code)),
    )


@component
def QueuedRow(item: OutboxItem) -> ft.Control:
    """A bundle that has no code yet."""
    saved = _("Saved {time}").format(time=show_moment(item.created))
    row = NavigationRow(
        Icons.SCHEDULE_SEND_ROUNDED,
        _("Support bundle"),
        f"{saved} · {show_size(item.size)}",
        open_path(paths.bundle_sent(item.id)),
        "tertiary",
    )
    return CardList(row)


@component
def Hotline() -> ft.Control:
    """The other way to get help."""
    words = _("You can also call {hotline}. With a code they see what you saw.")
    return Text(words.format(hotline=HOTLINE), "supporting")
