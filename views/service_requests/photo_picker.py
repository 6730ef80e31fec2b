"""Choosing photos for a draft: one shown large, all of them small, and a tile to add one."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import (
    Action,
    component,
    use_look,
)
from app.text import _, ngettext
from app.theme import style
from views.components import (
    ErrorPanel,
    LinkButton,
    Note,
    PhotoFrame,
    Tappable,
    Text,
    keyed,
    stacked,
)
from views.service_requests.photos import Photos

LARGE, SMALL = 240, 72


@component
def PhotoPicker(photos: Photos) -> ft.Control:
    """The chosen photo large, all of them small, and a tile to add one."""
    parts: list[ft.Control] = []
    if photos.kept:
        parts.append(_Chosen(photos))
    elif not photos.declined:
        parts.append(_FirstPhoto(photos))
    parts.append(_Strip(photos))
    if photos.undo is not None:
        undo = LinkButton(_("Undo"), photos.undo)
        parts.append(Note(_("Photo removed."), action=undo, live=True))
    parts += [
        Note(_("Not kept."), refusal, "error", live=True) for refusal in photos.taking.refusals
    ]
    failed = photos.add.error or photos.replace.error
    parts += [ErrorPanel(failed)] if failed else []
    return stacked(parts)


@component
def _Chosen(photos: Photos) -> ft.Control:
    number, total = photos.chosen + 1, len(photos.kept)
    spoken = _("Photo {n} of {total}").format(n=number, total=total)
    large = PhotoFrame(photos.kept[photos.chosen].jpeg, spoken, height=LARGE, width=float("inf"))

    def remove() -> None:
        photos.remove()

    return ft.Stack(
        [
            ft.Container(large, left=0, right=0, top=0, bottom=0),
            ft.Container(_Overlaid(_("Replace photo"), photos.replace), right=12, bottom=12),
            ft.Container(_OverlaidIcon(_("Remove photo"), remove), right=12, top=12),
        ],
        height=LARGE,
    )


@component
def _Overlaid(label: str, action: Action) -> ft.Control:
    """A dark pill over a photo, readable on any picture."""
    look = use_look()
    palette = look.palette
    return ft.FilledButton(
        content=ft.Text(label, style=style("label_large", look.scale, palette.on_inverse_surface)),
        icon=ft.Icon(ft.Icons.PHOTO_CAMERA_ROUNDED, color=palette.on_inverse_surface),
        bgcolor=palette.inverse_surface,
        height=48,
        on_click=action.run,
    )


@component
def _OverlaidIcon(label: str, action: Callable[[], None]) -> ft.Control:
    palette = use_look().palette
    icon = ft.Icon(
        ft.Icons.DELETE_OUTLINE_ROUNDED, color=palette.on_inverse_surface, semantics_label=label
    )
    return ft.IconButton(
        icon=icon,
        tooltip=label,
        bgcolor=palette.inverse_surface,
        width=48,
        height=48,
        on_click=action,
    )


@component
def _FirstPhoto(photos: Photos) -> ft.Control:
    look = use_look()
    return Tappable(
        ft.Column(
            [
                ft.Icon(
                    ft.Icons.ADD_A_PHOTO_OUTLINED, size=look.icon(40), color=look.palette.primary
                ),
                Text(_("Take or choose photos"), "label", look.palette.primary),
            ],
            spacing=12,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        photos.add.run,
        look.palette,
        height=LARGE,
        bgcolor=look.palette.surface_container,
        edge=ft.BorderSide(1, look.palette.outline),
        alignment=ft.Alignment.CENTER,
    )


@component
def _Strip(photos: Photos) -> ft.Control:
    tiles: list[ft.Control] = [keyed(n, _Thumbnail, photos, n) for n in range(len(photos.kept))]
    if (photos.kept or photos.declined) and len(photos.kept) < photos.most:
        tiles.append(_AddTile(photos))
    if not photos.kept and not photos.declined:
        tiles.append(LinkButton(_("No photo"), photos.decline))
    if photos.declined:
        tiles.append(Text(_("Sending without a photo."), "supporting"))
    if len(photos.kept) == photos.most:
        words = ngettext(
            "{n} photo, that is the most.", "{n} photos, that is the most.", photos.most
        )
        tiles.append(Text(words, "supporting"))
    return ft.Row(
        tiles,
        spacing=12,
        run_spacing=12,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


@component
def _Thumbnail(photos: Photos, number: int) -> ft.Control:
    palette = use_look().palette
    selected = number == photos.chosen
    edge = ft.Border.all(3, palette.primary if selected else ft.Colors.TRANSPARENT)
    spoken = _("Show photo {n} large").format(n=number + 1)

    def show(e: Any) -> None:
        photos.choose(number)

    return PhotoFrame(photos.kept[number].jpeg, spoken, SMALL, SMALL, on_click=show, edge=edge)


@component
def _AddTile(photos: Photos) -> ft.Control:
    look = use_look()
    label = _("Add a photo")
    return Tappable(
        ft.Icon(
            ft.Icons.ADD_A_PHOTO_OUTLINED,
            size=look.icon(28),
            color=look.palette.primary,
            semantics_label=label,
        ),
        photos.add.run,
        look.palette,
        radius=12,
        padding=0,
        edge=ft.BorderSide(1, look.palette.outline),
        width=SMALL,
        height=SMALL,
        tooltip=label,
        alignment=ft.Alignment.CENTER,
    )


@component
def HiddenDataLine() -> ft.Control:
    """Where the photo's hidden data is removed: truthfully, on the web that is our server."""
    look = use_look()
    words = _("The place and time hidden in photos are removed on this device before sending.")
    if ft.context.page.web:
        words = _(
            "The place and time hidden in photos are removed on this app's server, "
            "before anything goes to the city."
        )
    return ft.Row(
        [
            ft.Icon(
                ft.Icons.VISIBILITY_OFF_OUTLINED,
                size=look.icon(22),
                color=look.palette.on_surface_variant,
            ),
            Text(words, "supporting", expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
