"""What happened to an application as a timeline, and what comes next."""

import flet as ft

from app.hooks import component
from app.text import _, local, show_date, show_moment, show_time, status_of
from services.certificates import CertificateApplication, StatusChange
from views.certificates.words import STEPS_AHEAD
from views.components import Heading, Timeline, TimelineStep

ENDED = ("refused", "withdrawn", "closed")
"""States that end an application without a certificate."""


@component
def History(application: CertificateApplication) -> ft.Control:
    """The timeline under its heading."""
    return ft.Column(
        [Heading(_("Progress"), 2, "title"), Timeline(steps_of(application))],
        spacing=12,
        tight=True,
    )


def steps_of(application: CertificateApplication) -> tuple[TimelineStep, ...]:
    """Done, now, next: the last state of an application under way is where it stands now."""
    last = len(application.history) - 1
    steps = [
        _step(change, application, now=n == last and application.in_process)
        for n, change in enumerate(application.history)
    ]
    return (*steps, *_next(application))


def _step(change: StatusChange, application: CertificateApplication, now: bool) -> TimelineStep:
    status = status_of("not_paid_in_time" if change.status == "closed" else change.status)
    receipt = _("Receipt {code}").format(code=application.application_id)
    who = receipt if change.actor == "resident" else application.agency_responsible
    state = "now" if now else "next" if change.status in ENDED else "done"
    # What was waited for is over: "not paid yet" with a tick would contradict itself.
    word = status.word if now or change.status != "unpaid" else _("Sent, the fee was asked for")
    return TimelineStep(word, f"{show_moment(change.datetime)} · {who}", state, status.icon)


def _next(application: CertificateApplication) -> list[TimelineStep]:
    if not application.in_process:
        return []
    ahead = STEPS_AHEAD[STEPS_AHEAD.index(application.status) + 1 :]
    steps = [TimelineStep(status_of(c).word, "", "next", status_of(c).icon) for c in ahead[:-1]]
    due = application.expected_datetime
    before = _("Before {time}, {date}").format(
        time=show_time(due), date=show_date(local(due).date())
    )
    return [
        *steps,
        TimelineStep(_("Result in the app"), before, "next", ft.Icons.VERIFIED_OUTLINED),
    ]
