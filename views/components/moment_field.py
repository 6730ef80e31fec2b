"""A day and an hour, chosen in the platform's pickers; kept as ISO 8601 with Hà Nội's offset."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import flet as ft

from app.hooks import component, use_services, use_state
from app.text import HANOI, _, local, show_date, show_time
from views.components.buttons import IconAction, OutlineButton

YEARS = timedelta(days=5 * 366)


@component
def MomentField(label: str, answer: str, change: Callable[[str], None]) -> ft.Control:
    """Two buttons, for the day and for the hour; `answer` is ISO 8601 or empty."""
    now = local(use_services().clock.now())
    picking, set_picking = use_state("")
    kept = moment_of(answer)
    shown = kept or now.replace(second=0, microsecond=0)

    def close(e: Any = None) -> None:
        set_picking("")

    def pick_day(e: Any) -> None:
        if e.control.value is not None:
            # Midnight in Hà Nội comes as the evening before, in UTC.
            day = e.control.value.astimezone(HANOI).date()
            change(datetime.combine(day, shown.timetz(), HANOI).isoformat(timespec="minutes"))
        close()

    def pick_time(e: Any) -> None:
        if isinstance(e.control.value, time):
            at = e.control.value
            moment = shown.replace(hour=at.hour, minute=at.minute)
            change(moment.isoformat(timespec="minutes"))
        close()

    def open_day() -> None:
        set_picking("day")

    def open_time() -> None:
        set_picking("time")

    dialogs: dict[str, Any] = {
        "day": lambda: ft.DatePicker(
            value=shown,
            first_date=now - YEARS,
            last_date=now + YEARS,
            help_text=label,
            on_change=pick_day,
            on_dismiss=close,
        ),
        "time": lambda: ft.TimePicker(
            value=shown.time(), help_text=label, on_change=pick_time, on_dismiss=close
        ),
    }
    ft.use_dialog(dialogs[picking]() if picking else None)
    day = show_date(kept.date()) if kept else _("Choose the day")
    hour = show_time(kept) if kept else _("Choose the time")
    parts = [
        OutlineButton(day, open_day, ft.Icons.CALENDAR_TODAY_OUTLINED),
        OutlineButton(hour, open_time, ft.Icons.SCHEDULE_ROUNDED),
    ]
    if kept:
        parts.append(IconAction(ft.Icons.CLOSE_ROUNDED, _("Clear"), lambda: change("")))
    return ft.Row(parts, wrap=True, spacing=8, run_spacing=8)


def moment_of(answer: str) -> datetime | None:
    """The moment that was kept, on Hà Nội's clocks; nothing when there is none."""
    return datetime.fromisoformat(answer).astimezone(HANOI) if answer else None


def show_kept(answer: str) -> str:
    """`17:00, 14/10/2026`."""
    kept = moment_of(answer)
    return f"{show_time(kept)}, {show_date(kept.date())}" if kept else ""
