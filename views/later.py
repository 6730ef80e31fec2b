"""Screens of what this build does not have yet: one honest line each, nothing that pretends."""

import flet as ft

from app import paths
from app.hooks import view
from app.text import HOTLINE, _
from views.components import (
    CardList,
    EmptyState,
    Heading,
    NavigationRow,
    Note,
    Screen,
    open_path,
)


@view
def PrivacyView() -> ft.Control:
    """Who saw what, export and erasure."""
    icons = ft.Icons
    log = open_path(paths.health(None, "accesses"))
    shares = open_path(paths.HEALTH_SHARES)
    return Screen(
        _("Data and privacy"),
        Heading(_("Who sees your data")),
        CardList(
            NavigationRow(icons.HISTORY_ROUNDED, _("Who looked"), _("Into your record"), log),
            NavigationRow(icons.IOS_SHARE_ROUNDED, _("My shares"), "", shares),
        ),
        Note(_("Not in this build yet"), _("Export and erasure come with a later version.")),
        back=paths.ME,
    )


@view
def NotOfferedView() -> ft.Control:
    """What the city of this profile does not have."""
    return Screen(
        _("Not offered here"),
        EmptyState(
            ft.Icons.LOCATION_CITY_ROUNDED,
            _("This city does not offer this in the app."),
            _("Call {hotline} and ask how to do it.").format(hotline=HOTLINE),
        ),
    )
