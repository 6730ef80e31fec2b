"""The proof of a finished job: photos with words for those who cannot see them, or a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import Action, component, use_action, use_device, use_look, use_state
from app.text import _
from services.service_requests import Media
from views.components import (
    ErrorPanel,
    Heading,
    IconAction,
    Note,
    OutlineButton,
    PhotoFrame,
    RemotePhoto,
    Text,
    TextBox,
    keyed,
    stacked,
    use_taking,
)
from views.desk.drafting import ActDrafting

MOST = 5
PAIR_HEIGHT = 160
LARGEST = 10_000_000
"""Bytes of a document that the gateway takes."""


@dataclass(frozen=True, slots=True)
class _Proof:
    """What can be done with the proof of a form."""

    add: Action
    attach: Action
    refusals: tuple[str, ...]


def use_proof(drafting: ActDrafting) -> _Proof:
    """Take photos and a document into a form."""
    taking, device = use_taking(), use_device()
    nothing: tuple[str, ...] = ()
    refused, set_refused = use_state(nothing)

    async def add() -> None:
        taken = await taking.take(MOST - len(drafting.slate.latest.photos))
        drafting.change(photos=(*drafting.slate.latest.photos, *taken)[:MOST])

    async def attach() -> None:
        found = await device.pick_file(("pdf",))
        set_refused(())
        if found is None:
            return
        if len(found.data) > LARGEST or not found.data.startswith(b"%PDF"):
            set_refused((_("{name} is not a PDF under 10 MB.").format(name=found.name),))
            return
        drafting.change(document=found)

    return _Proof(use_action(add), use_action(attach), (*taking.refusals, *refused))


@component
def ProofFields(drafting: ActDrafting, before: Media | None, error: str) -> ft.Control:
    """Photos after the work, each with its words; a document; the pair as residents will see it."""
    proof, draft = use_proof(drafting), drafting.draft
    parts: list[ft.Control] = [Text(_("Photos after the work, or a document"), "label")]
    parts += [keyed(n, _AfterPhoto, drafting, n) for n in range(len(draft.photos))]
    ways: list[ft.Control] = []
    if len(draft.photos) < MOST:
        label = _("Add a photo") if draft.photos else _("Take or choose photos")
        ways.append(OutlineButton(label, proof.add, ft.Icons.ADD_A_PHOTO_OUTLINED))
    if draft.document is None:
        ways.append(OutlineButton(_("Attach a PDF"), proof.attach, ft.Icons.ATTACH_FILE_ROUNDED))
    else:
        parts.append(_Attached(drafting))
    parts.append(ft.Row(ways, wrap=True, spacing=8, run_spacing=8))
    parts += [Note(_("Not kept."), words, "error", live=True) for words in proof.refusals]
    failed = proof.add.error or proof.attach.error
    parts += [ErrorPanel(failed)] if failed else []
    if error:
        parts.append(Text(error, "small_label", ft.Colors.ERROR))
    if draft.photos:
        parts.append(PhotoPair(before, draft.photos[0].jpeg, draft.photos[0].description))
    return stacked(parts, 8)


@component
def _AfterPhoto(drafting: ActDrafting, number: int) -> ft.Control:
    look = use_look()
    photo = drafting.draft.photos[number]

    def describe(words: str) -> None:
        photos = drafting.slate.latest.photos
        changed = photos[number].described(words)
        drafting.change(photos=(*photos[:number], changed, *photos[number + 1 :]))

    def remove() -> None:
        photos = drafting.slate.latest.photos
        drafting.change(photos=(*photos[:number], *photos[number + 1 :]))

    name = _("Photo {n} of {total}").format(n=number + 1, total=len(drafting.draft.photos))
    words = TextBox(
        _("What photo {n} shows, in words").format(n=number + 1),
        photo.description,
        ft.use_callback(describe, [number]),
        help_text=_("For residents who cannot see it. For example: the road is level again"),
        max_length=200,
        scale=look.scale,
    )
    removal = IconAction(
        ft.Icons.DELETE_OUTLINE_ROUNDED, _("Remove photo {n}").format(n=number + 1), remove
    )
    picture = PhotoFrame(photo.jpeg, photo.description or name, 96, 96)
    if look.large_text:
        return stacked([ft.Row([picture, removal]), words], 8)
    return ft.Row(
        [picture, ft.Container(words, expand=True), removal],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@component
def _Attached(drafting: ActDrafting) -> ft.Control:
    look, document = use_look(), drafting.draft.document
    if document is None:
        return ft.Container(height=0)

    def remove() -> None:
        drafting.change(document=None)

    size = f"{len(document.data) / 1_000_000:.1f} MB".replace(".", ",")
    words = ft.Column(
        [Text(document.name, "label"), Text(size, "supporting")], spacing=0, tight=True, expand=True
    )
    removal = IconAction(ft.Icons.DELETE_OUTLINE_ROUNDED, _("Remove the document"), remove)
    ink = look.palette.on_surface_variant
    icon = ft.Icon(ft.Icons.PICTURE_AS_PDF_OUTLINED, size=look.icon(28), color=ink)
    return ft.Row([icon, words, removal], spacing=12)


@component
def PhotoPair(before: Media | None, after: bytes, description: str) -> ft.Control:
    """Before and after beside each other, as the resident will see them."""
    look = use_look()

    def half(label: str, picture: ft.Control) -> ft.Control:
        return ft.Column([Text(label, "small_label"), picture], spacing=4, tight=True, expand=True)

    earlier: ft.Control = Text(_("There is no photo from before."), "supporting")
    if before is not None:
        spoken = before.description or _("Photo of the report")
        earlier = RemotePhoto(before.thumbnail_url or before.url, spoken, None, PAIR_HEIGHT)
    later = PhotoFrame(after, description or _("Photo after the work"), None, PAIR_HEIGHT)
    halves: list[Any] = [half(_("Before"), earlier), half(_("After"), later)]
    heading = Heading(_("As the resident will see it"), 3, "label")
    if look.large_text:
        return stacked([heading, *halves], 8)
    row = ft.Row(halves, spacing=8, vertical_alignment=ft.CrossAxisAlignment.START)
    return stacked([heading, row], 4)
