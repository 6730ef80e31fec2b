"""Screens of what this build does not have yet: one honest line each, nothing that pretends."""

import flet as ft

from app import paths
from app.hooks import view
from app.text import HOTLINE, _
from views.components import EmptyState, Screen


def _later(title: str, sentence: str, back: str | None = None) -> ft.Control:
    return Screen(
        title,
        EmptyState(ft.Icons.UPCOMING_ROUNDED, _("Not in this build yet"), sentence),
        back=back,
    )


@view
def SupportView() -> ft.Control:
    """Sending a support bundle."""
    return _later(
        _("Support"), _("Support bundles come with a later version. Call 1022 meanwhile."), paths.ME
    )


@view
def PrivacyView() -> ft.Control:
    """Who saw what, export and erasure."""
    return _later(
        _("Data and privacy"),
        _("The access log, export and erasure come with a later version."),
        paths.ME,
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
