"""Step 4: check every answer, then apply once."""

import flet as ft

from app import paths
from app.hooks import component, use_action, use_revisions, use_services, view
from app.text import _, show_date
from services.certificates import Obstacle
from services.errors import Rejected, ServiceError
from views.certificates.new_delivery import fee_words, phone_of, promised_day
from views.certificates.steps import (
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
)
from views.certificates.words import field_words, gender_word, obstacle_words
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

OBSTACLES = ("application_in_process", "too_young", "identity_unknown")
FIELDS = {"purpose": "purpose", "contact_phone": "phone", "delivery": "delivery"}
"""Which row mends a field that the gateway refused."""


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
        await applying.keeping.run()
        sent = await services.certificates.apply(applying.slate.latest)
        await ft.context.page.push_route(paths.certificate(sent.application_id))
        revisions.certificates += 1

    sending = use_action(send)
    ready = bool(applying.draft.purpose)
    missing = Note(_("Choose what it is for first."), tone="tertiary", icon=ft.Icons.EDIT_OUTLINED)
    content = [
        Heading(_("Check before sending"), 2, "headline_small"),
        *([Refusal(sending.error)] if sending.error is not None else []),
        ReviewRows(applying, _wrong(sending.error)),
        Text(_("It goes to the authority that issues certificates, and to nobody else.")),
    ]
    label = _("Send the application")
    icon = ft.Icons.SEND_ROUNDED
    foot = (*(() if ready else (missing,)), MainButton(label, sending, icon, disabled=not ready))
    return StepScreen(4, applying, content, foot)


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
    return {FIELDS.get(one.field, one.field): field_words(one) for one in refused}


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
        SummaryRow(_("Form"), _("Form No. 1"), edit_form, wrong.get("certificate_type", "")),
        *_identity_rows(applying),
        SummaryRow(
            _("What it is for"),
            purpose or _("Not filled in"),
            edit_details,
            wrong.get("purpose", ""),
        ),
        SummaryRow(
            _("Phone number for news"), phone_of(applying), edit_details, wrong.get("phone", "")
        ),
        SummaryRow(
            _("How you get it"),
            _("In this app, as a signed file"),
            edit_delivery,
            wrong.get("delivery", ""),
        ),
        SummaryRow(_("Promised for"), promised_day(form)),
        SummaryRow(_("Fee"), fee_words(form)),
    ]
    return CardList(*rows)


def _identity_rows(applying: Applying) -> list[ft.Control]:
    identity = applying.form.identity
    if identity is None:
        return []
    person = ", ".join((identity.name, show_date(identity.birthdate), gender_word(identity.gender)))
    return [
        SummaryRow(_("For"), person),
        SummaryRow(_("Identity number"), identity.identity_number),
        SummaryRow(_("Permanent address"), identity.address),
    ]
