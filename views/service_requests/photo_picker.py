"""Choosing photos for a draft: one shown large, all of them small, and a tile to add one."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.hooks import Action, component, use_look, use_state
from app.text import _, ngettext
from app.theme import style
from views.components import (
    ErrorPanel,
    LinkButton,
    Note,
    PhotoFrame,
    Taking,
    Tappable,
    Text,
    TextBox,
    keyed,
    stacked,
)
from views.service_requests.photos import Photos

LARGE, SMALL = 240, 72
DESCRIPTION_LIMIT = 200


@component
def PhotoPicker(photos: Photos) -> ft.Control:
    """The chosen photo large, all of them small, and a tile to add one."""
    parts: list[ft.Control] = []
    if photos.kept:
        parts.append(_Chosen(photos))
    elif not photos.declined:
        parts.append(_FirstPhoto(photos))
    if photos.taking.preparing:
        parts.append(_Preparing(photos.taking))
    parts.append(_Strip(photos))
    if photos.kept:
        parts.append(keyed(f"words {photos.chosen} {len(photos.kept)}", _InWords, photos))
    if photos.undo is not None:
        undo = LinkButton(_("Undo"), photos.undo)
        parts.append(Note(_("Photo removed."), action=undo, live=True))
    if photos.taking.denied:
        parts.append(_Denied(photos))
    parts += [
        Note(_("Not kept."), refusal, "error", live=True) for refusal in photos.taking.refusals
    ]
    failed = photos.add.error or photos.replace.error
    parts += [ErrorPanel(failed)] if failed else []
    return stacked(parts)


@component
def _Preparing(taking: Taking) -> ft.Control:
    words = _("Preparing photo {n} of {total}…").format(n=taking.done + 1, total=taking.total)
    bar = ft.ProgressBar(value=taking.done / taking.total, bar_height=6, border_radius=3)
    return ft.Semantics(
        live_region=True, container=True, content=stacked([Text(words, "supporting"), bar], 6)
    )


@component
def _Denied(photos: Photos) -> ft.Control:
    """No camera and no pictures: choose again, or go on without."""
    words = _("Pick a photo or turn it on in settings.")
    ways = ft.Row(
        [
            LinkButton(_("Choose a photo"), photos.add),
            *([] if photos.kept else [LinkButton(_("No photo"), photos.decline)]),
        ],
        wrap=True,
        tight=True,
    )
    icon = ft.Icons.NO_PHOTOGRAPHY_OUTLINED
    return Note(_("Camera is off."), words, "tertiary", icon=icon, action=ways, live=True)


@component
def _InWords(photos: Photos) -> ft.Control:
    """What the chosen photo shows, for whoever cannot see it; may be left out."""
    look = use_look()
    described = photos.kept[photos.chosen].description
    writing, set_writing = use_state(bool(described))
    write = ft.use_callback(photos.describe, [photos.chosen])
    if not writing:
        label = _("Describe the photo for people who cannot see it")
        write_it = LinkButton(label, lambda: set_writing(True), ft.Icons.SHORT_TEXT_ROUNDED)
        return ft.Row([write_it], wrap=True)
    return TextBox(
        _("What the photo shows (you may leave it out)"),
        described,
        write,
        help_text=_("Read aloud to people who cannot see it"),
        max_length=DESCRIPTION_LIMIT,
        scale=look.scale,
    )


@component
def _Chosen(photos: Photos) -> ft.Control:
    number, total = photos.chosen + 1, len(photos.kept)
    photo = photos.kept[photos.chosen]
    spoken = photo.description or _("Photo {n} of {total}").format(n=number, total=total)
    large = PhotoFrame(photo.jpeg, spoken, height=LARGE, width=float("inf"))

    def remove() -> None:
        photos.remove()

    def earlier() -> None:
        photos.move(-1)

    def later() -> None:
        photos.move(1)

    moves = []
    if number > 1:
        moves.append(
            _OverlaidIcon(ft.Icons.ARROW_BACK_ROUNDED, _("Move the photo earlier"), earlier)
        )
    if number < total:
        moves.append(
            _OverlaidIcon(ft.Icons.ARROW_FORWARD_ROUNDED, _("Move the photo later"), later)
        )
    bin_icon = ft.Icons.DELETE_OUTLINE_ROUNDED
    return ft.Stack(
        [
            ft.Container(large, left=0, right=0, top=0, bottom=0),
            ft.Container(_Overlaid(_("Replace photo"), photos.replace), right=12, bottom=12),
            ft.Container(ft.Row(moves, spacing=8, tight=True), left=12, top=12),
            ft.Container(_OverlaidIcon(bin_icon, _("Remove photo"), remove), right=12, top=12),
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
def _OverlaidIcon(icon: ft.IconData, label: str, action: Callable[[], None]) -> ft.Control:
    palette = use_look().palette
    return ft.IconButton(
        icon=ft.Icon(icon, color=palette.on_inverse_surface, semantics_label=label),
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
