"""About: what this build is and is not."""

import flet as ft

from app import __version__, paths
from app.hooks import use_look, view
from app.text import _
from views.components import Card, Heading, Note, OpenBuildLabel, Screen, Text


@view
def AboutView() -> ft.Control:
    """The open-build label, version, licence and what the sandbox holds."""
    # On a wide screen the label stands in the top bar already.
    label = [ft.Row([OpenBuildLabel()], wrap=True)] if use_look().compact else []
    return Screen(
        _("About this open build"),
        *label,
        Heading(_("iHaNoi, open build {version}").format(version=__version__)),
        Text(
            _(
                "An open reference of Hà Nội's citizen app, made by volunteers. It is not run by the "
                "city and has no access to the city's systems."
            )
        ),
        Note(
            _("Synthetic people only."),
            _(
                "The sandbox holds no real person, plate, number or record, and asks for no VNeID password."
            ),
            "tertiary",
            ft.Icons.SCIENCE_ROUNDED,
        ),
        Card(
            Text(_("In an emergency"), "label"),
            Text(_("Police 113 · Fire 114 · Ambulance 115 · City hotline 1022")),
        ),
        Text(_("Apache License 2.0. Font: Be Vietnam Pro (OFL)."), "supporting"),
        back=paths.ME,
    )
