"""Step 1: which form there is, what it shows, how long it takes and what it costs."""

import flet as ft

from app.hooks import component, use_look, use_session, view
from app.text import _, ngettext, show_money
from services.certificates import CertificateForm, Obstacle
from views.certificates.steps import (
    HARMLESS,
    Applying,
    ApplyStep,
    Opened,
    StepScreen,
    use_applying,
    use_next,
)
from views.certificates.words import obstacle_words
from views.components import Card, CardList, Heading, MainButton, Note, SummaryRow, Text


@view
def NewCertificateView() -> ft.Control:
    """The first step, with the draft that was begun."""
    return ApplyStep(FormStep, 1)


@view
def FormStep(opened: Opened) -> ft.Control:
    """Form No. 1, chosen; form No. 2, and why it is not here."""
    applying = use_applying(opened)
    onward, step = use_next(1)

    async def go_on() -> None:
        await applying.go(onward, step)

    content = [
        *_register_note(applying),
        Heading(_("The form you apply for"), 2, "headline_small"),
        FormOne(),
        Terms(opened.form),
        Note(
            _("Nobody may demand form No. 2 from you."),
            _("The law forbids it. This build issues No. 1 only."),
        ),
        *_sandbox_note(),
    ]
    return StepScreen(1, applying, content, (MainButton(_("Continue"), go_on),))


def _register_note(applying: Applying) -> list[ft.Control]:
    if not applying.register_down:
        return []
    return [Note(*obstacle_words(Obstacle(HARMLESS)), "tertiary", ft.Icons.CLOUD_OFF_ROUNDED)]


def _sandbox_note() -> list[ft.Control]:
    if not use_session().offer.sandbox:
        return []
    words = _("The certificate is a sample and has no legal force.")
    return [Note(_("This is a test build."), words, "tertiary", ft.Icons.SCIENCE_ROUNDED)]


@component
def FormOne() -> ft.Control:
    """What No. 1 is for and what stands on it."""
    look = use_look()
    mark = ft.Icon(
        ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED, size=look.icon(24), color=look.palette.primary
    )
    words = ft.Column(
        [
            Text(_("Form No. 1"), "title_small"),
            Text(_("For work, study, licences and dealings with offices.")),
            Text(_("Shows convictions in force. Spent ones are not on it."), "supporting"),
        ],
        spacing=4,
        tight=True,
        expand=True,
    )
    row = ft.Row([mark, words], spacing=14, vertical_alignment=ft.CrossAxisAlignment.START)
    return Card(row, edge=look.palette.primary)


@component
def Terms(form: CertificateForm) -> ft.Control:
    """Time, fee and kind, as the gateway says."""
    days = ngettext("{n} working day", "{n} working days", form.working_days)
    return CardList(
        SummaryRow(_("Time"), days),
        SummaryRow(_("Fee"), show_money(form.fee)),
        SummaryRow(_("You get"), _("A digitally signed PDF")),
    )
