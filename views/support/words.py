"""Words of support: the code spelled out, what staff did and why, where a bundle stands."""

from datetime import datetime

import flet as ft

from app.text import Status, _, local, ngettext, show_date, show_time, show_weekday
from services.support_cases import PURPOSES, Case, Opening

Icons = ft.Icons


def spelled(code: str) -> str:
    """`H T · bốn K bảy P · hai chín`, to be read over the phone."""
    return " · ".join(" ".join(map(_sign, part)) for part in code.split("-"))


def _sign(sign: str) -> str:
    names = {
        "2": _("two"),
        "3": _("three"),
        "4": _("four"),
        "5": _("five"),
        "6": _("six"),
        "7": _("seven"),
        "8": _("eight"),
        "9": _("nine"),
    }
    return names.get(sign, sign)


def purpose_word(purpose: str) -> str:
    """Why staff opened a bundle."""
    words = {
        "resident_asked": _("The resident called or wrote"),
        "find_fault": _("To find what went wrong"),
        "check_fix": _("To check that it is fixed"),
        "quality": _("To look over our own work"),
    }
    return words.get(purpose, _("Another reason"))


def purposes() -> tuple[tuple[str, str], ...]:
    """The purposes to choose from, with their words."""
    return tuple((purpose, purpose_word(purpose)) for purpose in PURPOSES)


def act_word(act: str) -> str:
    """What staff did."""
    words = {
        "opened": _("Opened the bundle"),
        "downloaded": _("Took the bundle for a replay"),
        "answered": _("Answered"),
        "handed_over": _("Handed it to the engineers"),
        "unknown_code": _("Typed a code that opens nothing"),
        "persona": _("Opened the app as a sandbox resident"),
    }
    return words.get(act, act)


def opening_icon(opening: Opening) -> ft.IconData:
    """The icon of an act."""
    icons = {
        "opened": Icons.VISIBILITY_OUTLINED,
        "downloaded": Icons.REPLAY_ROUNDED,
        "answered": Icons.CHAT_ROUNDED,
        "handed_over": Icons.SHORTCUT_ROUNDED,
    }
    return icons.get(opening.act, Icons.HISTORY_ROUNDED)


def status_of_case(case: Case) -> Status:
    """Where the thread stands: colours as in the guide, lotus is the reader's turn."""
    if case.state == "closed":
        return Status(_("Settled"), "neutral", Icons.TASK_ALT_ROUNDED)
    if case.awaits == "resident":
        return Status(_("Support answered"), "lotus", Icons.CHAT_ROUNDED)
    if case.handed_over:
        return Status(_("With the engineers"), "lake", Icons.CONSTRUCTION_ROUNDED)
    if case.openings:
        return Status(_("Being looked at"), "lake", Icons.SUPPORT_AGENT_ROUNDED)
    return Status(_("Sent, not opened yet"), "lake", Icons.MOVE_TO_INBOX_ROUNDED)


def bundle_words(case: Case) -> str:
    """Whether the file is still there, and until when."""
    if case.bundle == "deleted":
        return _("You deleted the bundle. Nobody can open it any more.")
    if case.bundle == "expired":
        return _("The bundle’s time is over. It was deleted.")
    return _("The bundle deletes itself on {day}.").format(day=day_of(case.expires))


def day_of(moment: datetime | None) -> str:
    """`21/10/2026`; a dash where nothing is known."""
    return show_date(local(moment).date()) if moment else "–"


def answer_words(case: Case) -> str:
    """`17:00 thứ Hai 19/10/2026`: by when support answers."""
    if case.answer_by is None:
        return ""
    day = local(case.answer_by).date()
    return f"{show_time(case.answer_by)} {show_weekday(day)} {show_date(day)}"


def items_words(count: int, size: str) -> str:
    """`4 mục · 76 kB`."""
    return ngettext("{n} item", "{n} items", count) + f" · {size}"
