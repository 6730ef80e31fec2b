"""The states of a report as data: which act leads from where to where, and whose it is.

A transition that is not listed is refused with 409. `docs/reports.md` draws this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.problems import Problem
from gateway.service_requests.tables import OPEN_CODES, STATUS_CODES

Role = Literal["resident", "officer", "clock"]
Act = Literal[
    "accept",
    "ask",
    "answer",
    "transfer",
    "merge",
    "split",
    "done",
    "reject",
    "withdraw",
    "reopen",
    "correct",
    "rate",
    "assign",
    "note",
    "hoax",
    "resume",
    "escalate",
]

BETWEEN_TWO = frozenset({"ask", "answer", "rate", "correct", "withdraw", "reopen"})
"""Acts whose text is between the resident and the agency, and not for everybody."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From one state by an act to another, or to itself where the act leaves the state as it is."""

    before: str
    act: Act
    after: str
    role: Role


def _staying(codes: tuple[str, ...], role: Role, *acts: Act) -> tuple[Transition, ...]:
    return tuple(Transition(code, act, code, role) for code in codes for act in acts)


def _moving(codes: tuple[str, ...], act: Act, after: str, role: Role) -> tuple[Transition, ...]:
    return tuple(Transition(code, act, after, role) for code in codes)


_NEW = ("waiting", "transferred")
"""Not yet accepted by the agency that has it: a report that was handed over begins anew there."""
_HANDLED = (*_NEW, "in_progress")

TRANSITIONS: tuple[Transition, ...] = (
    *_moving((*_NEW, "reopened"), "accept", "in_progress", "officer"),
    *_moving(_HANDLED, "ask", "needs_resident", "officer"),
    *_moving(("needs_resident",), "answer", "in_progress", "resident"),
    *_moving(("needs_resident",), "resume", "in_progress", "clock"),
    *_moving(_HANDLED, "transfer", "transferred", "officer"),
    *_moving(_HANDLED, "reject", "rejected", "officer"),
    *_moving(_NEW, "merge", "merged", "officer"),
    *_moving(("in_progress",), "done", "done", "officer"),
    *_moving(("waiting",), "withdraw", "withdrawn", "resident"),
    *_moving(("done", "rejected"), "reopen", "reopened", "resident"),
    *_staying(_HANDLED, "officer", "split"),
    *_staying(("waiting",), "resident", "correct"),
    *_staying(("done",), "resident", "rate"),
    *_staying(OPEN_CODES, "officer", "assign", "note"),
    *_staying(STATUS_CODES, "officer", "hoax"),
    *_staying(OPEN_CODES, "clock", "escalate"),
)

_AFTER = {(item.before, item.act, item.role): item.after for item in TRANSITIONS}


def after(before: str, act: Act, role: Role) -> str:
    """The state an act leads to. Raises a 409 `Problem` where the act is not allowed."""
    found = _AFTER.get((before, act, role))
    if found is None:
        title = "This cannot be done in the report's present state"
        raise Problem(409, "transition-not-allowed", title, status_code=before, act=act)
    return found


def acts_of(before: str, role: Role) -> list[Act]:
    """What that role may do with a report in that state, in the table's order."""
    return [item.act for item in TRANSITIONS if item.before == before and item.role == role]
