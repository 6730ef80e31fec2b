"""The answer to a check: verdict, three checks, masked details, what to do, and the time."""

from datetime import datetime

import flet as ft

from app.hooks import component, use_look
from app.text import _, explain, local, show_date
from app.theme import Palette, style
from services.certificates import CheckedCertificate, Verification
from services.errors import Offline, ServiceError
from views.certificates.details import DetailRow
from views.certificates.verdict_words import (
    FAILED,
    PASSED,
    advice_of,
    check_words,
    reason_of,
    title_of,
)
from views.components import CardList, Heading, Text


@component
def VerdictBanner(found: Verification) -> ft.Control:
    """Icon, verdict and reason, announced at once."""
    return Banner(found.verdict, title_of(found), reason_of(found))


@component
def Banner(verdict: str, title: str, reason: str) -> ft.Control:
    """A verdict in its colours: jade for valid and for nothing else."""
    palette = use_look().palette
    good = (palette.primary_container, palette.on_primary_container)
    bad = (palette.error_container, palette.on_error_container)
    neutral = (palette.surface_container_high, palette.on_surface)
    open_ = (palette.tertiary_container, palette.on_tertiary_container)
    icons = ft.Icons
    fill, ink, icon = {
        "valid": (*good, icons.VERIFIED_ROUNDED),
        "altered": (*bad, icons.GPP_BAD_ROUNDED),
        "revoked": (*neutral, icons.BLOCK_ROUNDED),
        "superseded": (*neutral, icons.BLOCK_ROUNDED),
        "unchecked": (*open_, icons.CLOUD_OFF_ROUNDED),
    }.get(verdict, (*neutral, icons.HELP_ROUNDED))
    return _banner(icon, title, reason, fill, ink)


@component
def Unchecked(error: ServiceError) -> ft.Control:
    """No answer came, or none that decides: never shown as valid."""
    sentence = _("Try again online. Until then do not rely on the certificate.")
    if not isinstance(error, Offline):
        sentence = " ".join((explain(error), _("Until then do not rely on the certificate.")))
    return Banner("unchecked", _("Could not check"), sentence)


def _banner(icon: ft.IconData, title: str, reason: str, fill: str, ink: str) -> ft.Control:
    look = use_look()
    centre = ft.TextAlign.CENTER
    words = [
        ft.Text(title, style=style("headline_large", look.scale, ink), text_align=centre),
        ft.Text(reason, style=style("body_large", look.scale, ink), text_align=centre),
    ]
    heading = ft.Semantics(
        heading_level=2,
        header=True,
        content=words[0],
    )
    across = look.compact and not look.large_text
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Container(
            ft.Column(
                [ft.Icon(icon, size=72, color=ink), heading, words[1]],
                spacing=8,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            padding=ft.Padding.symmetric(horizontal=16, vertical=24),
            border_radius=0 if across else 16,
            alignment=ft.Alignment.CENTER,
            bgcolor=fill,
        ),
    )


@component
def VerdictDetails(found: Verification) -> ft.Control:
    """Checks, details, advice and time."""
    names = ("signature", "content", "status")
    if found.verdict == "altered":
        names = ("content", "signature", "status")
    return ft.Column(
        [
            ft.Container(height=0),
            CardList(*[CheckRow(name, getattr(found, name), found) for name in names]),
            *([_about(found.certificate)] if found.certificate else []),
            Heading(_("What to do"), 2, "title_small"),
            Text(advice_of(found)),
            Text(_("Checked at {time}").format(time=_moment(found.checked_datetime)), "supporting"),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def CheckRow(name: str, outcome: str, found: Verification) -> ft.Control:
    """One check: passed, failed or not done, by icon and by word."""
    look = use_look()
    icon, color = _mark(outcome, look.palette)
    words: list[ft.Control] = [Text(check_words(name, outcome, found))]
    if name == "signature" and outcome == PASSED and found.signer:
        words.append(Text(found.signer, "supporting"))
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=look.icon(24), color=color),
                ft.Column(words, spacing=0, tight=True, expand=True),
            ],
            spacing=14,
        ),
        padding=16,
    )


def _mark(outcome: str, palette: Palette) -> tuple[ft.IconData, str]:
    if outcome == PASSED:
        return ft.Icons.CHECK_CIRCLE_ROUNDED, palette.primary
    if outcome == FAILED:
        return ft.Icons.CANCEL_ROUNDED, palette.error
    return ft.Icons.REMOVE_CIRCLE_ROUNDED, palette.outline


def _about(certificate: CheckedCertificate) -> ft.Control:
    return CardList(
        DetailRow(_("Certificate number"), certificate.number),
        DetailRow(_("Issued to"), certificate.name),
        DetailRow(_("Issued on"), show_date(certificate.issued_date)),
    )


def _moment(moment: datetime) -> str:
    return f"{local(moment):%H:%M:%S, %d/%m/%Y}"
