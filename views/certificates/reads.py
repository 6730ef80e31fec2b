"""Who opened or checked a certificate, for the resident it is about."""

import flet as ft

from app.hooks import Ready, component, use_look, use_resource, use_services, use_state
from app.text import _, show_moment
from services.certificates import CertificateRead
from services.saved import Saved
from views.certificates.presented import checker
from views.components import CardList, Heading, LinkButton, Loaded, Text, stacked

FEW = 3
"""How many are shown before "Xem hết"."""


@component
def WhoChecked(application_id: str) -> ft.Control:
    """The newest checks; all of them and the resident's own openings behind "Xem hết"."""
    services, look = use_services(), use_look()
    all_shown, set_all = use_state(False)

    async def fetch() -> Saved[list[CertificateRead]]:
        return await services.certificates.reads(application_id)

    def show_all() -> None:
        set_all(not all_shown)

    found = use_resource(fetch, application_id, all_shown)
    shield = ft.Icon(
        ft.Icons.SHIELD_OUTLINED, size=look.icon(24), color=look.palette.on_surface_variant
    )
    hint = _("Whoever checks sees the content only if you send them the file.")
    more = isinstance(found, Ready) and bool(found.value)
    label = _("Show fewer") if all_shown else _("See all")
    head = ft.Row(
        [
            ft.Container(Heading(_("Who checked it")), expand=True),
            *([LinkButton(label, show_all)] if more else []),
        ]
    )
    shown = found.value if isinstance(found, Ready) else []
    if not all_shown:
        shown = [one for one in shown if one.actor != "resident"][:FEW]
    body = ReadRows(shown) if isinstance(found, Ready) else Loaded(found, _nothing)
    return stacked(
        [
            head,
            body,
            ft.Row(
                [shield, Text(hint, "supporting", expand=True)],
                spacing=14,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ]
    )


def _nothing(found: list[CertificateRead]) -> ft.Control:
    return ft.Container(height=0)


@component
def ReadRows(reads: list[CertificateRead]) -> ft.Control:
    """A row each: who, when, what came out."""
    if not reads:
        return Text(_("Nobody has checked this"), "supporting")
    return CardList(*[_row(one) for one in reads])


def _row(read: CertificateRead) -> ft.Control:
    look = use_look()
    own = read.actor == "resident"
    icon = ft.Icons.PERSON_OUTLINE_ROUNDED if own else ft.Icons.PERSON_SEARCH_OUTLINED
    who = _("You") if own else checker(read.name or "")
    words = ft.Column(
        [
            Text(who, "label"),
            Text(f"{show_moment(read.datetime)} · {_what(read)}", "supporting"),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Container(
        ft.Row([ft.Icon(icon, size=look.icon(24), color=look.palette.primary), words], spacing=16),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


def _what(read: CertificateRead) -> str:
    if read.kind == "page":
        return _("looked at a page")
    if read.kind == "certificate":
        return _("took the file")
    if read.kind == "credential":
        return _("took the copy for machines")
    if read.kind == "presentation":
        return _("looked at a part shown by link")
    outcomes = {
        "valid": _("result: valid"),
        "revoked": _("result: revoked"),
        "superseded": _("result: replaced"),
    }
    return outcomes.get(read.verdict or "", _("checked"))
