"""Children, carers, and whose carer one is: who reads which record, and how that ends."""

from datetime import date

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    component,
    use_action,
    use_resource,
    use_revisions,
    use_services,
    view,
)
from app.text import _, local, show_date, show_moment
from services.health_people import Consent, Dependant, People
from views.components import (
    Card,
    CardList,
    EmptyState,
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    NavigationRow,
    Note,
    Screen,
    StatusChip,
    Text,
    TonalButton,
    keyed,
    open_path,
    stacked,
)
from views.health_people.words import consent_status, parts_words, until_words, years_old

SHOWN_PAST = 5


@view
def PeopleView() -> ft.Control:
    """Everybody at one place."""
    services, revisions = use_services(), use_revisions()
    found = use_resource(services.health_people.people, revisions.health_people)
    invite = MainButton(
        _("Invite somebody to look"),
        open_path(paths.health(None, "people/invite")),
        ft.Icons.PERSON_ADD_ROUNDED,
    )
    code = TonalButton(
        _("I was given a code"),
        open_path(paths.health(None, "people/code")),
        ft.Icons.PIN_ROUNDED,
    )
    # Until 16 the parents decide, and a carer is of age: nothing to offer here.
    young = isinstance(found, Ready) and bool(found.value.parents)
    return Screen(
        _("Family and carers"),
        Loaded(found, Everybody),
        back=paths.RECORDS,
        foot=() if young else (invite, code),
    )


@component
def Everybody(people: People) -> ft.Control:
    """The children first, then who reads along, then whom one reads along with."""
    today = local(use_services().clock.now()).date()
    parts: list[ft.Control] = []
    if people.dependants:
        parts += [Heading(_("My children")), Children(people, today)]
    parts += [Heading(_("Who may read my record")), *_readers(people)]
    if people.cared_for:
        parts.append(Heading(_("Whose record I may read")))
        parts += [keyed(one.consent_id, CaredFor, one) for one in people.cared_for]
    if people.past_carers:
        parts += [Heading(_("Earlier")), _past(people.past_carers[:SHOWN_PAST])]
    return stacked(parts)


@component
def Children(people: People, today: date) -> ft.Control:
    """A row each, which opens the record; one who turned sixteen is said goodbye to."""
    rows = [_child(one, today) for one in people.dependants if not one.ended]
    told = [_grown(one) for one in people.dependants if one.ended]
    source = Text(
        _("Parents and children are what the population register has recorded."), "supporting"
    )
    return stacked([*([CardList(*rows)] if rows else []), *told, source], 8)


def _child(child: Dependant, today: date) -> ft.Control:
    line = []
    if child.birthdate is not None:
        line.append(years_old(_age(child.birthdate, today)))
    if child.ends_on is not None:
        last = _("your right ends on {date}").format(date=show_date(child.ends_on))
        line.append(last)
    return NavigationRow(
        ft.Icons.CHILD_CARE_ROUNDED,
        child.name,
        " · ".join(line),
        open_path(paths.health(child.patient_id)),
        "primary",
    )


def _grown(child: Dependant) -> ft.Control:
    words = _("Since {date} only {name} reads that record, with an account of their own.")
    when = show_date(child.ends_on) if child.ends_on else ""
    return Note(
        _("{name} has turned 16.").format(name=child.name),
        words.format(date=when, name=child.name),
        icon=ft.Icons.EVENT_AVAILABLE_ROUNDED,
    )


def _readers(people: People) -> list[ft.Control]:
    parents = [
        Note(
            _("{name} reads it as your parent.").format(name=one.name),
            _("This ends on {date}, when you turn 16.").format(date=show_date(one.ends_on))
            if one.ends_on
            else "",
            icon=ft.Icons.FAMILY_RESTROOM_ROUNDED,
        )
        for one in people.parents
    ]
    carers: list[ft.Control] = [keyed(one.consent_id, Carer, one) for one in people.carers]
    if not parents and not carers:
        empty = EmptyState(
            ft.Icons.LOCK_PERSON_ROUNDED,
            _("Nobody but you"),
            _("You can let an adult you trust read chosen parts, and stop it at any time."),
        )
        return [empty]
    return [*parents, *carers]


@component
def Carer(consent: Consent) -> ft.Control:
    """Somebody who may look or was invited to; one tap ends it."""
    ending, error = _use_end(consent)
    label = _("Take the invitation back") if consent.state == "invited" else _("Withdraw now")
    parts: list[ft.Control] = [
        StatusChip(consent_status(consent.state)),
        Text(consent.name, "title_small"),
        Text(f"{parts_words(consent.sections)} · {until_words(consent.until)}", "supporting"),
    ]
    if consent.state == "invited" and consent.code_until is not None:
        words = _("The code works until {time}.").format(time=show_moment(consent.code_until))
        parts.append(Text(words, "supporting"))
    return Card(*parts, LinkButton(label, ending, ft.Icons.BLOCK_ROUNDED), *error)


@component
def CaredFor(consent: Consent) -> ft.Control:
    """Somebody whose record the resident reads; the way to it, and the way out."""
    ending, error = _use_end(consent)
    return Card(
        StatusChip(consent_status(consent.state)),
        Text(consent.name, "title_small"),
        Text(f"{parts_words(consent.sections)} · {until_words(consent.until)}", "supporting"),
        ft.Row(
            [
                LinkButton(
                    _("Open the record"),
                    open_path(paths.health(consent.patient_id)),
                    ft.Icons.FOLDER_SHARED_OUTLINED,
                ),
                LinkButton(_("Give it up"), ending, ft.Icons.BLOCK_ROUNDED),
            ],
            wrap=True,
        ),
        *error,
    )


def _use_end(consent: Consent) -> tuple[Action, list[ft.Control]]:
    services, revisions = use_services(), use_revisions()

    async def end() -> None:
        await services.health_people.end(consent.consent_id)
        revisions.health_people += 1

    ending = use_action(end)
    return ending, [ErrorPanel(ending.error)] if ending.error else []


def _past(consents: tuple[Consent, ...]) -> ft.Control:
    rows = []
    for one in consents:
        status = consent_status(one.state, one.ended_by)
        when = show_moment(one.ended) if one.ended else until_words(one.until)
        words = ft.Column(
            [Text(one.name, "label"), Text(f"{status.word} · {when}", "supporting")],
            spacing=2,
            tight=True,
        )
        rows.append(ft.Container(words, padding=ft.Padding.symmetric(horizontal=16, vertical=12)))
    return CardList(*rows)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
