"""The certificate: its seal, its content behind a tap, its code, who checked it (picture 15b)."""

from collections.abc import Callable

import flet as ft

from app import paths
from app.hooks import component, use_action, use_look, use_services, use_state
from app.text import HOTLINE, _, local, show_date
from app.theme import Look, style
from services.certificates import (
    CertificateApplication,
    CertificateDraft,
    CriminalRecordCertificate,
)
from views.certificates.details import DetailRow
from views.certificates.opening import Locked
from views.certificates.pages import Pages
from views.certificates.presented import Presented
from views.certificates.progress import History
from views.certificates.reads import WhoChecked
from views.certificates.status import Submitted
from views.certificates.steps import address_of_step
from views.certificates.verify_code import VerifyCode
from views.certificates.words import ended_words
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    OutlineButton,
    Text,
    stacked,
)
from views.components.certificate_card import certificate_title, ended_status


@component
def Result(application: CertificateApplication) -> ft.Control:
    """Seal and facts, the pages once they are wanted, code, links, checks, history, a newer one."""
    certificate = application.certificate
    assert certificate is not None, "drawn for an application with a certificate"
    shown, set_shown = use_state(False)

    def toggle() -> None:
        set_shown(not shown)

    def pages(opening: str) -> ft.Control:
        return Pages(application.application_id, certificate.pages, opening)

    linked = certificate.credential or "present" in application.actions
    return ft.Column(
        [
            Sealed(certificate, shown, toggle),
            *([Locked(application, pages)] if shown else []),
            *([WithoutForce(application, certificate)] if certificate.status != "valid" else []),
            VerifyCode(certificate.code, certificate.verify_url),
            *([Presented(application.application_id)] if linked else []),
            WhoChecked(application.application_id),
            History(application),
            Submitted(application),
            *([Renew(application)] if "renew" in application.actions else []),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def WithoutForce(
    application: CertificateApplication, certificate: CriminalRecordCertificate
) -> ft.Control:
    """What it means that a certificate was revoked or replaced, and what to do."""
    newer = application.renewed_by

    async def open_newer() -> None:
        await ft.context.page.push_route(paths.certificate(newer or ""))

    if certificate.status == "superseded":
        sentence = _("Whoever checks this one is told so. Use the newer one.")
        link = LinkButton(_("Open the newer one"), open_newer) if newer else None
        return Note(_("A newer certificate replaced it."), sentence, "neutral", action=link)
    why = ended_words(certificate.ended_reason)
    sentence = _(
        "Whoever checks it is told so; do not use it any more. You can apply for a new one, "
        "or call {hotline} with the code {code} if you do not agree."
    ).format(hotline=HOTLINE, code=application.application_id)
    return Note(
        _("The agency revoked it."), f"{why} {sentence}".strip(), "error", ft.Icons.BLOCK_ROUNDED
    )


@component
def Renew(application: CertificateApplication) -> ft.Control:
    """A new certificate in the place of this one, with what was filled in for it."""
    services = use_services()

    async def renew() -> None:
        begun = await services.certificates.draft()
        if begun is None:
            begun = CertificateDraft(
                purpose=application.purpose.code,
                certificate_type=application.certificate_type,
                child_id=application.child_id,
                renews=application.application_id,
            )
            await services.certificates.save_draft(begun)
        await ft.context.page.push_route(address_of_step(begun.step))

    renewing = use_action(renew)
    words = _("Some places take a recent one only. The old one ends when the new one is issued.")
    failed = [ErrorPanel(renewing.error)] if renewing.error else []
    return stacked(
        [
            Heading(_("Is it too old?")),
            Text(words, "supporting"),
            *failed,
            OutlineButton(_("Renew it"), renewing, ft.Icons.AUTORENEW_ROUNDED),
        ],
        8,
    )


@component
def SendFoot(application_id: str) -> ft.Control:
    """The one thing a certificate is for."""

    async def go() -> None:
        await ft.context.page.push_route(paths.send_certificate(application_id))

    return MainButton(_("Send it to who needs it"), go, ft.Icons.IOS_SHARE_ROUNDED)


@component
def Sealed(
    certificate: CriminalRecordCertificate, shown: bool, toggle: Callable[[], None]
) -> ft.Control:
    """Signed and in force, or not any more; number, holder, day; content hidden or shown."""
    look = use_look()
    palette = look.palette
    facts: list[ft.Control] = [
        ft.Container(
            Heading(certificate_title(certificate.certificate_type), 2, "title_small"),
            padding=ft.Padding(16, 16, 16, 4),
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
