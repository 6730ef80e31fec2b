"""Step 3: how the certificate comes, its passcode if it is form No. 2, and what it costs."""

import flet as ft

from app.hooks import component, use_state, view
from app.text import _, local, ngettext, show_money
from services.certificates import CertificateForm
from views.certificates.choice import ChoiceCard
from views.certificates.new_form import FORM_TWO
from views.certificates.passcode import PasscodeFields, wrong_passcode
from views.certificates.steps import (
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
    use_next,
)
from views.certificates.words import day_words, show_phone
from views.components import CardList, Heading, MainButton, Note, SummaryRow


@view
def NewCertificateDeliveryView() -> ft.Control:
    """The third step, with the draft that was begun."""
    return ApplyStep(DeliveryStep, 3)


@view
def DeliveryStep(opened: Opened) -> ft.Control:
    """The one way there is, the passcode where one is needed, the promised day, and the fee."""
    applying = use_applying(opened)
    onward, step = use_next(3)
    tried, set_tried = use_state(False)
    repeated, set_repeated = use_state(applying.draft.passcode)
    secret = applying.draft.certificate_type == FORM_TWO
    wrong = wrong_passcode(applying.draft.passcode, repeated) if secret else ""

    async def go_on() -> None:
        set_tried(True)
        if not wrong:
            await applying.go(onward, step)

    fields = PasscodeFields(applying, repeated, set_repeated, wrong if tried else "")
    content = [
        Heading(_("How you get it"), 2, "headline_small"),
        Electronic(),
        *([fields] if secret else []),
        CardList(
            SummaryRow(_("Promised for"), promised_day(opened.form)),
            SummaryRow(_("Phone number for news"), phone_of(applying)),
            SummaryRow(_("Fee"), fee_words(opened.form)),
        ),
        *([HowToPay(opened.form)] if opened.form.fee else []),
    ]
    return StepScreen(3, applying, content, (MainButton(_("Continue"), go_on),))


@component
def Electronic() -> ft.Control:
    """The signed file, in the app."""
    sentences = (
        _("Read it here, save it as a PDF, or show its code to be checked."),
        _("By law the electronic copy equals paper."),
    )
    return ChoiceCard(_("In this app, as a signed file"), sentences, chosen=True, choose=None)


@component
def HowToPay(form: CertificateForm) -> ft.Control:
    """When and how the fee is paid."""
    hours = ngettext("{n} hour", "{n} hours", form.payment_hours)
    sentence = _("You scan a QR code with your bank's app, within {hours}. Work begins then.")
    return Note(
        _("You pay after sending."), sentence.format(hours=hours), icon=ft.Icons.QR_CODE_2_ROUNDED
    )


def promised_day(form: CertificateForm) -> str:
    """The day by which it comes when it is sent today."""
    return day_words(local(form.expected_datetime).date())


def phone_of(applying: Applying) -> str:
    """The number typed, or the registered one, masked."""
    number = applying.draft.contact_phone.strip() or applying.form.contact_phone
    return show_phone(number) if number else _("Not filled in")


def fee_words(form: CertificateForm) -> str:
    """The fee; zero is said as such."""
    if not form.fee:
        return _("{money}, nothing to pay").format(money=show_money(0))
    return show_money(form.fee)
