"""Data and privacy on one page: what lies here, who sees it, and what may be done about it."""

import flet as ft

from app import paths
from app.hooks import Ready, component, use_resource, use_revisions, use_services, view
from app.text import _, ngettext
from views.components import (
    CardList,
    Heading,
    Loaded,
    NavigationRow,
    Note,
    Screen,
    open_path,
)
from views.privacy.storage import Storage

Icons = ft.Icons


@view
def PrivacyView() -> ft.Control:
    """Storage, who sees it, rights."""
    services, revisions = use_services(), use_revisions()
    stored = use_resource(services.privacy.stored, revisions.outbox, revisions.privacy)
    return Screen(
        _("Data and privacy"),
        Loaded(stored, lambda found: Storage(tuple(found))),
        Heading(_("Who sees your data")),
        WhoSees(),
        Heading(_("Your rights")),
        Rights(),
        Note(
            _("No usage statistics."),
            _("The app counts nothing about how you use it, and sends nothing of it."),
            icon=Icons.QUERY_STATS_ROUNDED,
        ),
        back=paths.ME,
    )


@component
def WhoSees() -> ft.Control:
    """The log of who looked, and what is shared now."""
    services, revisions = use_services(), use_revisions()
    shares = use_resource(services.health_sharing.list_mine, revisions.health_shares)
    running = [one for one in shares.value if one.running] if isinstance(shares, Ready) else []
    words = (
        ngettext("{n} link is open", "{n} links are open", len(running))
        if running
        else _("Nothing is shared now")
    )
    return CardList(
        NavigationRow(
            Icons.HISTORY_ROUNDED,
            _("Access log"),
            _("Who saw what, when and why"),
            open_path(paths.ACCESS_LOG),
        ),
        NavigationRow(
            Icons.IOS_SHARE_ROUNDED, _("Shared now"), words, open_path(paths.HEALTH_SHARES)
        ),
        NavigationRow(
            Icons.TASK_ALT_ROUNDED,
            _("What I agreed to"),
            _("Every purpose, and one tap to withdraw"),
            open_path(paths.CONSENTS),
        ),
    )


@component
def Rights() -> ft.Control:
    """Take along, erase here, erase everywhere, ask."""
    return CardList(
        NavigationRow(
            Icons.DOWNLOAD_ROUNDED,
            _("Download my data"),
            _("One file: a page to read, JSON, photos, papers"),
            open_path(paths.PRIVACY_EXPORT),
        ),
        NavigationRow(
            Icons.PHONELINK_ERASE_ROUNDED,
            _("Erase data on this device"),
            _("What the city has stays as it is"),
            open_path(paths.PRIVACY_DEVICE),
        ),
        NavigationRow(
            Icons.EDIT_NOTE_ROUNDED,
            _("Ask about my data"),
            _("Correct, restrict or object; answered in 2 working days"),
            open_path(paths.PRIVACY_REQUESTS),
        ),
        NavigationRow(
            Icons.NO_ACCOUNTS_ROUNDED,
            _("Erase my account"),
            _("Everywhere; says what the law keeps"),
            open_path(paths.PRIVACY_ERASE),
        ),
    )
