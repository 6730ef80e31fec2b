"""The forms of an officer's acts, a component each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import component, use_look
from app.text import HOTLINE, _
from views.components import Note, Text, TextBox
from views.desk.acting import ActFrame, Acting, Desk, error_of, use_acting
from views.desk.choosing import Chooser
from views.desk.drafting import ActDraft
from views.desk.merging import MergeFields
from views.desk.proof import ProofFields
from views.desk.splitting import SplitFields
from views.desk.telling import objection

LONGEST = {"ask": 1000, "note": 1000}
"""Letters of an act's words at most, as the gateway takes them; 2000 where none is named."""

Done = Callable[[str], None]
Cancel = Callable[[], None]


@component
def ActForm(act: str, desk: Desk, opened: ActDraft, done: Done, cancel: Cancel) -> ft.Control:
    """The form of one act, with what was entered before."""
    acting = use_acting(act, desk, opened, done, cancel)
    fields = FIELDS[act](acting)
    dangers = {
        "hoax": _("The public no longer sees the report, and its sender may send fewer."),
        "reject": _("The report is closed. The resident may object or open it again."),
        "merge": _("This report is closed; its followers move to the other one."),
        "done": _("The report is closed. The resident may open it again."),
    }
    return ActFrame(acting, *fields, danger=dangers.get(act, ""))


@component
def Words(acting: Acting, label: str, help_text: str = "", lines: int = 3) -> ft.Control:
    """What is said to the resident."""
    look = use_look()
    write = ft.use_callback(lambda text: acting.drafting.change(description=text), [])
    return TextBox(
        label,
        acting.drafting.draft.description,
        write,
        help_text=help_text,
        error=error_of(acting, "description"),
        lines=lines,
        max_length=LONGEST.get(acting.act, 2000),
        scale=look.scale,
    )


def _accept(acting: Acting) -> list[ft.Control]:
    agency = acting.desk.overview.agency.name
    words = _("{agency} takes this on, and the time runs.").format(agency=agency)
    return [Text(words)]


def _ask(acting: Acting) -> list[ft.Control]:
    paused = _("The time stops until the resident has answered.")
    return [Words(acting, _("Your question"), paused)]


def _transfer(acting: Acting) -> list[ft.Control]:
    overview = acting.desk.overview
    here = overview.agency.code
    agencies = tuple((one.code, one.name, "") for one in overview.agencies if one.code != here)
    return [
        Chooser(
            _("To which agency"),
            agencies,
            acting.drafting.draft.agency_code,
            _choose(acting, "agency_code"),
            error_of(acting, "agency_code"),
        ),
        _reasons(acting, overview.transfer_reasons),
        Words(acting, _("What the resident should know (you may leave it out)")),
    ]


def _reject(acting: Acting) -> list[ft.Control]:
    reasons = acting.desk.overview.reject_reasons
    how = objection(reasons, acting.drafting.draft.reason_code)
    shown = how or _("The resident may object at the ward's office or call {hotline}.").format(
        hotline=HOTLINE
    )
    return [
        _reasons(acting, reasons),
        Words(acting, _("In your words: why, and what the resident can do instead")),
        Note(_("How to object:"), shown, "neutral", ft.Icons.GAVEL_ROUNDED),
    ]


def _done(acting: Acting) -> list[ft.Control]:
    request = acting.desk.report.request
    before = next((one for one in request.media if one.stage == "before"), None)
    return [
        Words(acting, _("What was done"), _("Say what, where and when, in plain words.")),
        ProofFields(acting.drafting, before, error_of(acting, "media_ids")),
    ]


def _merge(acting: Acting) -> list[ft.Control]:
    return [MergeFields(acting)]


def _split(acting: Acting) -> list[ft.Control]:
    return [SplitFields(acting)]


def _assign(acting: Acting) -> list[ft.Control]:
    colleagues = acting.desk.overview.colleagues
    options = tuple((one.subject_key, one.name, "") for one in colleagues)
    if not options:
        return [Text(_("Nobody else works at this agency yet."), "supporting")]
    return [
        Chooser(
            _("Who takes care of it"),
            options,
            acting.drafting.draft.colleague,
            _choose(acting, "colleague"),
            error_of(acting, "subject_key"),
        )
    ]


def _note(acting: Acting) -> list[ft.Control]:
    public = _("Everyone who sees the report reads this.")
    return [Words(acting, _("Why it is late, and until when it takes"), public)]


def _hoax(acting: Acting) -> list[ft.Control]:
    words = _("Only for a report that was made up on purpose. The act is logged with your name.")
    return [Text(words)]


FIELDS: dict[str, Callable[[Acting], list[ft.Control]]] = {
    "accept": _accept,
    "ask": _ask,
    "transfer": _transfer,
    "reject": _reject,
    "done": _done,
    "merge": _merge,
    "split": _split,
    "assign": _assign,
    "note": _note,
    "hoax": _hoax,
}


def _reasons(acting: Acting, reasons: Any) -> ft.Control:
    options = tuple((one.code, one.text, "") for one in reasons)
    return Chooser(
        _("Reason"),
        options,
        acting.drafting.draft.reason_code,
        _choose(acting, "reason_code"),
        error_of(acting, "reason_code"),
    )


def _choose(acting: Acting, field: str) -> Callable[[str], None]:
    return lambda value: acting.drafting.change(**{field: value})
