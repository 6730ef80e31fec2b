"""Checking a printed copy without its code: the number and what else stands on the paper."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import flet as ft

from app.hooks import component, use_look, use_state
from app.text import _
from services.certificates import PrintedDetails
from views.certificates.check import Checked
from views.components import (
    ChoiceChips,
    Heading,
    MainButton,
    Note,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
)

DAY = re.compile(r"\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\s*")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed from the paper, as it was typed."""

    number: str = field(default="", repr=False)
    file_code: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    born: str = field(default="", repr=False)
    gender: str = field(default="female", repr=False)
    identity_number: str = field(default="", repr=False)

    def wrong(self) -> dict[str, str]:
        """What to mend, by field; empty when it can be checked."""
        missing = _("Please fill this in.")
        texts = ("number", "file_code", "name", "identity_number")
        found = {name: missing for name in texts if not getattr(self, name).strip()}
        if day_of(self.born) is None:
            found["born"] = _("Write day, month and year, such as 14/10/1990.")
        return found

    def details(self) -> PrintedDetails:
        """What is sent; only when nothing is wrong."""
        born = day_of(self.born)
        assert born is not None, "asked for what is wrong first"
        return PrintedDetails(
            self.number, self.file_code, self.name, born, self.gender, self.identity_number
        )


def day_of(text: str) -> date | None:
    """`8/3/1988` as a date; None for anything that is none."""
    found = DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    # No exception in a view: the calendar is asked, not tried.
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    fits = 1 <= month <= 12 and 1 <= day <= lengths[month - 1] and year > 1
    return date(year, month, day) if fits else None


@component
def CheckByNumber(back: Callable[[], None]) -> ft.Control:
    """The fields, or the answer on what was sent; what was typed stays."""
    typed, set_typed = use_state(Typed())
    nothing: PrintedDetails | None = None
    sought, seek = use_state(nothing)
    tried, set_tried = use_state(False)

    def another() -> None:
        seek(None)

    def check() -> None:
        set_tried(True)
        if not typed.wrong():
            seek(typed.details())

    if sought is not None:
        return Checked(sought, another)
    wrong = typed.wrong() if tried else {}
    return Screen(
        _("Document check"),
        Heading(_("Check by number and details"), 2, "headline_small"),
        Text(_("Copy them from the paper. All six must be right, or nothing is found.")),
        Fields(typed, set_typed, wrong),
        Note(
            _("It says whether such a certificate is in force."),
            _("Whether the paper's content was changed can be seen from the PDF file only."),
        ),
        back=back,
        foot=(MainButton(_("Check"), check, ft.Icons.SEARCH_ROUNDED),),
    )


@component
def Fields(typed: Typed, change: Callable[[Any], None], wrong: dict[str, str]) -> ft.Control:
    """Six fields, in the order of the paper."""

    def write(name: str, text: str) -> None:
        change(lambda before: replace(before, **{name: text}))

    stable = ft.use_callback(write, [])
    labels = (
        ("number", _("Certificate number"), _("Such as MẪU-001273")),
        ("file_code", _("File code"), _("Such as LL-2610-00731")),
        ("name", _("Full name"), ""),
        ("born", _("Date of birth"), _("Day/month/year")),
        ("identity_number", _("Identity number"), _("Twelve digits")),
    )
    boxes = [
        keyed(name, Box, name, label, getattr(typed, name), stable, (hint, wrong.get(name, "")))
        for name, label, hint in labels
    ]

    def choose(gender: str) -> None:
        write("gender", gender)

    sexes = (("female", _("Female")), ("male", _("Male")))
    sex = [Text(_("Sex"), "small_label"), ChoiceChips(sexes, typed.gender, choose)]
    return stacked([*boxes[:4], *sex, boxes[4]])


@component
def Box(
    name: str,
    label: str,
    value: str,
    write: Callable[[str, str], None],
    words: tuple[str, str],
) -> ft.Control:
    """One field with its hint and what is wrong with it."""
    hint, error = words
    changed = ft.use_callback(lambda text: write(name, text), [name])
    box = TextBox(label, value, changed, help_text=hint, error=error, scale=use_look().scale)
    return stacked([box])
