"""A bundle was sent: its code, and what happens next (picture 19b); or it waits for a network."""

from urllib.parse import unquote

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
from app.text import _
from services.support_cases import Case
from views.components import (
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Screen,
    Text,
    keyed,
    open_path,
)
from views.support.code import CodeCard
from views.support.deleting import DeleteBundle
from views.support.words import answer_words, day_of

Icons = ft.Icons


@view
def BundleSentView() -> ft.Control:
    """The bundle sent under the key that the address names."""
    services, revisions = use_services(), use_revisions()
    key = unquote(ft.use_route_params().get("key", ""))

    async def fetch() -> Case | None:
        return await services.support.sent(key)

    sent = use_resource(fetch, key, revisions.support, revisions.outbox)
    done = open_path(paths.SUPPORT)
    if isinstance(sent, Ready):
        inside: list[ft.Control] = [_Queued()] if sent.value is None else _arrived(sent.value)
    else:
        inside = [Loaded(sent, lambda _case: ft.Container())]
    return Screen(
        _("Support bundle"),
        *inside,
        back=paths.SUPPORT,
        close=True,
        foot=(MainButton(_("Done"), done),),
    )


def _arrived(case: Case) -> list[ft.Control]:
    head = _Done(_("Support bundle sent"), _("Read this code when you call or write to support."))
    return [head, CodeCard(case.code), keyed(case.code, Next, case), DeleteBundle(case)]


@component
def _Done(title: str, sentence: str) -> ft.Control:
    palette = use_look().palette
    mark = ft.Container(
        ft.Icon(Icons.CHECK_ROUNDED, size=56, color=palette.on_primary),
        width=84,
        height=84,
        border_radius=42,
        bgcolor=palette.primary,
        alignment=ft.Alignment.CENTER,
    )
    words = ft.Semantics(
        heading_level=2,
        header=True,
        content=Text(title, "headline", align=ft.TextAlign.CENTER),
    )
    below = Text(sentence, "supporting", align=ft.TextAlign.CENTER)
    return ft.Container(
        ft.Column(
            [mark, words, below],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.only(top=16, bottom=8),
    )


@component
def Next(case: Case) -> ft.Control:
    """What happens next, line by line."""
    gone = _("The bundle deletes itself after 7 days, on {day}.").format(day=day_of(case.expires))
    lines = (
        (
            Icons.SUPPORT_AGENT_ROUNDED,
            _("Support looks at the steps and answers by {when}.").format(when=answer_words(case)),
        ),
        (Icons.AUTO_DELETE_OUTLINED, gone),
        (Icons.VISIBILITY_OUTLINED, _("Each time somebody opens it, you get a message.")),
    )
    rows: list[ft.Control] = [keyed(words, _Line, icon, words) for icon, words in lines]
    return ft.Column([Heading(_("What happens next")), *rows], spacing=12, tight=True)


@component
def _Line(icon: ft.IconData, words: str) -> ft.Control:
    look = use_look()
    mark = ft.Icon(icon, size=look.icon(24), color=look.palette.on_surface_variant)
    return ft.Row(
        [mark, ft.Container(Text(words), expand=True)],
        spacing=16,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@component
def _Queued() -> ft.Control:
    """No network yet: the code comes when the bundle is there."""
    return EmptyState(
        Icons.SCHEDULE_SEND_ROUNDED,
        _("Waiting to send"),
        _(
            "The bundle goes by itself when there is a network, once only. Its code then stands here."
        ),
        LinkButton(_("Open Waiting to send"), open_path(paths.OUTBOX), Icons.OUTBOX_OUTLINED),
    )
