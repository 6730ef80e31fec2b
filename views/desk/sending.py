"""An act's form → what is still missing in it, and its call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.text import _
from services.desk import Desk
from services.photos import Photo
from services.service_requests import ServiceRequest
from views.desk.drafting import ActDraft

SHORTEST = {"ask": 5, "note": 5, "done": 10, "reject": 10, "split": 10}
"""Letters that the words of an act have at least, as the gateway asks for them."""


def missing(act: str, draft: ActDraft) -> dict[str, str]:
    """Sentences by field of what has to be filled in first; the gateway checks the same."""
    found: dict[str, str] = {}
    least = SHORTEST.get(act, 0)
    if act != "split" and len(draft.description.strip()) < least:
        found["description"] = _("Write at least {n} letters.").format(n=least)
    if act in ("transfer", "reject") and not draft.reason_code:
        found["reason_code"] = _("Choose a reason.")
    if act == "transfer" and not draft.agency_code:
        found["agency_code"] = _("Choose the agency.")
    if act == "merge" and not draft.into.strip():
        found["into"] = _("Choose a report or type its code.")
    if act == "assign" and not draft.colleague:
        found["subject_key"] = _("Choose a colleague.")
    if act == "done":
        found |= _proof(draft)
    if act == "split":
        found |= _parts(draft)
    return found


def _proof(draft: ActDraft) -> dict[str, str]:
    if not draft.photos and draft.document is None:
        return {"media_ids": _("Add at least one photo or a document.")}
    if any(not photo.description.strip() for photo in draft.photos):
        return {"media_ids": _("Say of each photo what it shows.")}
    return {}


def _parts(draft: ActDraft) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, words in enumerate((draft.description, draft.other)):
        if len(words.strip()) < SHORTEST["split"]:
            least = SHORTEST["split"]
            found[f"descriptions.{number}"] = _("Write at least {n} letters.").format(n=least)
        if not draft.service_codes[number]:
            found[f"service_codes.{number}"] = _("Choose a kind of problem.")
    return found


async def send(desk: Desk, act: str, request: ServiceRequest, draft: ActDraft) -> None:
    """Do it, on the revision of the report that was shown. Raises ServiceError."""
    which = (request.service_request_id, request.revision)
    words = draft.description.strip()
    if act == "done":
        await desk.done(*which, words, await _uploaded(desk, draft))
        return
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "accept": lambda: desk.accept(*which),
        "ask": lambda: desk.ask(*which, words),
        "transfer": lambda: desk.transfer(*which, draft.agency_code, draft.reason_code, words),
        "merge": lambda: desk.merge(*which, draft.into.strip()),
        "split": lambda: desk.split(*which, (words, draft.other.strip()), draft.service_codes),
        "reject": lambda: desk.reject(*which, draft.reason_code, words),
        "assign": lambda: desk.assign(*which, draft.colleague),
        "note": lambda: desk.note(*which, words),
        "hoax": lambda: desk.hoax(*which),
    }
    await calls[act]()


async def _uploaded(desk: Desk, draft: ActDraft) -> list[str]:
    """The proof's media ids; what is sent ahead and never used the gateway removes by itself."""
    files: list[Photo | bytes] = [*draft.photos, *([draft.document.data] if draft.document else [])]
    return [await desk.upload(file) for file in files]
