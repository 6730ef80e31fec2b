"""Who looked: by day, the newest first, with what they looked at and by what right."""

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
from services.health_people import Look
from services.health_people.accesses import Page
from services.saved import Saved
from views.components import (
    CardList,
    ChoiceChips,
    EmptyState,
    ErrorPanel,
    Heading,
    Loaded,
    OutlineButton,
    Screen,
    Text,
    keyed,
    stacked,
)
from views.health_people.whose import use_patient
from views.health_people.words import basis_word, look_word

ALL, OTHERS, OWN = "all", "others", "own"


@view
def AccessesView() -> ft.Control:
    """The log of one's own record, or of one's child's."""
    patient_id = use_patient()
    return keyed(patient_id or OWN, _Accesses, patient_id)


@component
def _Accesses(patient_id: str | None) -> ft.Control:
    services = use_services()

    async def fetch() -> Saved[Page]:
        return await services.accesses.first(patient_id)

    found = use_resource(fetch)

    def draw(page: Page) -> ft.Control:
        return keyed("log", Log, page)

    return Screen(_("Who looked"), Loaded(found, draw), back=paths.health(patient_id))


@component
def Log(first: Page) -> ft.Control:
    """The looks that are loaded, those that fit the filter, and the way to more."""
    services = use_services()
    loaded: tuple[Page, ...] = (first,)
    pages, set_pages = use_state(loaded)
    shown, set_shown = use_state(OTHERS)

    async def load_more() -> None:
        following = await services.accesses.more(pages[-1].following)
        set_pages((*pages, following))

    loading = use_action(load_more)
    looks = [look for page in pages for look in page.looks]
    fitting = [look for look in looks if _fits(look, shown)]
    options = (
        (OTHERS, _("Others")),
        (OWN, _("Me")),
        (ALL, _("All")),
    )
    parts: list[ft.Control] = [ChoiceChips(options, shown, set_shown)]
    parts += _days(fitting)
    if not fitting:
        parts.append(_nobody(shown))
    if pages[-1].following:
        parts.append(OutlineButton(_("Show earlier"), loading, ft.Icons.EXPAND_MORE_ROUNDED))
    if loading.error:
        parts.append(ErrorPanel(loading.error))
    return stacked(parts)


def _fits(look: Look, shown: str) -> bool:
    own = look.basis == "patient"
    return shown == ALL or own == (shown == OWN)


def _nobody(shown: str) -> ft.Control:
    words = _("Whoever reads a part of this record stands here: who, when, what, by what right.")
    title = _("No looks yet") if shown != OTHERS else _("Nobody else has looked")
    return EmptyState(ft.Icons.VISIBILITY_OFF_ROUNDED, title, words)


def _days(looks: Iterable[Look]) -> list[ft.Control]:
    parts: list[ft.Control] = []
    for day, found in groupby(looks, _day_of):
        parts.append(Heading(_day_words(day), 2, "title_small"))
        parts.append(CardList(*[keyed(group[0].look_id, LookRow, group) for group in _runs(found)]))
    return parts


def _runs(looks: Iterable[Look]) -> list[list[Look]]:
    """Looks of one person by one right that follow each other within a day are one row."""
    return [list(run) for _key, run in groupby(looks, lambda look: (look.who, look.basis))]


def _day_of(look: Look) -> date | None:
    return local(look.at).date() if look.at else None


def _day_words(day: date | None) -> str:
    if day is None:
        return _("Without a date")
    return f"{show_weekday(day)} {show_date(day)}"


@component
def LookRow(looks: list[Look]) -> ft.Control:
    """Who, by what right, at which parts; when the first and the last of them was."""
    theme = use_look()
    newest, oldest = looks[0], looks[-1]
    own = newest.basis == "patient"
    icon = ft.Icons.PERSON_OUTLINE_ROUNDED if own else ft.Icons.VISIBILITY_ROUNDED
    who = _("You") if own else newest.who or _("Somebody whose name is not known")
    parts = dict.fromkeys(_part_words(look) for look in looks)
    words = ft.Column(
        [
            Text(who, "label"),
            Text(f"{_times(newest, oldest)} · {basis_word(newest.basis)}", "supporting"),
            Text(
                _("Looked at: {parts}").format(parts=", ".join(filter(None, parts))), "supporting"
            ),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return ft.Container(
        ft.Row(
            [ft.Icon(icon, size=theme.icon(24), color=theme.palette.primary), words],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(horizontal=16, vertical=12),
    )


def _part_words(look: Look) -> str:
    return ", ".join(dict.fromkeys(look_word(one) for one in look.parts or (look.interaction,)))


def _times(newest: Look, oldest: Look) -> str:
    last = show_time(newest.at) if newest.at else ""
    first = show_time(oldest.at) if oldest.at else ""
    return last if first == last else f"{first} - {last}"
