"""Step 1: for whom, which form there is, what it shows, how long it takes and what it costs."""

from collections.abc import Awaitable, Callable

import flet as ft

from app.hooks import component, use_session, view
from app.text import HOTLINE, _, ngettext, show_money
from services.certificates import CertificateForm, Child, Obstacle
from views.certificates.choice import ChoiceCard
from views.certificates.steps import (
    HARMLESS,
    Applying,
    ApplyStep,
    Obstacles,
    Opened,
    StepScreen,
    hard_obstacles,
    use_applying,
    use_next,
)
from views.certificates.words import obstacle_words
from views.components import CardList, Heading, MainButton, Note, SummaryRow, Text, keyed, stacked

FORM_TWO = 2


@view
def NewCertificateView() -> ft.Control:
    """The first step, with the draft that was begun."""
    return ApplyStep(FormStep, 1)


@view
def FormStep(opened: Opened) -> ft.Control:
    """For whom it is, then form No. 1 or No. 2; what stands in the way is said before any field."""
    applying = use_applying(opened)
    onward, step = use_next(1)
    obstacles = hard_obstacles(opened.form)

    async def go_on() -> None:
        await applying.go(onward, step)

    async def choose_person(child_id: str) -> None:
        applying.change(child_id=child_id)
        await applying.keep()
        opened.reload()

    content = [
        *_register_note(applying),
        *([Persons(applying, choose_person)] if opened.form.children else []),
        *([Obstacles(obstacles)] if obstacles else [*Forms(applying), Terms(opened.form)]),
        *_sandbox_note(),
    ]
    foot = () if obstacles else (MainButton(_("Continue"), go_on),)
    return StepScreen(1, applying, content, foot)


@component
def Persons(applying: Applying, choose: Callable[[str], Awaitable[None]]) -> ft.Control:
    """Oneself, or a child by recorded relation; an adult signs in for themselves."""
    form, chosen = applying.form, applying.draft.child_id
    rows = [keyed("self", Person, "", _("Myself"), (), chosen == "", choose)]
    for child in form.children:
        words = (_("Your child, by the population register"),)
        note = "" if not child.too_young else too_young_words(child, form)
        rows.append(
            keyed(
                child.child_id,
                Person,
                child.child_id,
                child.name,
                words,
                chosen == child.child_id,
                None if child.too_young else choose,
                note,
            )
        )
    adult = _("For another adult? They sign in here themselves; you may sit beside them and help.")
    return stacked(
        [Heading(_("Whom it is for"), 2, "headline_small"), *rows, Text(adult, "supporting")]
    )


@component
def Person(
    child_id: str,
    name: str,
    words: tuple[str, ...],
    chosen: bool,
    choose: Callable[[str], Awaitable[None]] | None,
    note: str = "",
) -> ft.Control:
    """One person to choose."""

    async def pick() -> None:
        if choose is not None:
            await choose(child_id)

    return ChoiceCard(name, words, chosen, pick if choose is not None else None, note)


def too_young_words(child: Child, form: CertificateForm) -> str:
    """Why a child cannot be chosen yet."""
    return obstacle_words(Obstacle("too_young", minimum_age=form.minimum_age))[0]


def Forms(applying: Applying) -> list[ft.Control]:
    """The forms there are; No. 2 with what the law says about it."""
    types, chosen = applying.form.certificate_types, applying.draft.certificate_type
    cards = [keyed(kind, FormCard, kind, kind == chosen, applying.change) for kind in types]
    nobody = Note(
        _("Nobody may demand form No. 2 from you."),
        _(
            "The law forbids it: it is for you alone, to know what is recorded about you. "
            "If anybody demands it, do not hand it over, offer form No. 1, and tell {hotline}."
        ).format(hotline=HOTLINE),
        "tertiary" if chosen == FORM_TWO else "neutral",
        ft.Icons.GAVEL_ROUNDED,
    )
    return [Heading(_("The form you apply for"), 2, "headline_small"), *cards, nobody]


@component
def FormCard(kind: int, chosen: bool, change: Callable[..., None]) -> ft.Control:
    """One form: what it is for and what stands on it."""

    def choose() -> None:
        change(certificate_type=kind)

    if kind == FORM_TWO:
        sentences = (
            _("For yourself, to know what is recorded about you."),
            _("Shows every conviction, spent ones too. It opens by a passcode of six digits."),
        )
        return ChoiceCard(_("Form No. 2"), sentences, chosen, choose)
    sentences = (
        _("For work, study, licences and dealings with offices."),
        _("Shows convictions in force. Spent ones are not on it."),
    )
    return ChoiceCard(_("Form No. 1"), sentences, chosen, choose)


def _register_note(applying: Applying) -> list[ft.Control]:
    if not applying.register_down:
        return []
    return [Note(*obstacle_words(Obstacle(HARMLESS)), "tertiary", ft.Icons.CLOUD_OFF_ROUNDED)]


def _sandbox_note() -> list[ft.Control]:
    if not use_session().offer.sandbox:
        return []
    words = _("The certificate is a sample and has no legal force.")
    return [Note(_("This is a test build."), words, "tertiary", ft.Icons.SCIENCE_ROUNDED)]


@component
def Terms(form: CertificateForm) -> ft.Control:
    """Time, fee and kind, as the gateway says."""
    days = ngettext("{n} working day", "{n} working days", form.working_days)
    return CardList(
        SummaryRow(_("Time"), days),
        SummaryRow(_("Fee"), show_money(form.fee)),
        SummaryRow(_("You get"), _("A digitally signed PDF")),
    )
