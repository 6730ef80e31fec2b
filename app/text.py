"""Words for people: dates, money and statuses; messages and errors come in by the same door."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import flet as ft

from app.catalogue import _, language, ngettext
from app.explaining import HOTLINE, explain, explain_code, explain_field

__all__ = [
    "HANOI",
    "HOTLINE",
    "Status",
    "_",
    "explain",
    "explain_code",
    "explain_field",
    "greeting",
    "language",
    "local",
    "ngettext",
    "show_date",
    "show_day_month",
    "show_moment",
    "show_money",
    "show_time",
    "show_weekday",
    "show_weekday_short",
    "status_of",
]

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


# Dates and money


def local(moment: datetime) -> datetime:
    """A moment on Hà Nội's clocks."""
    return moment.astimezone(HANOI)


def show_date(day: date) -> str:
    """`14/10/2026`."""
    return f"{day:%d/%m/%Y}"


def show_day_month(day: date) -> str:
    """`14/10`, for a day close by."""
    return f"{day:%d/%m}"


def show_time(moment: datetime) -> str:
    """`17:00`, in Hà Nội."""
    return f"{local(moment):%H:%M}"


def show_second(moment: datetime) -> str:
    """`17:00:15`, in Hà Nội."""
    return f"{local(moment):%H:%M:%S}"


def show_moment(moment: datetime) -> str:
    """`09:12, 12/10/2026`, in Hà Nội; the year is left out when it is this one."""
    there = local(moment)
    same_year = there.year == datetime.now(HANOI).year
    return f"{there:%H:%M}, {there:%d/%m}" if same_year else f"{there:%H:%M}, {there:%d/%m/%Y}"


def show_weekday(day: date) -> str:
    """`Thứ Hai`."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"))
    return (*names, _("Saturday"), _("Sunday"))[day.weekday()]


def show_weekday_short(day: date) -> str:
    """`T2`, under a cell of the day bar."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[day.weekday()]


def show_money(amount: int) -> str:
    """`50.000 đ`; VND has no smaller unit."""
    return f"{amount:,}".replace(",", ".") + " đ"


# Statuses: codes on the wire, words here (design guide, "Codes and words")


@dataclass(frozen=True, slots=True)
class Status:
    """A status in words; `tone` is a colour family of the palette, `icon` a Material name."""

    word: str
    tone: str
    icon: ft.IconData


def status_of(code: str) -> Status:
    """The word, tone and icon of a status code; an unknown code is shown as it came, in neutral."""
    table = {
        "draft": (_("Draft"), "neutral", ft.Icons.DESCRIPTION_ROUNDED),
        "queued": (_("Waiting to send"), "tertiary", ft.Icons.SCHEDULE_SEND_ROUNDED),
        "no_network": (_("Waiting for network"), "tertiary", ft.Icons.SCHEDULE_SEND_ROUNDED),
        "arrived": (_("Sent"), "primary", ft.Icons.CHECK_CIRCLE_ROUNDED),
        "sending": (_("Sending"), "tertiary", ft.Icons.SYNC_ROUNDED),
        "failed": (_("Not sent"), "error", ft.Icons.ERROR_ROUNDED),
        "waiting": (_("Sent"), "lake", ft.Icons.MOVE_TO_INBOX_ROUNDED),
        "received": (_("Received"), "lake", ft.Icons.INBOX_ROUNDED),
        "unpaid": (_("Not paid yet"), "lotus", ft.Icons.PAYMENTS_ROUNDED),
        "not_paid_in_time": (_("Closed, not paid in time"), "neutral", ft.Icons.BLOCK_ROUNDED),
        "submitted": (_("Submitted"), "lake", ft.Icons.MOVE_TO_INBOX_ROUNDED),
        "checking": (_("Checking"), "lake", ft.Icons.MANAGE_SEARCH_ROUNDED),
        "signing": (_("Signing"), "lake", ft.Icons.DRAW_ROUNDED),
        "ready": (_("Signed, valid"), "primary", ft.Icons.VERIFIED_ROUNDED),
        "refused": (_("Refused"), "neutral", ft.Icons.BLOCK_ROUNDED),
        "in_progress": (_("In progress"), "lake", ft.Icons.CONSTRUCTION_ROUNDED),
        "needs_resident": (_("Needs your answer"), "lotus", ft.Icons.EDIT_NOTE_ROUNDED),
        "transferred": (_("Not ours, passed on"), "neutral", ft.Icons.BLOCK_ROUNDED),
        "done": (_("Fixed"), "primary", ft.Icons.CHECK_CIRCLE_ROUNDED),
        "rejected": (_("Closed"), "neutral", ft.Icons.TASK_ALT_ROUNDED),
        "reopened": (_("Reopened"), "lake", ft.Icons.REPLAY_ROUNDED),
        "withdrawn": (_("Withdrawn"), "neutral", ft.Icons.UNDO_ROUNDED),
        "starting": (
            _("Starting, waiting for network"),
            "tertiary",
            ft.Icons.SCHEDULE_SEND_ROUNDED,
        ),
        "stopping": (_("Ending, waiting for network"), "tertiary", ft.Icons.SCHEDULE_SEND_ROUNDED),
        "running": (_("Parked"), "tertiary", ft.Icons.TIMELAPSE_ROUNDED),
        "ending_soon": (_("Ending soon"), "tertiary", ft.Icons.ALARM_ROUNDED),
        "over_time": (_("Over time"), "error", ft.Icons.ALARM_ROUNDED),
        "ended": (_("Ended"), "primary", ft.Icons.RECEIPT_LONG_ROUNDED),
        "merged": (_("Merged with another report"), "neutral", ft.Icons.CALL_MERGE_ROUNDED),
        "overdue": (_("Overdue"), "error", ft.Icons.ALARM_ROUNDED),
    }
    return Status(*table.get(code, (code, "neutral", ft.Icons.HELP_ROUNDED)))


def greeting(hour: int, name: str) -> str:
    """The greeting at an hour (0-23) of Hà Nội's day."""
    if hour < 11:
        return _("Good morning, {name}").format(name=name)
    if hour < 18:
        return _("Good afternoon, {name}").format(name=name)
    return _("Good evening, {name}").format(name=name)
