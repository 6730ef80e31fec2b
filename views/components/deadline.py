"""A report's deadline in words and as a day bar; the days themselves come from the gateway."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import flet as ft

from app.text import Status, _, local, ngettext, show_date, show_time, show_weekday, status_of
from services.service_requests import ServiceRequest

CLOSED = ("rejected", "withdrawn", "merged")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """How a report stands against its deadline.

    `sentence` says it; `tone` is a colour family; `due` is the moment; `bar_today` is the day at
    which the day bar stands: today while time runs, else the day after it stopped.
    """

    sentence: str
    tone: str
    due: datetime
    working_days: tuple[date, ...]
    bar_today: date
    overdue: bool = False
    running: bool = False

    @property
    def due_sentence(self) -> str:
        """`Hạn 17:00, Thứ Hai 19/10/2026`."""
        day = local(self.due).date()
        return _("Due {time}, {weekday} {date}").format(
            time=show_time(self.due), weekday=show_weekday(day), date=show_date(day)
        )

    @property
    def position(self) -> str:
        """`Ngày 2/5` while time runs; nothing before the first working day."""
        passed = sum(day <= self.bar_today for day in self.working_days)
        if not self.running or not passed:
            return ""
        return _("Day {n}/{total}").format(n=passed, total=len(self.working_days))


def deadline_of(request: ServiceRequest, now: datetime) -> Deadline | None:
    """The deadline of a report at the gateway's `now`; None when it has none or was closed."""
    due, code = request.expected_datetime, request.status_code
    if due is None or code in CLOSED:
        return None
    days, today = request.working_days, local(now).date()
    changed = local(request.updated_datetime or now).date()
    if code == "done":
        return Deadline(_done(request, due, changed), "primary", due, days, changed + ONE_DAY)
    if code == "needs_resident":
        stopped = local(request.paused_since).date() if request.paused_since else changed
        paused = _("Paused, waiting for you"), _("Paused, waiting for the sender")
        words = paused[0] if request.mine else paused[1]
        return Deadline(words, "lotus", due, days, stopped + ONE_DAY)
    if now > due:
        late = _overdue(request, due, today)
        return Deadline(late, "error", due, days, today + ONE_DAY, overdue=True)
    left = sum(day > today for day in days) if days else (local(due).date() - today).days
    if local(due).date() <= today:
        words = _("Due today {time}").format(time=show_time(due))
        return Deadline(words, "tertiary", due, days, today, running=True)
    words = ngettext("{n} working day left", "{n} working days left", left)
    return Deadline(words, "lake", due, days, today, running=True)


def shown_status(request: ServiceRequest, now: datetime) -> Status:
    """The status of a report in words; an open one past its deadline is overdue."""
    deadline = deadline_of(request, now)
    if deadline is not None and deadline.overdue:
        return Status(deadline.sentence, "error", ft.Icons.ALARM_ROUNDED)
    found = status_of(request.status_code)
    if request.status_code == "needs_resident" and not request.mine:
        return replace(found, word=_("Waiting for the sender"))
    return found


def _done(request: ServiceRequest, due: datetime, changed: date) -> str:
    early = sum(day > changed for day in request.working_days)
    if early:
        return ngettext("Done, {n} working day early", "Done, {n} working days early", early)
    on_time = request.updated_datetime is None or request.updated_datetime <= due
    return _("Done on time") if on_time else _("Done, after the deadline")


def _overdue(request: ServiceRequest, due: datetime, today: date) -> str:
    """By the gateway's count; where a city has none, by the weekdays since the deadline."""
    day, passed = local(due).date(), 0
    while day < today:
        day += ONE_DAY
        passed += day.weekday() < 5
    if request.overdue is not None:
        passed = request.overdue.working_days
    if not passed:
        return _("Overdue since {time}").format(time=show_time(due))
    return ngettext("{n} working day overdue", "{n} working days overdue", passed)
