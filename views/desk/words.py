"""The desk's words: acts, states as an officer reads them, what each act tells the resident."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import flet as ft

from app.text import Status, _, ngettext, status_of
from services.service_requests import ServiceRequest
from views.components import Deadline, deadline_of

ORDER = (
    "accept",
    "done",
    "ask",
    "transfer",
    "reject",
    "merge",
    "split",
    "assign",
    "note",
    "hoax",
)
"""The acts in the order in which they are offered; the first that may be done is the main one."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act in words: on its button, over its form, on the button that sends it, once it is done."""

    label: str
    title: str
    send: str
    sent: str
    icon: ft.IconData


def act_of(code: str) -> Act:
    """The words of an act that officers can do."""
    icons = ft.Icons
    table = {
        "accept": Act(
            _("Accept"),
            _("Accept this report"),
            _("Accept the report"),
            _("Accepted."),
            icons.INBOX_ROUNDED,
        ),
        "ask": Act(
            _("Ask the resident"),
            _("Ask the resident"),
            _("Send the question"),
            _("The question was sent."),
            icons.EDIT_NOTE_ROUNDED,
        ),
        "transfer": Act(
            _("Pass on"),
            _("Pass on to another agency"),
            _("Pass on"),
            _("Passed on."),
            icons.FORWARD_ROUNDED,
        ),
        "merge": Act(
            _("Merge"),
            _("Merge with another report"),
            _("Merge"),
            _("Merged."),
            icons.MERGE_ROUNDED,
        ),
        "split": Act(
            _("Split in two"),
            _("Split in two reports"),
            _("Split"),
            _("Split in two."),
            icons.CALL_SPLIT_ROUNDED,
        ),
        "done": Act(
            _("Close with proof"),
            _("Close with proof"),
            _("Close with this proof"),
            _("Closed with proof."),
            icons.CHECK_CIRCLE_ROUNDED,
        ),
        "reject": Act(
            _("Refuse"),
            _("Refuse this report"),
            _("Refuse with this reason"),
            _("Refused."),
            icons.BLOCK_ROUNDED,
        ),
        "assign": Act(
            _("Assign"),
            _("Assign to a colleague"),
            _("Assign"),
            _("Assigned."),
            icons.PERSON_ADD_ALT_ROUNDED,
        ),
        "note": Act(
            _("Say why it is late"),
            _("Why it is late"),
            _("Publish the reason"),
            _("The reason was published."),
            icons.ALARM_ROUNDED,
        ),
        "hoax": Act(
            _("Flag as a hoax"),
            _("Flag as a hoax"),
            _("Flag as a hoax"),
            _("Flagged as a hoax."),
            icons.FLAG_ROUNDED,
        ),
    }
    return table[code]


def desk_status(request: ServiceRequest, now: datetime) -> Status:
    """The state of a report as its agency sees it; an open one past its deadline is overdue."""
    deadline = desk_deadline(request, now)
    if deadline is not None and deadline.overdue:
        return Status(deadline.sentence, "error", ft.Icons.ALARM_ROUNDED)
    return desk_status_of(request.status_code)


def desk_status_of(code: str) -> Status:
    """The word of a status code for officers; colours and icons are the residents'."""
    words = {
        "waiting": _("To be accepted"),
        "needs_resident": _("Waiting for the resident"),
        "transferred": _("Passed on, to be accepted"),
        "rejected": _("Refused"),
        "reopened": _("Reopened"),
        "merged": _("Merged"),
    }
    known = status_of(code)
    return replace(known, word=words.get(code, known.word))


def desk_deadline(request: ServiceRequest, now: datetime) -> Deadline | None:
    """The deadline of a report in an officer's words."""
    deadline = deadline_of(request, now)
    if deadline is not None and request.status_code == "needs_resident":
        return replace(deadline, sentence=_("Paused, waiting for the resident"))
    return deadline


def urgency_status(code: str) -> Status | None:
    """How urgent a report is, where that is more than usual."""
    table = {
        "urgent": Status(_("Urgent"), "error", ft.Icons.PRIORITY_HIGH_ROUNDED),
        "complex": Status(_("Complex"), "neutral", ft.Icons.ACCOUNT_TREE_ROUNDED),
    }
    return table.get(code)


def level_words(escalation: int) -> str:
    """To which level a late report was raised."""
    return ngettext(
        "Raised {n} level for being late", "Raised {n} levels for being late", escalation
    )


def log_words(what: str) -> str:
    """A desk act as it stands in the log; the resident's and the clock's acts among them."""
    words = {
        "accept": _("Accepted"),
        "ask": _("Asked the resident"),
        "answer": _("The resident answered"),
        "transfer": _("Passed on"),
        "merge": _("Merged"),
        "split": _("Split in two"),
        "done": _("Closed with proof"),
        "reject": _("Refused"),
        "withdraw": _("The resident withdrew it"),
        "reopen": _("The resident reopened it"),
        "correct": _("The resident corrected it"),
        "rate": _("The resident rated it"),
        "assign": _("Assigned"),
        "escalate": _("Raised for being late"),
        "note": _("Said why it is late"),
        "hoax": _("Flagged as a hoax"),
        "public": _("Changed the public photo"),
        "open": _("Opened the report"),
        "submit": _("The report came in"),
    }
    return words.get(what, what)
