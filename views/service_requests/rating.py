"""What the resident thinks of a result: nothing chosen before, words optional (picture 07b)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.hooks import (
    Action,
    component,
    use_action,
    use_look,
    use_revisions,
    use_services,
    use_state,
)
from app.text import _
from app.theme import Look
from services.service_requests import ServiceRequest
from views.components import ErrorPanel, Heading, LinkButton, Note, Tappable, Text, TextBox, stacked
from views.components.rating_words import rating_word, ratings

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class RatingForm:
    """What was chosen and written; `send` sends it, `asked` says that a choice is still missing."""

    choice: str
    comment: str
    choose: Callable[[str], None]
    write: Callable[[str], None]
    send: Action
    asked: bool
    changing: bool
    change: Callable[[bool], None]


def use_rating(service_request_id: str) -> RatingForm:
    """A rating that is being given; it outlives the redraws of the report around it."""
    services, revisions = use_services(), use_revisions()
    choice, set_choice = use_state("")
    comment, set_comment = use_state("")
    asked, set_asked = use_state(False)
    changing, set_changing = use_state(False)

    def choose(code: str) -> None:
        set_asked(False)
        set_choice(code)

    async def send() -> None:
        if not choice:
            set_asked(True)
            return
        await services.service_requests.rate(service_request_id, choice, comment.strip())
        set_changing(False)
        set_choice("")
        set_comment("")
        revisions.service_requests += 1
        revisions.outbox += 1

    return RatingForm(
        choice, comment, choose, set_comment, use_action(send), asked, changing, set_changing
    )


def rating_of(request: ServiceRequest, form: RatingForm, waiting: bool) -> list[ft.Control]:
    """The question with its three answers, or what was answered; `waiting`: it is in the outbox."""
    if request.rating is not None and not form.changing:
        return [_Rated(request, form)]
    return [_Question(form)] if "rate" in request.acts and not waiting else []


def may_send(request: ServiceRequest, form: RatingForm, waiting: bool) -> bool:
    """Whether the question stands open, so that its button is the screen's own."""
    return "rate" in request.acts and not waiting and (request.rating is None or form.changing)


@component
def _Question(form: RatingForm) -> ft.Control:
    look = use_look()
    tiles = [
        _tile(code, word, at_rest, chosen, form, look) for code, word, at_rest, chosen in ratings()
    ]
    row: ft.Control = (
        stacked(tiles, 8)
        if look.large_text
        else ft.Row([ft.Container(tile, expand=True) for tile in tiles], spacing=8)
    )
    parts: list[ft.Control] = [Heading(_("How is the result?"), 2, "title"), row]
    if form.asked:
        parts.append(Note(_("Choose one of the three first."), tone="error", live=True))
    if form.choice:
        write = _("Say more, if you like")
        parts.append(
            TextBox(write, form.comment, form.write, lines=2, max_length=LONGEST, scale=look.scale)
        )
    parts += [ErrorPanel(form.send.error)] if form.send.error else []
    return stacked(parts)


def _tile(
    code: str,
    word: str,
    at_rest: ft.IconData,
    chosen: ft.IconData,
    form: RatingForm,
    look: Look,
) -> ft.Control:
    palette, picked = look.palette, form.choice == code
    ink = palette.on_primary_container if picked else palette.on_surface

    def choose(e: Any) -> None:
        form.choose(code)

    face = ft.Icon(chosen if picked else at_rest, size=look.icon(30), color=ink)
    words = Text(word, "label", ink, align=ft.TextAlign.CENTER)
    inside: ft.Control = ft.Column(
        [face, words],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    if look.large_text:
        inside = ft.Row([face, ft.Container(words, expand=True)], spacing=12)
    tile = Tappable(
        inside,
        choose,
        palette,
        padding=ft.Padding.symmetric(horizontal=4, vertical=16),
        bgcolor=palette.primary_container if picked else palette.surface_container_low,
        edge=ft.BorderSide(2 if picked else 1, palette.primary if picked else palette.outline),
        alignment=ft.Alignment.CENTER,
    )
    return ft.Semantics(selected=picked, content=tile)


@component
def _Rated(request: ServiceRequest, form: RatingForm) -> ft.Control:
    assert request.rating is not None
    said = request.rating.comment

    def change() -> None:
        form.choose(request.rating.value if request.rating else "")
        form.write(said)
        form.change(True)

    word = rating_word(request.rating.value)
    again = LinkButton(_("Change the rating"), change) if "rate" in request.acts else None
    return Note(_("You rated it: {word}.").format(word=word), said, "primary", action=again)
