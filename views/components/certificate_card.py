"""A certificate application as it stands in its list and on home: chip, day bar, promised day."""

from datetime import datetime, timedelta

import flet as ft

from app import paths
from app.hooks import component, use_look, use_services
from app.text import (
    Status,
    _,
    language,
    local,
    ngettext,
    show_date,
    show_day_month,
    show_money,
    show_time,
    show_weekday,
    status_of,
)
from services.certificates import CertificateApplication, Purpose
from views.components.cards import Card
from views.components.day_bar import DayBar
from views.components.deadline import Deadline
from views.components.status_chip import StatusChip
from views.components.words import Text

ONE_DAY = timedelta(days=1)


@component
def ApplicationCard(application: CertificateApplication) -> ft.Control:
    """Chip, title, purpose and day, then the day bar with the promised day, or the result."""
    look, now = use_look(), use_services().clock.now()

    async def open_application() -> None:
        await ft.context.page.push_route(paths.certificate(application.application_id))

    sent = show_day_month(local(application.submitted_datetime).date())
    return Card(
        StatusChip(certificate_status(application, now)),
        Text(
            certificate_title(application.certificate_type),
            "title_small",
            max_lines=4 if look.large_text else 2,
        ),
        Text(
            " · ".join((*_whom(application), purpose_word(application.purpose), sent)), "supporting"
        ),
        *_below(application),
        on_click=open_application,
    )


def _whom(application: CertificateApplication) -> tuple[str, ...]:
    return (application.identity.name,) if application.child else ()


def _below(application: CertificateApplication) -> list[ft.Control]:
    deadline = certificate_deadline(application, use_services().clock.now())
    if deadline is not None:
        bar = DayBar(
            deadline.working_days, deadline.bar_today, deadline.tone, running=deadline.running
        )
        return [bar, Text(deadline.sentence, "label"), Text(promised(application), "supporting")]
    certificate = application.certificate
    if application.status == "unpaid" and application.payment is not None:
        words = _("{money} to pay; work begins then.")
        return [Text(words.format(money=show_money(application.payment.amount)), "label")]
    if certificate is None:
        return []
    issued = show_date(local(certificate.issued_datetime).date())
    words = _("Number {number}, issued {date}").format(number=certificate.number, date=issued)
    return [Text(words, "supporting")]


def certificate_title(certificate_type: int = 0) -> str:
    """The document's full name; without a form before one is chosen."""
    titles = {
        1: _("Criminal record certificate No. 1"),
        2: _("Criminal record certificate No. 2"),
    }
    return titles.get(certificate_type, _("Criminal record certificate"))


def purpose_word(purpose: Purpose) -> str:
    """A purpose in the session's language."""
    return purpose.vi if language() == "vi" else purpose.en


def certificate_status(application: CertificateApplication, now: datetime) -> Status:
    """The state of an application, or of its certificate once that has lost its force."""
    certificate = application.certificate
    if certificate is not None and certificate.status != "valid":
        return ended_status(certificate.status)
    if application.status == "closed":
        return status_of("not_paid_in_time")
    if application.status != "unpaid" and application.needs_resident:
        return status_of("needs_resident")
    if application.in_process and now > application.expected_datetime:
        return Status(_("Late"), "error", ft.Icons.ALARM_ROUNDED)
    return status_of(application.status)


def ended_status(status: str) -> Status:
    """A certificate without force."""
    word = _("Replaced by a newer one") if status == "superseded" else _("Revoked")
    return Status(word, "neutral", ft.Icons.BLOCK_ROUNDED)


def certificate_deadline(application: CertificateApplication, now: datetime) -> Deadline | None:
    """How an application stands against its promised day; None once it has a result."""
    if not application.in_process or application.status == "unpaid":
        return None
    due, days, today = application.expected_datetime, application.working_days, local(now).date()
    if now > due:
        words = _("Late since {date}").format(date=show_date(local(due).date()))
        return Deadline(words, "error", due, days, today + ONE_DAY, overdue=True)
    if local(due).date() <= today:
        words = _("Due today {time}").format(time=show_time(due))
        return Deadline(words, "tertiary", due, days, today, running=True)
    left = sum(day > today for day in days)
    words = ngettext("{n} working day left", "{n} working days left", left)
    return Deadline(words, "lake", due, days, today, running=True)


def promised(application: CertificateApplication) -> str:
    """`Hẹn trả Thứ Tư, 21/10/2026`."""
    day = local(application.expected_datetime).date()
    return _("Promised for {weekday}, {date}").format(
        weekday=show_weekday(day), date=show_date(day)
    )
