"""Words of shares: sections by their code, durations, states."""

from datetime import datetime

import flet as ft

from app.text import Status, _, ngettext, show_date, show_moment, show_time
from services.health_sharing import HealthShare


def section_words(code: str) -> str:
    """The short name of a section of an International Patient Summary, by its LOINC code."""
    names = {
        "48765-2": _("Allergies"),
        "11450-4": _("Current conditions"),
        "10160-0": _("Current medicines"),
        "47519-4": _("Surgery and procedures"),
        "882-1": _("Blood group"),
        "11348-0": _("Past conditions"),
        "11369-6": _("Vaccinations"),
        "30954-2": _("Test results"),
        "8716-3": _("Vital signs"),
        "46240-8": _("Recent visits"),
        "29762-2": _("Risk factors"),
        "10157-6": _("Family history"),
        "46264-8": _("Medical devices"),
        "18776-5": _("Plan of care"),
    }
    return names.get(code, _("Other"))


def sections_words(share: HealthShare) -> str:
    """`Dị ứng, Thuốc đang dùng · từ 14/10/2025`."""
    named = ", ".join(section_words(code) for code in share.sections)
    if share.since is None:
        return named
    return named + " · " + _("since {date}").format(date=show_date(share.since))


def duration_words(minutes: int | None) -> str:
    """`15 phút`, `1 giờ`, `24 giờ`, or until it is stopped."""
    if minutes is None:
        return _("Until I stop")
    if minutes < 60:
        return ngettext("{n} minute", "{n} minutes", minutes)
    return ngettext("{n} hour", "{n} hours", minutes // 60)


def left_words(share: HealthShare, now: datetime) -> str:
    """How long it still runs; whole minutes, rounded up, hours from two on."""
    if share.ends_at is None:
        return _("Until you stop it")
    minutes = minutes_left(share.ends_at, now)
    if minutes >= 120:
        return ngettext("{n} hour left", "{n} hours left", minutes // 60)
    return ngettext("{n} minute left", "{n} minutes left", minutes)


def minutes_left(ends_at: datetime, now: datetime) -> int:
    """Whole minutes until then, rounded up; 0 when it is over."""
    return max(0, -int(-(ends_at - now).total_seconds() // 60))


def closing_words(share: HealthShare) -> str:
    """When it closes by itself."""
    if share.ends_at is None:
        return _("It does not close by itself.")
    same_day = (share.ends_at - share.created_at).days < 1
    moment = show_time(share.ends_at) if same_day else show_moment(share.ends_at)
    return _("Closes by itself at {time}").format(time=moment)


def share_status(share: HealthShare) -> Status:
    """The state in words, with its sign."""
    icons = ft.Icons
    table = {
        "running": (_("Sharing"), "primary", icons.SHARE_ROUNDED),
        "stopped": (_("Sharing stopped"), "neutral", icons.BLOCK_ROUNDED),
        "expired": (_("Sharing time is over"), "neutral", icons.TIMER_OFF_ROUNDED),
        "locked": (_("Locked after 3 wrong codes"), "error", icons.LOCK_ROUNDED),
    }
    return Status(*table.get(share.status, (share.status, "neutral", icons.HELP_ROUNDED)))
