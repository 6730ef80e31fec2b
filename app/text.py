"""Words for people: messages in the session's language, errors as sentences, dates, money and statuses.

Messages are written in English in the code and translated by gettext catalogues in
`assets/locale/<language>/LC_MESSAGES/ihanoi.mo`, built by `make locale`.
"""

import gettext as _gettext
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import flet as ft

from services.errors import (
    FieldError,
    GatewayUnavailable,
    NotFound,
    NotPermitted,
    Offline,
    Rejected,
    ServiceError,
    SignInRequired,
)

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOTLINE = "1022"
LOCALE_FOLDER = Path(__file__).parent.parent / "assets" / "locale"


def language() -> str:
    """The language of the session whose event or render is running: `vi` or `en`."""
    try:
        configuration = ft.context.page.locale_configuration
    except (AttributeError, RuntimeError):
        return "vi"
    locale = configuration.current_locale if configuration else None
    return locale.language_code if locale else "vi"


def _(message: str) -> str:
    """The message in the session's language."""
    return _catalogue(language()).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for `n`, with `{n}` filled in."""
    return _catalogue(language()).ngettext(singular, plural, n).format(n=n)


@lru_cache(maxsize=4)
def _catalogue(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("ihanoi", LOCALE_FOLDER, [code], fallback=code == "en")


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


def show_size(size: int) -> str:
    """`38,4 MB` or `76 kB`, in the language's decimal sign."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    number = f"{size / 1_000_000:.1f}"
    return (number.replace(".", ",") if language() == "vi" else number) + " MB"


# Errors


def explain(error: ServiceError) -> str:
    """What happened and what to do, in the session's language, with the reference for the hotline."""
    reference = getattr(error, "reference", None)
    sentence = _sentence(error)
    if not reference:
        return sentence
    return sentence + " " + _("Error code {code}.").format(code=reference)


_CODES: dict[str, Callable[[], str]] = {}


def says(code: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register the sentence of an error code; the function is asked in the session's language."""

    def register(sentence: Callable[[], str]) -> Callable[[], str]:
        _CODES[code] = sentence
        return sentence

    return register


def _sentence(error: ServiceError) -> str:
    if error.code in _CODES:
        return _CODES[error.code]()
    match error:
        case Offline():
            return _("No network. Check the connection and try again. What you typed is kept.")
        case GatewayUnavailable(retry_after=seconds) if seconds:
            return _("The server is busy. Please try again in {n} seconds.").format(n=int(seconds))
        case GatewayUnavailable():
            return _("Something went wrong on our side. Your data is saved. Please try again.")
        case SignInRequired():
            return _("You were signed out. Your draft is safe. Please sign in again.")
        case NotPermitted():
            return _("Your account may not do this. Call {hotline} if you think it should.").format(
                hotline=HOTLINE
            )
        case NotFound():
            return _("This is not here, or it is not yours. Go back and open it from the list.")
        case Rejected():
            return _("The server did not accept this. Check what you entered and send again.")
        case _:
            return _("Something went wrong on our side. Your data is saved. Please try again.")


def explain_code(code: str) -> str:
    """The sentence of a kept error code, such as an outbox item's last one."""
    if code == "offline":
        return _sentence(Offline())
    return _sentence(Rejected(code)) if code in _CODES else _sentence(GatewayUnavailable())


def explain_field(error: FieldError) -> str:
    """What to change in one field."""
    sentences = {
        "missing": _("Please fill this in."),
        "too_short": _("Please write a little more."),
        "too_long": _("This is too long. Please shorten it."),
        "outside_city": _("This place is outside Hà Nội. Choose a place in the city."),
        "unknown": _("Please choose one from the list."),
    }
    return sentences.get(error.code, _("Please check this."))


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
        "sending": (_("Sending"), "tertiary", ft.Icons.SYNC_ROUNDED),
        "failed": (_("Not sent"), "error", ft.Icons.ERROR_ROUNDED),
        "waiting": (_("Sent"), "lake", ft.Icons.MOVE_TO_INBOX_ROUNDED),
        "received": (_("Received"), "lake", ft.Icons.INBOX_ROUNDED),
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
