"""The two kinds of record, side by side (design picture 11)."""

import flet as ft

from app import paths
from app.hooks import component
from app.text import _
from views.components.fields import Segments


@component
def RecordTabs(selected: str) -> ft.Control:
    """`selected` is the address of the kind now shown."""

    def choose(path: str) -> None:
        ft.context.page.navigate(path)

    options = ((paths.RECORDS, _("Health")), (paths.CERTIFICATES, _("Criminal record")))
    return Segments(options, selected, choose)
