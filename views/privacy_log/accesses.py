"""The access log: who saw what, when and why, in every service (linked from picture 18b)."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

import flet as ft

from app import paths
from app.hooks import (
    component,
    use_action,
    use_look,
    use_resource,
    use_services,
    use_state,
    view,
)
from app.text import _, local, show_date, show_time, show_weekday
from services.access_log import SERVICES, Access, AccessPage, Wanted
from views.components import (
    CardList,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    Heading,
    Loaded,
    OutlineButton,
    Screen,
    Segments,
    Tappable,
    Text,
    keyed,
    open_path,
    stacked,
)
from views.privacy_log.children import WhoseChips
from views.privacy_log.words import (
    act_words,
    address_of,
    capacity_words,
    icon_of,
    service_word,
    times_words,
    who_words,
    why_words,
)

OTHERS, OWN = "others", "own"


@view
def AccessLogView() -> ft.Control:
    """Others first; a service, one's own looks or a child's log at a tap."""
    whose, set_whose = use_state(OTHERS)
    service, set_service = use_state("")
    child, set_child = use_state("")
    wanted = Wanted(service, whose == OWN, child)
    services = (("", _("All")), *((one, service_word(one)) for one in SERVICES))
    return Screen(
        _("Access log"),
        Text(_("Who saw what is yours, when and why. Nobody can take a line out."), "supporting"),
        WhoseChips(child, set_child),
        Segments(((OTHERS, _("Others")), (OWN, _("Me"))), whose, set_whose),
        ChoiceChips(services, service, set_service, scroll=True),
        keyed(f"{whose}-{service}-{child}", FirstPage, wanted),
        back=paths.PRIVACY,
    )


@component
def FirstPage(wanted: Wanted) -> ft.Control:
    """The newest lines, asked anew for each choice."""
    services = use_services()

    async def fetch() -> AccessPage:
        return await services.access_log.page(wanted)

    found = use_resource(fetch)
    return Loaded(found, lambda page: keyed("lines", Lines, page, wanted))


@component
def Lines(first: AccessPage, wanted: Wanted) -> ft.Control:
    """What is loaded, by day, and the way to more."""
    services = use_services()
    loaded: tuple[AccessPage, ...] = (first,)
    pages, set_pages = use_state(loaded)

    async def load_more() -> None:
        following = await services.access_log.page(wanted, pages[-1].following)
        set_pages((*pages, following))

    loading = use_action(load_more)
    lines = [line for page in pages for line in page.lines]
    parts = _days(lines, wanted.child) if lines else [_nobody(wanted)]
    if pages[-1].following:
        parts.append(OutlineButton(_("Show earlier"), loading, ft.Icons.EXPAND_MORE_ROUNDED))
    if loading.error:
        parts.append(ErrorPanel(loading.error))
    return stacked(parts)


def _nobody(wanted: Wanted) -> ft.Control:
    if wanted.own:
        return EmptyState(ft.Icons.PERSON_OUTLINE_ROUNDED, _("You have not looked yet"))
    words = _("Whoever opens something of yours stands here: who, when, what and why.")
    return EmptyState(ft.Icons.VISIBILITY_OFF_ROUNDED, _("Nobody else has looked"), words)


def _days(lines: Iterable[Access], child: str) -> list[ft.Control]:
    parts: list[ft.Control] = []
    for day, found in groupby(lines, _day_of):
        parts.append(Heading(_day_words(day), 2, "title_small"))
        runs = _runs(found)
        parts.append(CardList(*[keyed(run[0].access_id, LineRow, run, child) for run in runs]))
    return parts


def _runs(lines: Iterable[Access]) -> list[list[Access]]:
    """The same person doing the same thing several times in a row is one row."""

    def same(line: Access) -> tuple[str, ...]:
        return line.actor, line.name, line.office, act_words(line), line.reference

    return [list(run) for _key, run in groupby(lines, same)]


def _day_of(line: Access) -> date | None:
    return local(line.at).date() if line.at else None


def _day_words(day: date | None) -> str:
    return f"{show_weekday(day)} {show_date(day)}" if day else _("Without a date")


@component
def LineRow(run: list[Access], child: str) -> ft.Control:
    """Who and from where, what they did, when and what for; a tap opens the thing itself."""
    look, line = use_look(), run[0]
    newest = show_time(run[0].at) if run[0].at else ""
    oldest = show_time(run[-1].at) if run[-1].at else ""
    times = newest if newest == oldest else f"{oldest} - {newest}"
    below = (times, times_words(len(run)), why_words(line))
    capacity = capacity_words(line)
    words = ft.Column(
        [
            Text(who_words(line), "label"),
            *([Text(capacity, "supporting")] if capacity else []),
            Text(act_words(line)),
            Text(" · ".join(filter(None, below)), "supporting"),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    palette, address = look.palette, address_of(line, child)
    more = [ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=palette.on_surface_variant)]
    row = ft.Row(
        [
            ft.Icon(icon_of(line), size=look.icon(24), color=palette.primary),
            words,
            *(more if address else []),
        ],
        spacing=16,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    padding = ft.Padding.symmetric(horizontal=16, vertical=12)
    if not address:
        return ft.Container(row, padding=padding)
    return Tappable(row, open_path(address), palette, padding=padding, row=True)
