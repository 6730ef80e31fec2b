"""Every share of one's own record: what runs, and what has ended."""

import flet as ft

from app import paths
from app.hooks import component, use_resource, use_revisions, use_services, view
from app.text import _, ngettext, show_moment
from services.health_sharing import HealthShare
from views.components import (
    Card,
    EmptyState,
    Heading,
    Loaded,
    MainButton,
    Screen,
    StatusChip,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.health_sharing.words import left_words, sections_words, share_status


@view
def HealthSharesView() -> ft.Control:
    """Running ones first."""
    services, revisions = use_services(), use_revisions()
    shares = use_resource(services.health_sharing.list_mine, revisions.health_shares)
    again = MainButton(
        _("Share with a doctor"), open_path(paths.HEALTH_SHARE), ft.Icons.QR_CODE_2_ROUNDED
    )
    return Screen(_("My shares"), Loaded(shares, Listing), back=paths.RECORDS, foot=(again,))


def Listing(shares: list[HealthShare]) -> ft.Control:
    """Two groups, each with its heading."""
    if not shares:
        words = _("What you share with a doctor stands here, with who opened it.")
        return EmptyState(ft.Icons.SHARE_OUTLINED, _("Nothing shared yet"), words)
    running = [share for share in shares if share.running]
    ended = [share for share in shares if not share.running]
    parts: list[ft.Control] = []
    for title, group in ((_("Sharing"), running), (_("Ended"), ended)):
        if group:
            parts.append(Heading(title, 2, "title_small"))
            parts += [keyed(share.share_id, ShareCard, share) for share in group]
    return stacked(parts)


@component
def ShareCard(share: HealthShare) -> ft.Control:
    """State, what, until when or since when, how often opened."""
    services = use_services()
    opened = sum(1 for one in share.openings if one.outcome == "opened")
    times = ngettext("opened {n} time", "opened {n} times", opened)
    when = left_words(share, services.clock.now())
    if not share.running and share.ended_at is not None:
        when = show_moment(share.ended_at)
    return Card(
        StatusChip(share_status(share)),
        Text(sections_words(share), "label"),
        Text(f"{when} · {times if opened else _('Not opened yet')}", "supporting"),
        on_click=open_path(paths.health_share(share.share_id)),
    )
