"""Step 4: check every answer, then apply once."""

import flet as ft

from app import paths
from app.hooks import component, use_action, use_revisions, use_services, view
from app.text import _, show_date
from services.certificates import CertificateDraft, Obstacle
from services.errors import Rejected, ServiceError
from views.certificates.new_delivery import fee_words, phone_of, promised_day
from views.certificates.new_form import FORM_TWO
from views.certificates.steps import (
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
)
from views.certificates.words import field_words, form_word, gender_word, obstacle_words
from views.components import (
    CardList,
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    SummaryRow,
    Text,
)
from views.components.certificate_card import purpose_word
from views.components.drafting import FROM_REVIEW
from views.components.screen import Handler

OBSTACLES = ("application_in_process", "too_young", "identity_unknown")
FIELDS = {"contact_phone": "phone", "child_id": "person"}
"""Which row mends a field that the gateway refused, where it is not called as on the wire."""


@view
def NewCertificateReviewView() -> ft.Control:
    """The last step, with the draft that was begun."""
    return ApplyStep(ReviewStep, 4)


@view
def ReviewStep(opened: Opened) -> ft.Control:
    """All answers with "Sửa", what it costs and when it comes, and the button that applies."""
    applying = use_applying(opened)
    services, revisions = use_services(), use_revisions()

    async def send() -> None:
        await applying.keep()
        sent = await services.certificates.apply(applying.slate.latest)
        target = paths.certificate(sent.application_id) if sent else paths.CERTIFICATES
        await ft.context.page.push_route(target)
        revisions.certificates += 1
        revisions.outbox += 1

    sending = use_action(send)
    missing = missing_words(applying.draft)
    content = [
        Heading(_("Check before sending"), 2, "headline_small"),
        *([Refusal(sending.error)] if sending.error is not None else []),
        ReviewRows(applying, _wrong(sending.error)),
        Text(_("It goes to the authority that issues certificates, and to nobody else.")),
    ]
    if applying.as_of is not None:
        words = _("It is kept and goes by itself when there is a network, once only.")
        content.append(Note(_("No network."), words, "tertiary"))
    label, icon = _("Send the application"), ft.Icons.SEND_ROUNDED
    note = Note(missing, tone="tertiary", icon=ft.Icons.EDIT_OUTLINED)
    button = MainButton(label, sending, icon, disabled=bool(missing))
    return StepScreen(4, applying, content, (note, button) if missing else (button,))


def missing_words(draft: CertificateDraft) -> str:
    """What is still needed before it can be sent; nothing when all is there."""
    if not draft.purpose:
        return _("Choose what it is for first.")
    if draft.certificate_type == FORM_TWO and not draft.passcode:
        return _("Choose the passcode of form No. 2 first.")
    return ""


@component
def Refusal(error: ServiceError) -> ft.Control:
    """Why it was not taken; the rows to mend are marked below."""
    if not isinstance(error, Rejected):
        return ErrorPanel(error)
    if error.code in OBSTACLES:
        phrase, sentence = obstacle_words(Obstacle(error.code))
        link = LinkButton(_("Back to my certificates"), open_list)
        return Note(phrase, sentence, "error", action=link, live=True)
    if not error.field_errors:
        return ErrorPanel(error)
    return Note(_("Not sent."), _("Mend the marked rows and send again."), "error", live=True)


async def open_list() -> None:
    """Leave for the list."""
    await ft.context.page.push_route(paths.CERTIFICATES)


def _wrong(error: ServiceError | None) -> dict[str, str]:
    refused = error.field_errors if isinstance(error, Rejected) else ()
    rows = ((one, one.field.partition(".")[0]) for one in refused)
    return {FIELDS.get(row, row): field_words(one) for one, row in rows}


@component
def ReviewRows(applying: Applying, wrong: dict[str, str]) -> ft.Control:
    """Every answer; what comes from the register has no "Sửa"."""
    form, draft = applying.form, applying.draft

    async def edit_form() -> None:
        await applying.go(paths.NEW_CERTIFICATE + FROM_REVIEW)

    async def edit_details() -> None:
        await applying.go(paths.NEW_CERTIFICATE_DETAILS + FROM_REVIEW)

    async def edit_delivery() -> None:
        await applying.go(paths.NEW_CERTIFICATE_DELIVERY + FROM_REVIEW)

    purpose = next((purpose_word(p) for p in form.purposes if p.code == draft.purpose), "")
    rows = [
        SummaryRow(
            _("Form"),
            form_word(draft.certificate_type),
            edit_form,
            wrong.get("certificate_type", ""),
        ),
        *_identity_rows(applying, edit_form, wrong.get("person", "")),
        SummaryRow(
            _("What it is for"),
            purpose or _("Not filled in"),
            edit_details,
            wrong.get("purpose", ""),
        ),
        SummaryRow(
            _("Phone number for news"), phone_of(applying), edit_details, wrong.get("phone", "")
        ),
        *_former_rows(draft, edit_details, wrong),
        SummaryRow(
            _("How you get it"),
            _("In this app, as a signed file"),
            edit_delivery,
            wrong.get("delivery", ""),
        ),
        *_passcode_row(draft, edit_delivery, wrong.get("passcode", "")),
        SummaryRow(_("Promised for"), promised_day(form)),
        SummaryRow(_("Fee"), fee_words(form)),
    ]
    return CardList(*rows)


def _former_rows(draft: CertificateDraft, edit: Handler, wrong: dict[str, str]) -> list[ft.Control]:
    names = [name.strip() for name in draft.former_names if name.strip()]
    lived = [row.address.strip() for row in draft.former_addresses if not row.empty]
    none = _("None")
    return [
        SummaryRow(
            _("Former names"), ", ".join(names) or none, edit, wrong.get("former_names", "")
        ),
        SummaryRow(
            _("Former addresses"),
            "; ".join(lived) or none,
            edit,
            wrong.get("former_addresses", ""),
        ),
    ]


def _passcode_row(draft: CertificateDraft, edit: Handler, wrong: str) -> list[ft.Control]:
    if draft.certificate_type != FORM_TWO:
        return []
    hidden = "••••••" if draft.passcode else _("Not filled in")
    return [SummaryRow(_("Passcode of form No. 2"), hidden, edit, wrong)]


def _identity_rows(applying: Applying, edit: Handler, wrong: str) -> list[ft.Control]:
    form = applying.form
    identity = form.identity
    if identity is None:
        return []
    person = ", ".join((identity.name, show_date(identity.birthdate), gender_word(identity.gender)))
    whom = (
        SummaryRow(_("For"), person, edit, wrong) if form.children else SummaryRow(_("For"), person)
    )
    return [
        whom,
        SummaryRow(_("Identity number"), identity.identity_number),
        SummaryRow(_("Permanent address"), identity.address),
    ]
