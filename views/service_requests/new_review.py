"""Step 3 of a new report: check every answer, then send once (pictures 05a and 05b)."""

import asyncio

import flet as ft

from app import paths
from app.hooks import (
    Action,
    Ready,
    Resource,
    component,
    use_action,
    use_look,
    use_loop,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _, explain, explain_field, ngettext
from app.theme import style
from services.errors import Rejected, ServiceError
from services.service_requests import Service, ServiceRequestDraft
from services.wards import Ward
from views.components import (
    Card,
    CardList,
    ErrorPanel,
    Heading,
    MainButton,
    Note,
    PhotoFrame,
    Screen,
    StepProgress,
    SummaryRow,
    SwitchRow,
    Text,
)
from views.service_requests.drafting import (
    STEPS,
    Drafting,
    DraftStep,
    KeptLine,
    step_title,
    use_drafting,
)
from views.service_requests.place import in_sentence
from views.service_requests.urgency import urgencies

ASK_AGAIN_AFTER = 10.0
"""Seconds between two looks for the network."""
FIELDS = {
    "media": "photos",
    "description": "description",
    "address_string": "place",
    "address_id": "place",
    "lat": "place",
    "long": "place",
    "service_code": "kind",
}
"""Which row mends a field that the gateway refused."""


@view
def NewReviewView() -> ft.Control:
    """The third step, with the draft that was begun."""
    return DraftStep(ReviewForm, 3)


@view
def ReviewForm(opened: ServiceRequestDraft) -> ft.Control:
    """All answers with "Sửa", the hide-name switch, who gets it, and the button that sends."""
    drafting = use_drafting(opened)
    services, revisions = use_services(), use_revisions()
    kinds, offline = use_kinds()
    draft = drafting.draft
    ward = services.wards.find(draft.ward_code)
    ready = bool(draft.description and draft.service_code and ward)

    async def send() -> None:
        await drafting.keep()
        receipt = await services.service_requests.submit(drafting.slate.latest)
        revisions.outbox += 1
        revisions.service_requests += 1
        sent = receipt.service_request_id
        await ft.context.page.push_route(
            paths.service_request(sent) if sent else paths.SERVICE_REQUESTS
        )

    sending = use_action(send)

    async def back() -> None:
        await drafting.go(paths.draft(opened.draft_id, paths.NEW_SERVICE_REQUEST_PLACE))

    kind = next((one for one in kinds if one.service_code == draft.service_code), None)
    return Screen(
        _("New report"),
        *((_offline_note(),) if offline else ()),
        Heading(_("Check before sending"), 2, "headline_small"),
        *([Refusal(sending.error)] if sending.error is not None else []),
        _Answers(drafting, kind, ward, _wrong(sending.error)),
        _HideName(drafting),
        _Handling(kind, ward),
        subtitle=step_title(3),
        back=back,
        progress=StepProgress(3, STEPS),
        foot=_foot(sending, offline, ready, drafting),
    )


def use_kinds() -> tuple[list[Service], bool]:
    """The city's kinds, and whether the gateway is out of reach; then it is asked again."""
    services = use_services()
    look_again, set_look_again = use_state(0)
    kinds: Resource[list[Service]] = use_resource(
        services.service_requests.list_services, look_again
    )
    unreachable = not isinstance(kinds, Ready) or kinds.as_of is not None

    async def ask_again() -> None:
        while unreachable:
            await asyncio.sleep(ASK_AGAIN_AFTER)
            set_look_again(lambda times: times + 1)

    use_loop(ask_again, unreachable)
    if isinstance(kinds, Ready):
        return kinds.value, kinds.as_of is not None
    return [], hasattr(kinds, "error")


def _offline_note() -> ft.Control:
    words = _("The report is kept and will not be lost.")
    return Note(_("No network."), words, "tertiary", live=True)


@component
def Refusal(error: ServiceError) -> ft.Control:
    """Why the server did not take it; the rows to mend are marked below."""
    if isinstance(error, Rejected):
        return Note(_("Not sent."), explain(error), "error", live=True)
    return ErrorPanel(error)


def _wrong(error: ServiceError | None) -> dict[str, str]:
    refused = error.field_errors if isinstance(error, Rejected) else ()
    return {FIELDS.get(one.field, one.field): explain_field(one) for one in refused}


def _foot(
    sending: Action, offline: bool, ready: bool, drafting: Drafting
) -> tuple[ft.Control, ...]:
    if not ready:
        icon = ft.Icons.EDIT_OUTLINED
        note = Note(_("Fill in the rows that are empty first."), tone="tertiary", icon=icon)
        return (note, MainButton(_("Send the report"), sending, disabled=True))
    if offline:
        icon = ft.Icons.DRIVE_FOLDER_UPLOAD_ROUNDED
        return (OnceLine(), MainButton(_("Save to Waiting to send"), sending, icon))
    return (MainButton(_("Send the report"), sending, ft.Icons.SEND_ROUNDED), KeptLine(drafting))


@component
def OnceLine() -> ft.Control:
    """What happens to a report that waits."""
    look = use_look()
    words = _("Sends by itself when online, once only.")
    icon = ft.Icon(ft.Icons.SCHEDULE_SEND_ROUNDED, size=look.icon(24), color=look.palette.tertiary)
    return ft.Row([icon, Text(words, expand=True)], spacing=12)


@component
def _Answers(
    drafting: Drafting, kind: Service | None, ward: Ward | None, wrong: dict[str, str]
) -> ft.Control:
    draft = drafting.draft

    async def edit_first() -> None:
        await drafting.go(paths.draft(draft.draft_id, mending=True))

    async def edit_second() -> None:
        place = paths.NEW_SERVICE_REQUEST_PLACE
        await drafting.go(paths.draft(draft.draft_id, place, mending=True))

    nothing = _("Not filled in")
    place = ", ".join(part for part in (draft.address, ward.full_name if ward else "") if part)
    kind_words = kind.service_name if kind else draft.service_code or nothing
    rows = [
        SummaryRow(_("Photos"), _Photos(draft), edit_first, wrong.get("photos", "")),
        SummaryRow(
            _("Description"),
            draft.description or nothing,
            edit_first,
            wrong.get("description", ""),
        ),
        SummaryRow(_("Place"), place or nothing, edit_second, wrong.get("place", "")),
        SummaryRow(_("Kind of problem"), kind_words, edit_second, wrong.get("kind", "")),
    ]
    if draft.urgency:
        rows.append(SummaryRow(_("Urgency"), urgencies()[draft.urgency], edit_second))
    return CardList(*rows)


@component
def _Photos(draft: ServiceRequestDraft) -> ft.Control:
    look = use_look()
    if not draft.photos:
        return Text(_("No photo"))
    total = len(draft.photos)
    frames = [
        PhotoFrame(photo.jpeg, _("Photo {n} of {total}").format(n=n, total=total), 72, 60)
        for n, photo in enumerate(draft.photos, start=1)
    ]
    ink = look.palette.on_surface_variant
    removed = ft.Row(
        [
            ft.Icon(ft.Icons.VISIBILITY_OFF_OUTLINED, size=look.icon(20), color=ink),
            ft.Text(_("Hidden data removed"), style=style("body_medium", look.scale, ink)),
        ],
        spacing=8,
        tight=True,
    )
    return ft.Row(
        [*frames, removed],
        wrap=True,
        spacing=8,
        run_spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


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


def time_allowed(kind: Service | None) -> str:
    """What the city's service list says about the time, where it says anything."""
    days, hours = (kind.working_days, kind.working_hours) if kind else (None, None)
    if hours:
        return ngettext("Time: {n} working hour.", "Time: {n} working hours.", hours)
    if days:
        return ngettext(
            "Time: {n} working day, from the day after sending.",
            "Time: {n} working days, from the day after sending.",
            days,
        )
    return ""


@component
def _Handling(kind: Service | None, ward: Ward | None) -> ft.Control:
    """What is known before sending: the gateway names the agency and the deadline in its answer."""
    look = use_look()
    words = _("The city passes it to the agency in charge and names it once sent.")
    if ward is not None:
        sentence = _("The city passes it to the agency in charge of {ward} and names it once sent.")
        words = sentence.format(ward=in_sentence(ward))
    told = " ".join(part for part in (words, time_allowed(kind)) if part)
    icon = ft.Icon(
        ft.Icons.LOCATION_CITY_ROUNDED, size=look.icon(24), color=look.palette.on_surface_variant
    )
    return ft.Row(
        [icon, Text(told, "supporting", expand=True)],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
