"""Step 3: how the certificate comes, and what it costs."""

import flet as ft

from app.hooks import component, use_look, view
from app.text import _, local, show_money
from services.certificates import CertificateForm
from views.certificates.steps import (
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
    use_next,
)
from views.certificates.words import day_words, show_phone
from views.components import Card, CardList, Heading, MainButton, SummaryRow, Text


@view
def NewCertificateDeliveryView() -> ft.Control:
    """The third step, with the draft that was begun."""
    return ApplyStep(DeliveryStep, 3)


@view
def DeliveryStep(opened: Opened) -> ft.Control:
    """The one way there is, the promised day, whom we reach, and the fee."""
    applying = use_applying(opened)
    onward, step = use_next(3)

    async def go_on() -> None:
        await applying.go(onward, step)

    content = [
        Heading(_("How you get it"), 2, "headline_small"),
        Electronic(),
        CardList(
            SummaryRow(_("Promised for"), promised_day(opened.form)),
            SummaryRow(_("Phone number for news"), phone_of(applying)),
            SummaryRow(_("Fee"), fee_words(opened.form)),
        ),
    ]
    return StepScreen(3, applying, content, (MainButton(_("Continue"), go_on),))


@component
def Electronic() -> ft.Control:
    """The signed file, in the app."""
    look = use_look()
    mark = ft.Icon(
        ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED, size=look.icon(24), color=look.palette.primary
    )
    words = ft.Column(
        [
            Text(_("In this app, as a signed file"), "title_small"),
            Text(_("Read it here, save it as a PDF, or show its code to be checked.")),
            Text(_("By law the electronic copy equals paper."), "supporting"),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    row = ft.Row([mark, words], spacing=14, vertical_alignment=ft.CrossAxisAlignment.START)
    return Card(row, edge=look.palette.primary)


def promised_day(form: CertificateForm) -> str:
    """The day by which it comes when it is sent today."""
    return day_words(local(form.expected_datetime).date())


def phone_of(applying: Applying) -> str:
    """The number typed, or the registered one, masked."""
    number = applying.draft.contact_phone.strip() or applying.form.contact_phone
    return show_phone(number) if number else _("Not filled in")


def fee_words(form: CertificateForm) -> str:
    """The fee; zero is said as such, and that nothing is paid in the app yet."""
    if not form.fee:
        return _("{money}, nothing to pay").format(money=show_money(0))
    words = _("{money}. Paying in the app comes with a later version.")
    return words.format(money=show_money(form.fee))
