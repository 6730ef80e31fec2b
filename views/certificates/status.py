"""An application under way or refused: its deadline, what to do, and what was sent."""

import flet as ft

from app.hooks import component, use_action, use_device, use_look, use_services, use_state
from app.text import HOTLINE, _, local, show_date, show_money
from services.certificates import Apology, CertificateApplication
from views.certificates.words import (
    day_words,
    gender_word,
    refusal_words,
    show_phone,
    waiting_words,
)
from views.components import (
    Card,
    CardList,
    DayBar,
    ErrorPanel,
    NavigationRow,
    Note,
    OutlineButton,
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
    """That there is nothing to do, what the resident has to do, why it waits, or how it ended."""
    if application.status == "refused":
        return Refused(application)
    if not application.in_process:
        return _ended(application)
    if "answer" in application.actions:
        asked = [one.text for one in application.messages if one.author != "resident"]
        words = asked[-1] if asked else ""
        return Note(_("The agency needs your answer."), words, "lotus", live=True)
    nothing = _("Nothing to do right now.")
    waiting = waiting_words(application.note)
    if waiting is not None:
        phrase, sentence = waiting
        icon = ft.Icons.HOURGLASS_EMPTY_ROUNDED
        return Note(phrase, f"{sentence} {nothing}", "tertiary", icon, live=True)
    return Note(nothing, _("The result appears here by itself, and in your inbox."), "primary")


@component
def Refused(application: CertificateApplication) -> ft.Control:
    """The reason, what helps, and where and until when one can complain; the file stays below."""
    refusal = application.refusal
    reason = refusal.reason if refusal else application.reason
    parts: list[ft.Control] = [
        Note(_("Refused:"), refusal_words(reason), "error", ft.Icons.BLOCK_ROUNDED, live=True)
    ]
    if refusal is None:
        return stacked(parts)
    if refusal.text:
        parts.append(Note(_("The agency wrote:"), refusal.text))
    words = _("Write to {agency} by {date} with the code {code}, or call {hotline}.").format(
        agency=refusal.complain_to,
        date=show_date(refusal.complain_until),
        code=application.application_id,
        hotline=HOTLINE,
    )
    parts.append(Note(_("You do not agree? You can complain."), words, icon=ft.Icons.GAVEL_ROUNDED))
    return stacked(parts)


def _ended(application: CertificateApplication) -> ft.Control:
    payment = application.payment
    back = payment is not None and payment.status == "refund_due"
    money = _("What you paid is given back.") if back else ""
    if application.status == "withdrawn":
        sentence = _("No certificate comes. You can apply anew at any time.")
        return Note(
            _("You withdrew it."), f"{sentence} {money}".strip(), icon=ft.Icons.UNDO_ROUNDED
        )
    sentence = _("The fee was not paid in time. You can apply anew at any time.")
    return Note(_("It was closed."), f"{sentence} {money}".strip(), icon=ft.Icons.BLOCK_ROUNDED)


@component
def Late(application: CertificateApplication, late: Apology) -> ft.Control:
    """The agency's apology with the new promise, and its letter to keep."""
    services, device = use_services(), use_device()
    saved, set_saved = use_state(False)

    async def save() -> None:
        code = application.application_id
        letter = await services.certificates.letter(code, late.letter)
        set_saved(await device.save_file(f"thu-xin-loi-{code}-{late.letter}.pdf", letter))

    saving = use_action(save)
    words = _("{agency} apologises. The new promised day is {date}.").format(
        agency=application.agency_responsible,
        date=day_words(local(late.expected_datetime).date()),
    )
    kept = [Note(_("The letter was saved."), tone="primary", live=True)] if saved else []
    failed = [ErrorPanel(saving.error)] if saving.error else []
    return stacked(
        [
            Note(_("It is late."), words, "error", ft.Icons.ALARM_ROUNDED),
            *kept,
            *failed,
            OutlineButton(_("Save the letter of apology"), saving, ft.Icons.MAIL_OUTLINE_ROUNDED),
        ],
        8,
    )


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
        (_("Former names"), ", ".join(application.former_names)),
        (_("Former addresses"), "; ".join(application.former_addresses)),
        (_("What it is for"), purpose_word(application.purpose)),
        (_("Phone number for news"), show_phone(application.contact_phone)),
        (_("Fee"), show_money(application.fee)),
    )
    return stacked([CardList(row, *[SummaryRow(label, value) for label, value in facts if value])])
