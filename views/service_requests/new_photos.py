"""Step 1 of a new report: photos first, then what is happening (picture 03)."""

import flet as ft

from app import paths
from app.hooks import use_look, use_state, view
from app.text import _, ngettext
from services.service_requests import ServiceRequestDraft
from views.components import Heading, MainButton, Note, Screen, StepProgress, Text, TextBox
from views.service_requests.drafting import (
    STEPS,
    DraftStep,
    KeptLine,
    step_title,
    use_drafting,
    use_next,
)
from views.service_requests.photo_picker import HiddenDataLine, PhotoPicker
from views.service_requests.photos import use_photos

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
    onward = use_next(paths.NEW_SERVICE_REQUEST_PLACE)
    tried, set_tried = use_state(False)
    missing = _missing(drafting.draft, photos.declined) if tried else []

    async def go_on() -> None:
        set_tried(True)
        if not _missing(drafting.draft, photos.declined):
            await drafting.go(onward)

    async def leave() -> None:
        await drafting.go(paths.SERVICE_REQUESTS)

    describe = ft.use_callback(lambda text: drafting.change(description=text), [])
    too_short = tried and len(drafting.draft.description.strip()) < SHORTEST
    description = TextBox(
        _("What is happening?"),
        drafting.draft.description,
        describe,
        help_text=_("At least {n} characters").format(n=SHORTEST),
        error=_too_short(drafting.draft) if too_short else "",
        lines=3,
        max_length=LONGEST,
        scale=look.scale,
    )
    waiting = photos.taking.preparing
    label = _("Preparing photos…") if waiting else _("Continue")
    return Screen(
        _("New report"),
        Heading(_("Photograph the problem"), 2, "headline_small"),
        Text(_("Clear, with the surroundings. Up to {n} photos.").format(n=5), "supporting"),
        PhotoPicker(photos),
        HiddenDataLine(),
        description,
        *_blocking(missing),
        subtitle=step_title(1),
        back=leave,
        close=True,
        progress=StepProgress(1, STEPS),
        foot=(MainButton(label, go_on, disabled=waiting), KeptLine(drafting)),
    )


def _missing(draft: ServiceRequestDraft, no_photos: bool) -> list[str]:
    found = []
    if not draft.photos and not no_photos:
        found.append(_("Add a photo, or choose “No photo”."))
    if len(draft.description.strip()) < SHORTEST:
        found.append(_too_short(draft))
    return found


def _too_short(draft: ServiceRequestDraft) -> str:
    left = SHORTEST - len(draft.description.strip())
    return ngettext(
        "Write {n} more character about what is happening.",
        "Write {n} more characters about what is happening.",
        left,
    )


def _blocking(missing: list[str]) -> list[ft.Control]:
    return [Note(sentence, tone="error", live=True) for sentence in missing]
