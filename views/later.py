"""The screen of what a city does not have: one honest line, nothing that pretends."""

import flet as ft

from app.hooks import view
from app.text import HOTLINE, _
from views.components import EmptyState, Screen


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
