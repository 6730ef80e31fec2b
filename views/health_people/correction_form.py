"""Asking for a correction of one line: what is wrong, and a photo that proves it."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    component,
    use_action,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_state,
    view,
)
from app.text import _
from services.errors import NotFound
from services.health_people.corrections import (
    LONGEST,
    PHOTOS_MOST,
    SHORTEST,
    NewCorrection,
)
from services.health_records import HealthSummary
from services.health_records.items import Item
from services.health_records.sections import Section
from services.photos import Photo
from views.components import (
    Card,
    ErrorPanel,
    IconAction,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    PhotoFrame,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
    use_taking,
)
from views.components.correcting import line_of
from views.health_people.whose import use_patient

THUMBNAIL = 96


@view
def NewCorrectionView() -> ft.Control:
    """A line by its section and key in the address."""
    services, patient_id = use_services(), use_patient()
    params = ft.use_route_params()
    slug, key = unquote(params.get("section", "")), unquote(params.get("key", ""))

    async def fetch() -> Item:
        summary = (await services.health_records.summary(patient_id)).value
        found = next((item for item in items_of(summary) if item.key == key), None)
        if found is None:
            raise NotFound
        return found

    item = use_resource(fetch, key)
    back = paths.health_item(slug, key, patient_id)
    if isinstance(item, Ready):
        return keyed(key, CorrectionForm, item.value, patient_id, back)
    return Screen(_("Ask for a correction"), Loaded(item, lambda _i: ft.Container()), back=back)


@component
def CorrectionForm(item: Item, patient_id: str | None, back: str) -> ft.Control:
    """What was written stays until it is sent or waits to be."""
    services, revisions, look = use_services(), use_revisions(), use_look()
    words, set_words = use_state("")
    no_photos: tuple[Photo, ...] = ()
    photos, set_photos = use_state(no_photos)
    tried, set_tried = use_state(False)
    nothing: NewCorrection | None = None
    # The same form sent twice is the same request.
    sent = ft.use_ref(nothing)
    short = len(words.strip()) < SHORTEST

    async def send() -> None:
        set_tried(True)
        if short:
            return
        wanted = NewCorrection(item.resource_type, line_of(item), item.title, words, photos)
        earlier = sent.current
        if earlier is not None and (words, photos) == (earlier.description, earlier.photos):
            wanted = earlier
        sent.current = wanted
        await services.corrections.send(wanted, patient_id)
        revisions.own_health += 1
        revisions.outbox += 1
        await ft.context.page.push_route(paths.health(patient_id, "corrections"))

    sending = use_action(send)
    missing = _("Say in a few words what is wrong.") if tried and short else ""
    parts: list[ft.Control] = [
        Card(Text(_("The line as it stands"), "small_label"), Text(item.title, "title_small")),
        TextBox(
            _("What is wrong?"),
            words,
            set_words,
            help_text=_("Such as: this was my sister's result, not mine."),
            error=missing,
            lines=4,
            max_length=LONGEST,
            scale=look.scale,
        ),
        keyed("proofs", Proofs, photos, set_photos),
        Note(_("The line stays until then."), _("Its facility looks at it and answers here.")),
        *([ErrorPanel(sending.error)] if sending.error else []),
    ]
    return Screen(
        _("Ask for a correction"),
        stacked(parts),
        back=back,
        foot=(MainButton(_("Send the request"), sending, ft.Icons.SEND_ROUNDED),),
    )


@component
def Proofs(
    photos: tuple[Photo, ...],
    set_photos: Callable[[Callable[[tuple[Photo, ...]], tuple[Photo, ...]]], None],
) -> ft.Control:
    """Photos of papers, if one likes; a refused one says why."""
    taking = use_taking()

    async def add() -> None:
        taken = await taking.take(PHOTOS_MOST - len(photos))
        set_photos(lambda kept: (*kept, *taken)[:PHOTOS_MOST])

    def drop(photo: Photo) -> None:
        set_photos(lambda kept: tuple(one for one in kept if one is not photo))

    adding = use_action(add)
    parts: list[ft.Control] = [
        Text(_("A photo of a paper that proves it helps (if you like)."), "supporting"),
        *([_strip(photos, drop)] if photos else []),
    ]
    if len(photos) < PHOTOS_MOST:
        label = _("Preparing the photo…") if taking.preparing else _("Add a photo")
        parts.append(OutlineButton(label, adding, ft.Icons.ADD_A_PHOTO_OUTLINED))
    parts += [Note(_("Not kept."), one, "error", live=True) for one in taking.refusals]
    parts += [ErrorPanel(adding.error)] if adding.error else []
    return stacked(parts)


def _strip(photos: tuple[Photo, ...], drop: Callable[[Photo], None]) -> ft.Control:
    tiles: list[ft.Control] = []
    for number, photo in enumerate(photos, 1):
        name = _("Photo {n}").format(n=number)
        remove = IconAction(
            ft.Icons.CLOSE_ROUNDED,
            _("Remove photo {n}").format(n=number),
            _dropping(drop, photo),
        )
        frame = PhotoFrame(photo.jpeg, name, THUMBNAIL, THUMBNAIL)
        tiles.append(ft.Row([frame, remove], spacing=0, tight=True))
    return ft.Row(tiles, wrap=True, spacing=12)


def _dropping(drop: Callable[[Photo], None], photo: Photo) -> Callable[[], None]:
    return lambda: drop(photo)


def items_of(summary: HealthSummary) -> Iterator[Item]:
    """Every line of every section."""
    for each in fields(summary):
        value = getattr(summary, each.name)
        sections = value if isinstance(value, tuple) else (value,)
        for section in sections:
            if isinstance(section, Section):
                yield from section.items
