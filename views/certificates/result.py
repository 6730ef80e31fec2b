"""The certificate: its seal, its content behind a tap, its code, who checked it (picture 15b)."""

from collections.abc import Callable

import flet as ft

from app.hooks import component, use_action, use_device, use_look, use_services, use_state
from app.text import _, local, show_date
from app.theme import Look, style
from services.certificates import CertificateApplication, CriminalRecordCertificate
from views.certificates.details import DetailRow
from views.certificates.pages import Pages
from views.certificates.progress import History
from views.certificates.reads import WhoChecked
from views.certificates.verify_code import VerifyCode
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    Text,
    stacked,
)
from views.components.certificate_card import certificate_title, ended_status


@component
def Result(application: CertificateApplication) -> ft.Control:
    """Seal and facts, the pages once they are wanted, code, checks, history."""
    certificate = application.certificate
    assert certificate is not None, "drawn for an application with a certificate"
    shown, set_shown = use_state(False)

    def toggle() -> None:
        set_shown(not shown)

    return ft.Column(
        [
            Sealed(certificate, shown, toggle),
            *([Pages(application.application_id, certificate.pages)] if shown else []),
            VerifyCode(certificate.code, certificate.verify_url),
            WhoChecked(application.application_id),
            History(application),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def Sealed(
    certificate: CriminalRecordCertificate, shown: bool, toggle: Callable[[], None]
) -> ft.Control:
    """Signed and in force, or not any more; number, holder, day; content hidden or shown."""
    look = use_look()
    palette = look.palette
    facts: list[ft.Control] = [
        ft.Container(
            Heading(certificate_title(), 2, "title_small"), padding=ft.Padding(16, 16, 16, 4)
        ),
        DetailRow(_("Certificate number"), certificate.number, 8),
        DetailRow(_("Issued to"), certificate.name, 8),
        DetailRow(_("Issued on"), show_date(local(certificate.issued_datetime).date()), 8),
        DetailRow(_("Content"), _content_switch(shown, toggle, look), 4),
    ]
    seal = _seal(certificate, look)
    return ft.Container(
        ft.Column(
            [seal, *facts, ft.Container(height=4)],
            spacing=0,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        border_radius=16,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        bgcolor=palette.surface_container_low,
        border=ft.Border.all(1, palette.outline_variant),
    )


def _seal(certificate: CriminalRecordCertificate, look: Look) -> ft.Control:
    palette = look.palette
    if certificate.status == "valid":
        fill, ink = palette.primary_container, palette.on_primary_container
        icon, title, day = ft.Icons.VERIFIED_ROUNDED, _("Signed, valid"), None
    else:
        fill, ink = palette.surface_container_high, palette.on_surface
        status = ended_status(certificate.status)
        icon, title, day = status.icon, status.word, certificate.ended_date
    below = f"{certificate.signer} · {show_date(local(certificate.issued_datetime).date())}"
    if day is not None:
        below = _("Without force since {date}").format(date=show_date(day))
    words = ft.Column(
        [
            ft.Text(title, style=style("title_medium", look.scale, ink)),
            ft.Text(below, style=style("body_large", look.scale, ink)),
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    return ft.Container(
        ft.Row([ft.Icon(icon, size=look.icon(28), color=ink), words], spacing=12),
        padding=16,
        bgcolor=fill,
    )


def _content_switch(shown: bool, toggle: Callable[[], None], look: Look) -> ft.Control:
    icons = ft.Icons
    icon = icons.VISIBILITY_OFF_OUTLINED if shown else icons.VISIBILITY_OUTLINED
    label = _("Hide the content") if shown else _("Show the content")
    state = Text(_("Shown below") if shown else _("Hidden"), "label")
    return ft.Row(
        [state, LinkButton(label, toggle, icon)],
        wrap=True,
        spacing=4,
        tight=True,
        alignment=ft.MainAxisAlignment.START if look.large_text else ft.MainAxisAlignment.END,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


@component
def SaveButton(application_id: str, certificate: CriminalRecordCertificate) -> ft.Control:
    """Saves the signed file as it is; says that it was saved, or why not."""
    services, device = use_services(), use_device()
    saved, set_saved = use_state(False)
    tail = certificate.number.rpartition("-")[2]

    async def save() -> None:
        set_saved(False)
        document = await services.certificates.certificate(application_id)
        name = f"phieu-ly-lich-tu-phap-so-1-{tail}.pdf"
        set_saved(await device.save_file(name, document))

    saving = use_action(save)
    parts: list[ft.Control] = []
    if saved:
        words = _("Send the file itself to whoever needs it: only the file can be checked in full.")
        parts.append(Note(_("The file was saved."), words, "primary", live=True))
    if saving.error is not None:
        parts.append(ErrorPanel(saving.error))
    label, busy = _("Save the PDF"), _("Fetching the file…")
    return stacked([*parts, MainButton(label, saving, ft.Icons.DOWNLOAD_ROUNDED, busy)])
