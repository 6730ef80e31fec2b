"""What happened to a report as steps of a timeline, and the step that comes next."""

from datetime import datetime

import flet as ft

from app.text import Status, _, local, show_day_month, show_moment, show_time, status_of
from services.service_requests import ServiceRequest, Update
from views.components import TimelineStep
from views.service_requests.report_photos import ReportPhotos


def steps_of(
    request: ServiceRequest, updates: list[Update], now: datetime
) -> tuple[TimelineStep, ...]:
    """Done, now, next: the last update of an open report is where it stands now."""
    last = len(updates) - 1
    steps = [
        _step(update, "now" if n == last and request.status == "open" else "done", n)
        for n, update in enumerate(updates)
    ]
    return (*steps, *_next(request, now))


def _step(update: Update, state: str, number: int) -> TimelineStep:
    title, note = _title(update, number), update.description
    when = show_moment(update.datetime) if update.datetime else ""
    who = ", ".join(part for part in (update.actor, update.agency) if part)
    detail = " · ".join(part for part in (when, who) if part)
    told = note.rstrip(".") != title
    photos = ReportPhotos(update.media, 64, 48) if update.media and update.act != "done" else None
    icon = _status(update, number).icon
    return TimelineStep(title, detail, state, icon, note if told else "", photos)


def _status(update: Update, number: int) -> Status:
    """What was sent and then still waits has been received."""
    received = update.status_code == "waiting" and number > 0
    return status_of("received" if received else update.status_code)


def _title(update: Update, number: int) -> str:
    """By what was done; a city that only has states is read by those."""
    if said := _act(update):
        return said
    place = update.handed_to or update.agency
    if update.status_code == "transferred" and place:
        return _("Passed to {place}").format(place=place)
    if update.status_code == "waiting" and number > 1 and update.description:
        return update.description.rstrip(".")
    return _status(update, number).word


def _act(update: Update) -> str:
    """Acts that leave the state as it was, or say more than the state they lead to."""
    by_resident = update.actor_role == "resident"
    words = {
        "answer": _("Answered") if by_resident else "",
        "correct": _("Corrected"),
        "rate": _("Rated"),
        "split": _("Parted in two"),
        "note": "" if update.status_code == "waiting" else _("News from the agency"),
        "assign": _("Given to an officer"),
        "escalate": _("Taken to a higher level, because it is late"),
        "resume": _("The time runs on without an answer"),
    }
    return words.get(update.act, "")


def _next(request: ServiceRequest, now: datetime) -> list[TimelineStep]:
    if request.status != "open":
        return []
    if request.status_code == "needs_resident":
        if request.mine:
            title, words = _("Your answer"), _("The time runs on when you have answered")
        else:
            title = _("The sender's answer")
            words = _("The time runs on when the sender has answered")
        return [TimelineStep(title, words, "next", ft.Icons.EDIT_NOTE_ROUNDED)]
    flag = ft.Icons.OUTLINED_FLAG_ROUNDED
    return [TimelineStep(_("Result with a photo"), _by_when(request, now), "next", flag)]


def _by_when(request: ServiceRequest, now: datetime) -> str:
    due = request.expected_datetime
    if due is None:
        return ""
    words = _("Before {time}, {date}") if now <= due else _("Was due {time}, {date}")
    return words.format(time=show_time(due), date=show_day_month(local(due).date()))
