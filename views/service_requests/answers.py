"""All answers of a new report, each with the way back to its step."""

import flet as ft

from app import paths
from app.hooks import Ready, Resource, component, use_look
from app.text import _
from app.theme import style
from services.service_requests import Service, ServiceDefinition, ServiceRequestDraft
from services.wards import Ward
from views.components import CardList, PhotoFrame, SummaryRow, Text
from views.service_requests.drafting import Drafting
from views.service_requests.place import place_words
from views.service_requests.questions import show_answer
from views.service_requests.urgency import urgencies


@component
def Answers(
    drafting: Drafting,
    kind: Service | None,
    ward: Ward | None,
    definition: Resource[ServiceDefinition],
    wrong: dict[str, str],
) -> ft.Control:
    """Photos, words, place, kind, its questions, urgency; `wrong` says what to mend, by row."""
    draft = drafting.draft

    async def edit_first() -> None:
        await drafting.go(paths.draft(draft.draft_id, mending=True))

    async def edit_second() -> None:
        place = paths.NEW_SERVICE_REQUEST_PLACE
        await drafting.go(paths.draft(draft.draft_id, place, mending=True))

    nothing = _("Not filled in")
    place = place_words(draft, ward)
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
    asked = definition.value.questions if isinstance(definition, Ready) else ()
    for one in asked:
        answer = draft.attributes.get(one.code, "")
        error = wrong.get(f"attribute[{one.code}]", "")
        if one.variable and (answer or error or one.required):
            shown = show_answer(one, answer) if answer else nothing
            rows.append(SummaryRow(one.description, shown, edit_second, error))
    if draft.urgency or "urgency" in wrong:
        shown = urgencies().get(draft.urgency, nothing)
        rows.append(SummaryRow(_("Urgency"), shown, edit_second, wrong.get("urgency", "")))
    return CardList(*rows)


@component
def _Photos(draft: ServiceRequestDraft) -> ft.Control:
    look = use_look()
    if not draft.photos:
        return Text(_("No photo"))
    total = len(draft.photos)
    frames = [
        PhotoFrame(
            photo.jpeg,
            photo.description or _("Photo {n} of {total}").format(n=n, total=total),
            72,
            60,
        )
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
