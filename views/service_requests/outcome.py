"""What the city says about a report: its question, why it is late, why it was closed, the links."""

from collections.abc import Callable
from datetime import datetime

import flet as ft

from app import paths
from app.hooks import component
from app.text import HOTLINE, _, show_moment
from services.service_requests import ServiceRequest
from views.components import (
    LinkButton,
    Note,
    Text,
    deadline_of,
    keyed,
    open_path,
    stacked,
)


def outcome_of(request: ServiceRequest, now: datetime) -> list[ft.Control]:
    """Notes for the state the report is in, and links; nothing where there is nothing to say."""
    notes: dict[str, Callable[[ServiceRequest], ft.Control | None]] = {
        "needs_resident": _question,
        "rejected": _closed,
        "transferred": _passed_on,
        "withdrawn": _withdrawn,
        "merged": _merged,
    }
    deadline = deadline_of(request, now)
    note = notes.get(request.status_code, _nothing)(request)
    parts = [note] if note is not None else []
    if deadline is not None and deadline.overdue and request.status_code != "needs_resident":
        parts.insert(0, _late(request))
    return [*parts, *_links(request)]


def asked_of(request: ServiceRequest) -> str:
    """The officer's question; a city without the extension puts it into its notes."""
    return request.question or request.status_notes


def _question(request: ServiceRequest) -> ft.Control | None:
    question = asked_of(request)
    if not question:
        return None
    asking = Note(_("The officer asks:"), question, "lotus")
    if "answer" in request.acts or (not request.mine and request.acts):
        return asking
    words = _("Call {hotline} and give the code of the report to answer.")
    return stacked([asking, Text(words.format(hotline=HOTLINE), "supporting")], 8)


def _late(request: ServiceRequest) -> ft.Control:
    said = request.overdue.reason if request.overdue else ""
    reason = said or (request.status_notes if request.status_code == "in_progress" else "")
    if reason:
        return Note(_("Why it is late:"), reason, "error")
    return Note(_("It is late,"), _("and the agency has not said why yet."), "error")


def _closed(request: ServiceRequest) -> ft.Control | None:
    reason = request.reason
    said = [reason.text] if reason and reason.text else []
    # The officer's own words follow the coded reason, unless they repeat it.
    said += [request.status_notes] if request.status_notes not in ("", *said) else []
    if not said:
        return None
    objection = reason.objection if reason and reason.objection else ""
    how = objection or _("Call {hotline} and give the code of the report.").format(hotline=HOTLINE)
    return stacked(
        [
            Note(_("Why it was closed:"), " ".join(said)),
            Note(_("If you do not agree:"), how, icon=ft.Icons.GAVEL_ROUNDED),
        ]
    )


def _passed_on(request: ServiceRequest) -> ft.Control | None:
    place = request.agency.name or request.agency_responsible
    words = _("Not ours, passed to {place}.").format(place=place) if place else _("Passed on:")
    return Note(words, request.status_notes)


def _withdrawn(request: ServiceRequest) -> ft.Control | None:
    when = show_moment(request.updated_datetime) if request.updated_datetime else ""
    return Note(_("You withdrew this report."), when) if request.mine else None


def _merged(request: ServiceRequest) -> ft.Control | None:
    words = _(
        "Others reported the same. What happens next stands there, and you still get the news."
    )
    return Note(_("Merged with another report."), words, icon=ft.Icons.CALL_MERGE_ROUNDED)


def _nothing(request: ServiceRequest) -> ft.Control | None:
    return None


def _links(request: ServiceRequest) -> list[ft.Control]:
    """The reports this one was joined with or parted from, both ways."""
    into = [request.merged_into] if request.merged_into else []
    origin = [request.split_from] if request.split_from else []
    joined = _("Open report {code}, which goes on")
    parted = _("Parted from report {code}")
    part = _("Part of it: report {code}")
    found = [(joined, one) for one in into] + [(parted, one) for one in origin]
    found += [(part, one) for one in request.split_into]
    return [keyed(code, _ReportLink, words.format(code=code), code) for words, code in found]


@component
def _ReportLink(words: str, service_request_id: str) -> ft.Control:
    link = LinkButton(
        words, open_path(paths.service_request(service_request_id)), ft.Icons.LINK_ROUNDED
    )
    return ft.Row([link], wrap=True)
