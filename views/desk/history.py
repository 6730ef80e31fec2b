"""What happened to a report as everyone sees it, and the desk's own log of acts."""

from __future__ import annotations

import flet as ft

from app.hooks import (
    Ready,
    Resource,
    component,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, show_moment
from services.desk_records import DeskOverview, DeskReport, LogEntry
from services.service_requests import Update
from views.components import Heading, LinkButton, Loaded, Text, Timeline, TimelineStep, stacked
from views.desk.acting import Desk
from views.desk.words import desk_status_of, log_words

FEW = 3


@view
def History(report: DeskReport) -> ft.Control:
    """The steps that the resident sees, oldest first, with who did each."""
    services, revisions = use_services(), use_revisions()
    code = report.request.service_request_id

    async def fetch() -> list[Update]:
        return await services.desk.updates(code)

    updates: Resource[list[Update]] = use_resource(fetch, code, revisions.service_requests)
    drawn = (
        Timeline(tuple(_step(one, report.request.status) for one in _last(updates.value)))
        if isinstance(updates, Ready)
        else Loaded(updates, lambda found: ft.Container(height=0))
    )
    return stacked([Heading(_("Progress"), 2, "title_small"), drawn], 12)


def _last(updates: list[Update]) -> list[tuple[Update, bool]]:
    return [(one, n == len(updates) - 1) for n, one in enumerate(updates)]


def _step(update: tuple[Update, bool], status: str) -> TimelineStep:
    one, last = update
    when = show_moment(one.datetime) if one.datetime else ""
    who = ", ".join(part for part in (one.actor, one.agency) if part)
    detail = " · ".join(part for part in (when, who) if part)
    state = "now" if last and status == "open" else "done"
    shown = desk_status_of(one.status_code)
    words = {"": shown.word, "note": _("Note")}
    title = words.get(one.act) or log_words(one.act)
    note = one.description if one.description.rstrip(".") != title else ""
    return TimelineStep(title, detail, state, shown.icon, note)


@component
def Log(desk: Desk) -> ft.Control:
    """Every act at the desk, the newest first: who, what, when, from which state to which."""
    whole, set_whole = use_state(False)
    entries = list(reversed(desk.report.log))
    if not entries:
        return ft.Container(height=0)
    shown = entries if whole else entries[:FEW]
    parts: list[ft.Control] = [Heading(_("Log of the desk"), 2, "title_small")]
    parts += [_entry(one, desk.overview) for one in shown]
    if len(entries) > len(shown):
        words = _("Show all {n}").format(n=len(entries))
        parts.append(ft.Row([LinkButton(words, lambda: set_whole(True))], wrap=True))
    return stacked(parts, 8)


def _entry(entry: LogEntry, overview: DeskOverview) -> ft.Control:
    when = show_moment(entry.datetime) if entry.datetime else ""
    states = ""
    if entry.before and entry.after and entry.before != entry.after:
        before, after = desk_status_of(entry.before).word, desk_status_of(entry.after).word
        states = _("from “{before}” to “{after}”").format(before=before, after=after)
    below = " · ".join(
        part for part in (when, entry.name, states, _detail(entry, overview)) if part
    )
    head = Text(log_words(entry.act), "label")
    return ft.Column([head, Text(below, "supporting")], spacing=2, tight=True)


def _detail(entry: LogEntry, overview: DeskOverview) -> str:
    """What an act was about, in words: an agency, a reason, a colleague, another report."""
    names = {one.code: one.name for one in overview.agencies}
    reasons = {one.code: one.text for one in overview.reject_reasons}
    return {"transfer": names, "reject": reasons}.get(entry.act, {}).get(entry.detail, entry.detail)
