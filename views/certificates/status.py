"""An application under way or refused: its deadline, what to do, and what was sent."""

import flet as ft

from app.hooks import component, use_look, use_services, use_state
from app.text import _, show_date, show_money
from services.certificates import CertificateApplication
from views.certificates.words import gender_word, refusal_words, show_phone, waiting_words
from views.components import (
    Card,
    CardList,
    DayBar,
    NavigationRow,
    Note,
    StatusChip,
    SummaryRow,
    Text,
    stacked,
)
from views.components.certificate_card import (
    certificate_deadline,
    certificate_status,
    promised,
    purpose_word,
)


@component
def DeadlineCard(application: CertificateApplication) -> ft.Control:
    """Status, sentence, promised day and day bar."""
    look, now = use_look(), use_services().clock.now()
    deadline = certificate_deadline(application, now)
    chip = ft.Container(StatusChip(certificate_status(application, now)), expand=True)
    if deadline is None:
        return Card(ft.Row([chip]))
    position = [Text(deadline.position, "supporting")] if deadline.position else []
    sentence = ft.Semantics(
        heading_level=3, header=True, content=Text(deadline.sentence, "headline_small")
    )
    bar = DayBar(deadline.working_days, deadline.bar_today, deadline.tone, running=deadline.running)
    return Card(
        ft.Row([chip, *position], alignment=ft.MainAxisAlignment.SPACE_BETWEEN),
        sentence,
        Text(promised(application), "supporting"),
        *([bar] if deadline.working_days else []),
        edge=getattr(look.palette, deadline.tone),
    )


@component
def Outcome(application: CertificateApplication) -> ft.Control:
    """That there is nothing to do, why it waits, or why it was refused."""
    if not application.in_process:
        return Note(
            _("Refused:"), refusal_words(application.reason), icon=ft.Icons.BLOCK_ROUNDED, live=True
        )
    nothing = _("Nothing to do right now.")
    waiting = waiting_words(application.note)
    if waiting is not None:
        phrase, sentence = waiting
        icon = ft.Icons.HOURGLASS_EMPTY_ROUNDED
        return Note(phrase, f"{sentence} {nothing}", "tertiary", icon, live=True)
    return Note(nothing, _("The result appears here by itself."), "primary")


@component
def Submitted(application: CertificateApplication) -> ft.Control:
    """What was sent, behind one row."""
    opened, set_opened = use_state(False)

    def toggle() -> None:
        set_opened(not opened)

    row = NavigationRow(
        ft.Icons.DESCRIPTION_OUTLINED,
        _("Hide what was sent") if opened else _("See what was sent"),
        _("Code {code}").format(code=application.application_id),
        toggle,
    )
    if not opened:
        return CardList(row)
    identity = application.identity
    facts = (
        (_("Full name"), identity.name),
        (_("Date of birth"), show_date(identity.birthdate)),
        (_("Sex"), gender_word(identity.gender)),
        (_("Identity number"), identity.identity_number),
        (_("Permanent address"), identity.address),
        (_("What it is for"), purpose_word(application.purpose)),
        (_("Phone number for news"), show_phone(application.contact_phone)),
        (_("Fee"), show_money(application.fee)),
    )
    return stacked([CardList(row, *[SummaryRow(label, value) for label, value in facts])])
