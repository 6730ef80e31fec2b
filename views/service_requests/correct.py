"""Correcting a report in the minutes after it was sent: words, place, name, urgency."""

import asyncio
from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, explain_field, ngettext
from services.errors import Rejected, ServiceError
from services.saved import Saved
from services.service_requests import Correction, ServiceRequest, ServiceRequestDraft
from services.vault import SubjectVault
from views.components import (
    Card,
    EmptyState,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    SwitchRow,
    TextBox,
    keyed,
    open_path,
)
from views.components.drafting import use_drafting
from views.service_requests.drafting import Drafting, KeptLine
from views.service_requests.new_photos import LONGEST, SHORTEST, too_short
from views.service_requests.place import Place, use_place
from views.service_requests.place_map import Pin, PlaceMap
from views.service_requests.place_picker import PlaceEditor, PlaceSummary
from views.service_requests.sending import Refusal
from views.service_requests.urgency import UrgencyChoice

TABLE = "corrections"
"""Where the vault keeps what was typed here, by the report's code."""
LOOK_AGAIN_AFTER = 15.0
"""Seconds between two looks at the time that is left."""


@view
def CorrectView() -> ft.Control:
    """The report that the address names, for as long as it may be corrected."""
    service_request_id = unquote(ft.use_route_params().get("service_request_id", ""))
    return keyed(service_request_id, _Opened, service_request_id)


@component
def _Opened(service_request_id: str) -> ft.Control:
    services = use_services()
    now = use_now()
    back = paths.service_request(service_request_id)

    async def fetch() -> Saved[tuple[ServiceRequest, ServiceRequestDraft]]:
        found = await services.service_requests.get(service_request_id)
        kept = await services.vault.get(TABLE, service_request_id)
        draft = ServiceRequestDraft.from_json(kept) if kept else draft_of(found.value)
        return Saved((found.value, draft), found.as_of)

    opened: Resource[Any] = use_resource(fetch, service_request_id)
    if not isinstance(opened, Ready):
        waiting = Loaded(opened, lambda found: ft.Container())
        return Screen(_("Correct the report"), waiting, back=back)
    request, draft = opened.value
    left = minutes_left(request, now)
    if not left:
        return Screen(_("Correct the report"), _TooLate(back), back=back)
    return CorrectForm(request, draft, left)


@view
def CorrectForm(request: ServiceRequest, opened: ServiceRequestDraft, left: int) -> ft.Control:
    """What was sent, to be changed; the button sends only what is different."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    code = request.service_request_id
    drafting = use_correcting(services.vault, code, opened)
    place = use_place(drafting)
    editing, set_editing = use_state(False)
    tried, set_tried = use_state(False)
    draft = drafting.draft
    short = too_short(draft)
    correction = correction_of(request, draft)
    unchanged = correction == Correction()

    async def save() -> None:
        set_tried(True)
        if short or place.outside or unchanged:
            return
        await drafting.keep()
        await services.service_requests.correct(code, correction)
        await services.vault.delete(TABLE, code)
        revisions.service_requests += 1
        revisions.outbox += 1
        await ft.context.page.push_route(paths.service_request(code))

    saving = use_action(save)
    wrong = _wrong(saving.error)
    write = ft.use_callback(lambda text: drafting.change(description=text), [])
    description = TextBox(
        _("What is happening?"),
        draft.description,
        write,
        error=wrong.get("description", short if tried else ""),
        lines=3,
        max_length=LONGEST,
        help_text=_("At least {n} characters").format(n=SHORTEST),
        scale=look.scale,
    )
    return Screen(
        _("Correct the report"),
        _TimeLeft(left),
        *([Refusal(saving.error)] if saving.error is not None else []),
        description,
        _Map(place),
        PlaceSummary(place, draft.address, editing, lambda: set_editing(not editing)),
        *([PlaceEditor(place, drafting, False)] if editing or place.outside else []),
        UrgencyChoice(drafting),
        _HideName(drafting),
        *([_nothing_changed()] if tried and unchanged else []),
        subtitle=_("Code {code}").format(code=code),
        back=paths.service_request(code),
        close=True,
        foot=(
            MainButton(_("Save the correction"), saving, ft.Icons.CHECK_ROUNDED),
            KeptLine(drafting),
        ),
    )


def use_correcting(vault: SubjectVault, code: str, opened: ServiceRequestDraft) -> Drafting:
    """Work on a correction; what is typed is kept until it was sent."""

    async def keep(draft: ServiceRequestDraft) -> None:
        await vault.put(TABLE, code, draft.to_json())

    return use_drafting(opened, keep)


def draft_of(request: ServiceRequest) -> ServiceRequestDraft:
    """What was sent, as something to change; its photos stay as they are."""
    return ServiceRequestDraft(
        service_code=request.service_code,
        description=request.description,
        address=request.address,
        ward_code=request.ward_code,
        lat=request.lat,
        long=request.long,
        urgency=request.urgency,
        hide_name=request.hide_name,
    )


def correction_of(request: ServiceRequest, draft: ServiceRequestDraft) -> Correction:
    """Only what differs from what was sent."""
    before = draft_of(request)
    names = ("description", "address", "lat", "long", "hide_name", "urgency")
    changed = {
        name: getattr(draft, name)
        for name in names
        if getattr(draft, name) != getattr(before, name)
    }
    if "lat" in changed or "long" in changed:
        changed |= {"lat": draft.lat, "long": draft.long}
    return Correction(**changed)


def minutes_left(request: ServiceRequest, now: datetime) -> int:
    """Whole minutes in which the report may be corrected, at least 1; 0 when it may not."""
    until = request.act_until.get("correct")
    if "correct" not in request.acts or until is None or until <= now:
        return 0
    return ceil((until - now).total_seconds() / 60)


def use_now() -> datetime:
    """The server's time, looked at again every quarter of a minute."""
    clock = use_services().clock
    now, set_now = use_state(clock.now())

    async def look_again() -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_AFTER)
            set_now(clock.now())

    use_loop(look_again)
    return now


@component
def _TimeLeft(left: int) -> ft.Control:
    words = ngettext("{n} minute left to correct it.", "{n} minutes left to correct it.", left)
    return Note(words, _("Photos and the kind stay."), icon=ft.Icons.TIMER_OUTLINED)


@component
def _TooLate(back: str) -> ft.Control:
    hotline = use_session().offer.contacts.hotline
    words = _("Call {hotline} and give the code, or answer when the officer asks.")
    return EmptyState(
        ft.Icons.TIMER_OFF_OUTLINED,
        _("This report can no longer be corrected"),
        words.format(hotline=hotline),
        LinkButton(_("Back to the report"), open_path(back)),
    )


def _nothing_changed() -> ft.Control:
    return Note(_("Nothing is different from what you sent."), live=True)


@component
def _HideName(drafting: Drafting) -> ft.Control:
    def change(on: bool) -> None:
        drafting.change(hide_name=on)

    row = SwitchRow(
        _("Hide my name from the public"),
        _("The officers who handle it still see it, to reach you."),
        drafting.draft.hide_name,
        change,
    )
    return Card(row, padding=0)


@component
def _Map(place: Place) -> ft.Control:
    services, session = use_services(), use_session()

    def tapped(pin: Pin) -> None:
        place.put(pin, "map")

    if place.pin is None:
        return ft.Container(height=0)
    around = services.wards.nearest(place.pin.lat, place.pin.long, 8)
    return PlaceMap(
        place.pin,
        place.pin,
        tuple(one.ward for one in around),
        tapped,
        session.offer.tiles or None,
        rounded=True,
    )


def _wrong(error: ServiceError | None) -> dict[str, str]:
    refused = error.field_errors if isinstance(error, Rejected) else ()
    return {one.field: explain_field(one) for one in refused}
