"""Handing a certificate on: the whole file, chosen parts by a link, or its checking code."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_device,
    use_resource,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.certificates import CertificateApplication, CriminalRecordCertificate
from services.saved import Saved
from views.certificates.new_form import FORM_TWO
from views.certificates.opening import Locked
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    Loaded,
    MainButton,
    NavigationRow,
    Note,
    Screen,
    Text,
    keyed,
    stacked,
)


@view
def SendCertificateView() -> ft.Control:
    """The ways to hand on the certificate of the application that the address names."""
    application_id = unquote(ft.use_route_params().get("application_id", ""))
    return keyed(application_id, SendScreen, application_id)


@component
def SendScreen(application_id: str) -> ft.Control:
    """The file first: only the file can be checked in full."""
    services = use_services()

    async def fetch() -> Saved[CertificateApplication]:
        return await services.certificates.get(application_id)

    found = use_resource(fetch, application_id)
    body: ft.Control = Loaded(found, lambda value: ft.Container())
    if isinstance(found, Ready) and found.value.certificate is not None:
        body = Ways(found.value, found.value.certificate)
    back = paths.certificate(application_id)
    return Screen(_("Send the certificate"), body, back=back)


@component
def Ways(application: CertificateApplication, certificate: CriminalRecordCertificate) -> ft.Control:
    """The whole file, then less than that."""
    device = use_device()
    copied, set_copied = use_state(False)

    async def choose_parts() -> None:
        await ft.context.page.push_route(paths.show_claims(application.application_id))

    async def share() -> None:
        set_copied(await device.share_link(_("Check my certificate"), certificate.verify_url))

    sharing = use_action(share)

    def files(opening: str) -> ft.Control:
        return Files(application, certificate, opening)

    rows = [
        NavigationRow(
            ft.Icons.CHECKLIST_ROUNDED,
            _("Chosen parts, by a link"),
            _("Such as the result alone; it ends by itself and you can stop it."),
            choose_parts,
        ),
        NavigationRow(
            ft.Icons.QR_CODE_2_ROUNDED,
            _("The checking code alone"),
            _("Shows that the certificate is real and in force, not what it says."),
            sharing.run,
        ),
    ]
    return stacked(
        [
            *([NobodyMayDemand()] if certificate.certificate_type == FORM_TWO else []),
            Heading(_("The whole certificate"), 2, "title"),
            Locked(application, files),
            Heading(_("Or less than that"), 2, "title"),
            *([Note(_("The link was copied."), tone="primary", live=True)] if copied else []),
            *([ErrorPanel(sharing.error)] if sharing.error else []),
            CardList(*(rows if "present" in application.actions else rows[1:])),
        ]
    )


@component
def NobodyMayDemand() -> ft.Control:
    """What the law says about form No. 2, before it is handed on."""
    sentence = _("It is for you alone. Whoever needs a certificate gets form No. 1.")
    return Note(
        _("Nobody may demand form No. 2 from you."), sentence, "tertiary", ft.Icons.GAVEL_ROUNDED
    )


@component
def Files(
    application: CertificateApplication, certificate: CriminalRecordCertificate, opening: str
) -> ft.Control:
    """The signed PDF, and its twin for machines."""
    services, device = use_services(), use_device()
    saved, set_saved = use_state("")
    code, kind = application.application_id, certificate.certificate_type
    stem = f"phieu-ly-lich-tu-phap-so-{kind}-{certificate.number.rpartition('-')[2]}"

    async def save_pdf() -> None:
        set_saved("")
        document = await services.certificates.certificate(code, opening=opening)
        set_saved("pdf" if await device.save_file(f"{stem}.pdf", document) else "")

    async def save_twin() -> None:
        set_saved("")
        twin = await services.certificates.twin(code, opening=opening)
        set_saved("twin" if await device.save_file(f"{stem}.sd-jwt", twin) else "")

    pdf, twin = use_action(save_pdf), use_action(save_twin)
    parts: list[ft.Control] = []
    if saved:
        words = _("Send the file itself to whoever needs it: only the file can be checked in full.")
        machine = _("It is for programs; people read the PDF, which holds it too.")
        sentence = words if saved == "pdf" else machine
        parts.append(Note(_("The file was saved."), sentence, "primary", live=True))
    error = pdf.error or twin.error
    parts += [ErrorPanel(error)] if error else []
    parts.append(
        MainButton(_("Save the PDF"), pdf, ft.Icons.DOWNLOAD_ROUNDED, _("Fetching the file…"))
    )
    if certificate.credential:
        parts.append(
            CardList(
                NavigationRow(
                    ft.Icons.DATA_OBJECT_ROUNDED,
                    _("Save it for machines"),
                    _("The same content, signed, as an SD-JWT VC."),
                    twin.run,
                )
            )
        )
    about = Text(
        _("The PDF is signed: whoever gets it checks it without an account."), "supporting"
    )
    return stacked([about, *parts])
