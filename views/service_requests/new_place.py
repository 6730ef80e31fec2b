"""Step 2 of a new report: where it is and what kind of problem it is (picture 04)."""

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_services,
    use_session,
    use_state,
    view,
)
from app.text import _, ngettext
from services.service_requests import (
    Service,
    ServiceDefinition,
    ServiceRequestDraft,
    Similar,
)
from views.components import (
    Heading,
    Loaded,
    MainButton,
    Note,
    Screen,
    StepProgress,
    keyed,
)
from views.service_requests.category_picker import CategoryPicker
from views.service_requests.doors import DoorHint, OtherDoors, OutsideNote, pointed_at
from views.service_requests.drafting import (
    STEPS,
    Drafting,
    DraftStep,
    KeptLine,
    step_title,
    use_drafting,
    use_next,
)
from views.service_requests.place import Place, use_place
from views.service_requests.place_map import Pin, PlaceMap
from views.service_requests.place_picker import PlaceEditor, PlaceSummary
from views.service_requests.questions import Questions, asks, problems_of, use_definition
from views.service_requests.similar import SimilarReports, use_similar
from views.service_requests.urgency import UrgencyChoice

CITY_CENTER = Pin(21.0285, 105.8542)
"""Hoàn Kiếm lake: where the map opens for somebody whose ward is not known."""


@view
def NewPlaceView() -> ft.Control:
    """The second step, with the draft that was begun."""
    return DraftStep(PlaceForm, 2)


@view
def PlaceForm(opened: ServiceRequestDraft) -> ft.Control:
    """The map, the place in words, the kind and its questions, the urgency; what is like it."""
    drafting = use_drafting(opened)
    place = use_place(drafting)
    look = use_look()
    definition = use_definition(drafting.draft.service_code)
    similar = use_similar(drafting)
    onward = use_next(opened, paths.NEW_SERVICE_REQUEST_REVIEW)
    tried, set_tried = use_state(False)
    editing, set_editing = use_state(place.ward is None)
    missing = _missing(drafting.draft, place, definition)

    async def go_on() -> None:
        set_tried(True)
        if not missing:
            await drafting.go(onward)
        set_editing(editing or place.ward is None)

    async def back() -> None:
        await drafting.go(paths.draft(opened.draft_id))

    the_map = _Map(place, similar)
    shown, words = editing or place.outside, drafting.draft.description
    strip = look.compact and not look.large_text
    onward_words = _("Mine is another, continue") if similar else _("Continue")
    return Screen(
        _("New report"),
        *(() if strip else (the_map,)),
        PlaceSummary(place, drafting.draft.address, shown, lambda: set_editing(not editing)),
        *((OutsideNote(),) if place.outside else ()),
        *((PlaceEditor(place, drafting),) if shown else ()),
        ft.Divider(height=1),
        _Kind(drafting),
        # With keys: what comes in above must not take the focus from a field below.
        *([keyed("hint", DoorHint, words)] if pointed_at(words) else []),
        *([keyed("similar", SimilarReports, similar, drafting)] if similar else []),
        *([keyed("questions", Questions, drafting, definition, tried)] if asks(definition) else []),
        keyed("urgency", UrgencyChoice, drafting),
        keyed("doors", OtherDoors),
        *([Note(one, tone="error", live=True) for one in missing] if tried else []),
        subtitle=step_title(2),
        back=back,
        progress=StepProgress(2, STEPS),
        strip=the_map if strip else None,
        foot=(MainButton(onward_words, go_on), KeptLine(drafting)),
    )


@component
def _Map(place: Place, similar: tuple[Similar, ...]) -> ft.Control:
    services, session = use_services(), use_session()
    look = use_look()
    home = services.wards.find(session.person.ward_code or "") if session.person else None
    ward = place.ward or home
    center = place.pin or (Pin(ward.lat, ward.long) if ward else CITY_CENTER)
    around = services.wards.nearest(center.lat, center.long, 8)
    found = [one.request for one in similar]

    def tapped(pin: Pin) -> None:
        place.put(pin, "map")

    return PlaceMap(
        place.pin,
        center,
        tuple(one.ward for one in around),
        tapped,
        session.offer.tiles or None,
        height=196 if look.compact else 280,
        rounded=not look.compact or look.large_text,
        numbered=tuple(Pin(r.lat, r.long) for r in found if r.lat and r.long),
    )


@component
def _Kind(drafting: Drafting) -> ft.Control:
    services = use_services()
    kinds: Resource[list[Service]] = use_resource(services.service_requests.list_services)

    def choose(code: str) -> None:
        # The answers belong to the questions of the other kind.
        changed = code != drafting.slate.latest.service_code
        drafting.change(service_code=code, **({"attributes": {}} if changed else {}))

    if not isinstance(kinds, Ready):
        head = Heading(_("Kind of problem"), 2, "title_small")
        return ft.Column([head, Loaded(kinds, lambda found: ft.Container())], tight=True)
    draft = drafting.draft
    return CategoryPicker(kinds.value, draft.description, draft.service_code, choose)


def _missing(
    draft: ServiceRequestDraft, place: Place, definition: Resource[ServiceDefinition]
) -> list[str]:
    found = []
    if place.ward is None and not place.outside:
        found.append(_("Say where it is: tap the map or choose the ward."))
    elif place.pin is None and not draft.address.strip() and not place.outside:
        found.append(_("Put the pin on the map, or write the house number or a landmark."))
    if place.outside:
        found.append(_("Choose a place in Hà Nội."))
    if not draft.service_code:
        found.append(_("Choose the kind of problem."))
    unanswered = len(problems_of(definition, draft.attributes))
    if unanswered:
        found.append(
            ngettext(
                "{n} question needs another answer.",
                "{n} questions need another answer.",
                unanswered,
            )
        )
    return found
