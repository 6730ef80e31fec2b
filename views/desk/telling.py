"""What an act will tell the resident, word by word as far as it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.text import _
from services.desk_records import ReasonOption
from views.desk.drafting import ActDraft

if TYPE_CHECKING:
    from views.desk.acting import Desk

BLANK = "…"


def telling(act: str, desk: Desk, draft: ActDraft) -> str:
    """The sentence that the resident will read; nothing for an act that tells them nothing."""
    words = draft.description.strip() or BLANK
    overview = desk.overview
    match act:
        case "accept":
            return _("{agency} has taken this on.").format(agency=overview.agency.name)
        case "ask":
            return _("The officer asks: “{question}”").format(question=words)
        case "transfer":
            place = next(
                (one.name for one in overview.agencies if one.code == draft.agency_code), BLANK
            )
            reason = _reason(overview.transfer_reasons, draft.reason_code)
            passed = _("Not ours, passed to {place}.").format(place=place)
            return f"{passed} {draft.description.strip() or reason}"
        case "reject":
            return f"{_reason(overview.reject_reasons, draft.reason_code)} {words}"
        case "merge":
            joined = _("This is handled together with report {code}. You go on getting its news.")
            return joined.format(code=draft.into.strip() or BLANK)
        case "split":
            return _(
                "Your report is two jobs. Each goes on as a report of its own: {a}; {b}"
            ).format(a=words, b=draft.other.strip() or BLANK)
        case "done" | "note":
            return words
    return ""


def objection(overview_reasons: Sequence[ReasonOption], code: str) -> str:
    """How the resident may object to a refusal with that reason."""
    return next((one.objection for one in overview_reasons if one.code == code), "")


def _reason(reasons: Sequence[ReasonOption], code: str) -> str:
    return next((one.text for one in reasons if one.code == code), BLANK)
