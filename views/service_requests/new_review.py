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
from app.text import _, ngettext
from services.service_requests import Service, ServiceRequestDraft
from services.wards import Ward
from views.components import (
    Card,
    Heading,
    MainButton,
    Note,
    Screen,
    StepProgress,
    SwitchRow,
    Text,
)
from views.service_requests.answers import Answers
from views.service_requests.drafting import (
    STEPS,
    Drafting,
    DraftStep,
    KeptLine,
    step_title,
    use_drafting,
)
from views.service_requests.place import in_sentence
from views.service_requests.questions import problems_of, use_definition
from views.service_requests.sending import OnceLine, Refusal, WithoutPhotos, wrong_rows

ASK_AGAIN_AFTER = 10.0
"""Seconds between two looks for the network."""


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
    definition = use_definition(draft.service_code)
    answered = not problems_of(definition, draft.attributes)
    ready = bool(draft.description and draft.service_code and ward and answered)

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

    failed = sending.error or drafting.keeping.error
    full = failed is not None and failed.code == "storage_full"
    kind = next((one for one in kinds if one.service_code == draft.service_code), None)
    return Screen(
        _("New report"),
        *((_offline_note(),) if offline else ()),
        Heading(_("Check before sending"), 2, "headline_small"),
        *([Refusal(sending.error)] if sending.error is not None else []),
        *([WithoutPhotos(drafting)] if full and draft.photos else []),
        Answers(drafting, kind, ward, definition, wrong_rows(sending.error)),
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
