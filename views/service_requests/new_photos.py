"""Step 1 of a new report: photos first, then what is happening (picture 03)."""

import flet as ft

from app import paths
from app.hooks import Ready, component, use_look, use_resource, use_services, use_state, view
from app.text import _, ngettext
from services.service_requests import ServiceRequestDraft
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    MainButton,
    Note,
    Screen,
    StepProgress,
    Text,
    TextBox,
    keyed,
    stacked,
)
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
from views.service_requests.drafts import blank, use_new_report
from views.service_requests.photo_picker import HiddenDataLine, PhotoPicker
from views.service_requests.photos import use_photos
from views.service_requests.place import photo_place, use_place

SHORTEST, LONGEST = 10, 500


@view
def NewPhotosView() -> ft.Control:
    """The first step, with the draft that was begun."""
    return DraftStep(PhotosForm, 1)


@view
def PhotosForm(opened: ServiceRequestDraft) -> ft.Control:
    """Photos and the description; Continue says what is missing."""
    drafting = use_drafting(opened)
    photos = use_photos(drafting)
    look = use_look()
    onward = use_next(opened, paths.NEW_SERVICE_REQUEST_PLACE)
    tried, set_tried = use_state(False)
    missing = _missing(drafting.draft, photos.declined) if tried else []

    async def go_on() -> None:
        set_tried(True)
        if not _missing(drafting.draft, photos.declined):
            await drafting.go(onward)

    async def leave() -> None:
        await drafting.go(paths.SERVICE_REQUESTS)

    describe = ft.use_callback(lambda text: drafting.change(description=text), [])
    shortness = too_short(drafting.draft) if tried else ""
    description = TextBox(
        _("What is happening?"),
        drafting.draft.description,
        describe,
        help_text=_("At least {n} characters").format(n=SHORTEST),
        error=shortness,
        lines=3,
        max_length=LONGEST,
        scale=look.scale,
    )
    waiting, words = photos.taking.preparing, drafting.draft.description
    label = _("Preparing photos…") if waiting else _("Continue")
    return Screen(
        _("New report"),
        OtherDrafts(opened),
        Heading(_("Photograph the problem"), 2, "headline_small"),
        Text(
            _("Clear, with the surroundings. Up to {n} photos.").format(n=photos.most),
            "supporting",
        ),
        PhotoPicker(photos),
        *([PhotoPlace(drafting)] if photo_place(drafting.draft) else []),
        HiddenDataLine(),
        description,
        *([keyed("hint", DoorHint, words)] if pointed_at(words) else []),
        keyed("doors", OtherDoors),
        *_blocking(missing),
        subtitle=step_title(1),
        back=leave,
        close=True,
        progress=StepProgress(1, STEPS),
        foot=(MainButton(label, go_on, disabled=waiting), KeptLine(drafting)),
    )


@component
def OtherDrafts(opened: ServiceRequestDraft) -> ft.Control:
    """Says that a draft goes on here, and leads to the others; nothing at a first one."""
    services = use_services()
    drafts = use_resource(services.service_requests.drafts)
    beginning = use_new_report()

    async def to_drafts() -> None:
        await ft.context.page.push_route(paths.DRAFTS)

    kept = [one for one in drafts.value if not blank(one)] if isinstance(drafts, Ready) else []
    others = len([one for one in kept if one.draft_id != opened.draft_id])
    going_on = not blank(opened)
    if not others and not going_on:
        return ft.Container(height=0)
    ways: list[ft.Control] = []
    if going_on:
        ways.append(LinkButton(_("Write another report"), beginning, ft.Icons.ADD_ROUNDED))
    if others:
        words = ngettext("{n} other draft", "{n} other drafts", others)
        ways.append(LinkButton(words, to_drafts, ft.Icons.DESCRIPTION_OUTLINED))
    said = [Text(_("You are going on with a draft."), "supporting")] if going_on else []
    failed = [ErrorPanel(beginning.error)] if beginning.error else []
    return stacked([*said, ft.Row(ways, wrap=True, spacing=4, run_spacing=0), *failed], 0)


@component
def PhotoPlace(drafting: Drafting) -> ft.Control:
    """Offers the place that a photo was taken at; nothing where no photo knows one."""
    place = use_place(drafting)
    look = use_look()
    known = photo_place(drafting.draft)
    if known is None:
        return ft.Container(height=0)
    if place.pin is None or (place.pin.lat, place.pin.long) != (known.lat, known.long):

        def use_it() -> None:
            place.put(known, "photo")

        use = LinkButton(_("Use the photo's place"), use_it)
        icon = ft.Icons.LOCATION_ON_OUTLINED
        return Note(_("The photo knows where it was taken."), icon=icon, action=use)
    if place.outside:
        return OutsideNote()
    mark = ft.Icon(ft.Icons.CHECK_CIRCLE_ROUNDED, size=look.icon(20), color=look.palette.primary)
    words = _("The photo's place is used. You can move it in the next step.")
    return ft.Semantics(
        live_region=True,
        container=True,
        content=ft.Row(
            [mark, Text(words, "supporting", expand=True)],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )


def _missing(draft: ServiceRequestDraft, no_photos: bool) -> list[str]:
    found = []
    if not draft.photos and not no_photos:
        found.append(_("Add a photo, or choose “No photo”."))
    shortness = too_short(draft)
    return [*found, shortness] if shortness else found


def too_short(draft: ServiceRequestDraft) -> str:
    """How much is missing from the description; nothing when it is long enough."""
    left = SHORTEST - len(draft.description.strip())
    if left <= 0:
        return ""
    return ngettext(
        "Write {n} more character about what is happening.",
        "Write {n} more characters about what is happening.",
        left,
    )


def _blocking(missing: list[str]) -> list[ft.Control]:
    return [Note(sentence, tone="error", live=True) for sentence in missing]
