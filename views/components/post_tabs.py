"""Inbox and outbox are one place with two tabs, each at an address of its own (pictures 17a, 17b)."""

import flet as ft

from app import paths
from app.hooks import Ready, component, use_resource, use_revisions, use_services, use_session
from app.text import _
from views.components.fields import Segments


@component
def PostTabs(here: str) -> ft.Control:
    """`here` is the address of the open tab; a number stands on a tab that has something."""
    services, revisions, unread = use_services(), use_revisions(), use_session().unread
    waiting = use_resource(services.outbox.list, revisions.outbox)
    count = len(waiting.value) if isinstance(waiting, Ready) else 0
    options = (
        (paths.INBOX, _counted(_("Inbox"), unread)),
        (paths.OUTBOX, _counted(_("Waiting"), count)),
    )
    page = ft.context.page

    def go(path: str) -> None:
        if path != here:
            page.run_task(page.push_route, path)

    return Segments(options, here, go)


def _counted(word: str, count: int) -> str:
    return f"{word} · {count}" if count else word
