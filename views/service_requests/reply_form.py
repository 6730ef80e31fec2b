"""Answering the officer's question, or opening a report again: words, photos, one button."""

from typing import Any, cast

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
)
from app.text import _, local, ngettext, show_date
from services.service_requests import ServiceRequest
from views.components import (
    ErrorPanel,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    OutlineButton,
    Screen,
    Text,
    TextBox,
    keyed,
    stacked,
    title_of,
)
from views.components.replying import ANSWER, LONGEST, Reply, opened, send, use_reply
from views.service_requests.outcome import asked_of
from views.service_requests.photo_picker import PhotoPicker
from views.service_requests.photos import Photos, use_photos
from views.service_requests.reading import NotHere, Shown, use_request


@component
def ReplyScreen(service_request_id: str, act: str, panes: bool) -> ft.Control:
    """The form on its own screen, or beside the list; both wait for the report and the draft."""
    services = use_services()
    request = use_request(service_request_id)

    async def open_reply() -> Reply:
        return await opened(services, service_request_id, act)

    reply = use_resource(open_reply, service_request_id, act)
    if isinstance(request, Ready) and isinstance(reply, Ready):
        return keyed(f"{act} {service_request_id}", _Form, request.value, reply.value, panes)
    waiting = Loaded(reply, lambda found: ft.Container())
    inside = Shown(request, lambda found: waiting, NotHere)
    return _framed(_title(act), inside, (), service_request_id, panes)


@component
def _Form(request: ServiceRequest, opening: Reply, panes: bool) -> ft.Control:
    services, revisions, look = use_services(), use_revisions(), use_look()
    drafting = use_reply(opening)
    # The photos of a reply are taken like those of a report: both drafts have the same two fields.
    photos = use_photos(cast("Any", drafting))
    asked, set_asked = use_state(False)
    act, request_id = opening.act, request.service_request_id

    async def send_it() -> None:
        if not drafting.slate.latest.enough:
            set_asked(True)
            return
        await drafting.keep()
        await send(services, drafting.slate.latest)
        revisions.outbox += 1
        revisions.service_requests += 1
        await ft.context.page.push_route(paths.service_request(request_id))

    sending = use_action(send_it)
    write = ft.use_callback(lambda text: drafting.change(description=text), [])
    label = _("Your answer to the officer") if act == ANSWER else _("What is still wrong?")
    missing = asked and not drafting.draft.enough
    parts: list[ft.Control] = [
        *_asked(request, act),
        TextBox(
            label,
            drafting.draft.description,
            write,
            error=_missing(act) if missing else "",
            lines=4,
            max_length=LONGEST,
            scale=look.scale,
        ),
        _Photos(photos),
    ]
    parts += [ErrorPanel(drafting.keeping.error)] if drafting.keeping.error else []
    parts += [ErrorPanel(sending.error)] if sending.error else []
    button = _button(act, sending, photos) if act in request.acts else _too_late(act)
    return _framed(_title(act), stacked(parts, 16), (button,), request_id, panes)


def _button(act: str, sending: Any, photos: Photos) -> ft.Control:
    if photos.taking.preparing:
        return MainButton(_("Preparing the photo…"), sending, disabled=True)
    label = _("Send the answer") if act == ANSWER else _("Open the report again")
    return MainButton(label, sending, ft.Icons.SEND_ROUNDED)


def _too_late(act: str) -> ft.Control:
    """The report moved on while the resident was writing: what they wrote stays on the screen."""
    words = (
        _("The officer no longer waits for an answer. What you wrote is kept here.")
        if act == ANSWER
        else _("This report can no longer be opened again. What you wrote is kept here.")
    )
    return Note(_("The report has moved on."), words, "tertiary", live=True)


def _asked(request: ServiceRequest, act: str) -> list[ft.Control]:
    head: list[ft.Control] = [Heading(title_of(request), 2, "title_small")]
    if act == ANSWER:
        question = asked_of(request)
        return [*head, Note(_("The officer asks:"), question, "lotus")] if question else head
    last = request.act_until.get(act)
    words = _("Say what is wrong or add a photo. The officer gets it back with your words.")
    if last:
        words += " " + _("Until {date}.").format(date=show_date(local(last).date()))
    return [*head, Text(words, "supporting")]


@component
def _Photos(photos: Photos) -> ft.Control:
    """The report form's picker once there is a photo; before that one button."""
    if photos.kept or photos.undo is not None:
        return PhotoPicker(photos)
    label = ngettext("Add a photo (at most {n})", "Add photos (at most {n})", photos.most)
    parts: list[ft.Control] = [
        ft.Row([OutlineButton(label, photos.add, ft.Icons.ADD_A_PHOTO_OUTLINED)], wrap=True)
    ]
    parts += [
        Note(_("Not kept."), refusal, "error", live=True) for refusal in photos.taking.refusals
    ]
    parts += [ErrorPanel(photos.add.error)] if photos.add.error else []
    return stacked(parts, 8)


def _title(act: str) -> str:
    return _("Answer the officer") if act == ANSWER else _("Open the report again")


def _missing(act: str) -> str:
    if act == ANSWER:
        return _("Write your answer first.")
    return _("Say what is wrong, or add a photo.")


def _framed(
    title: str,
    inside: ft.Control,
    foot: tuple[ft.Control, ...],
    service_request_id: str,
    panes: bool,
) -> ft.Control:
    path = paths.service_request(service_request_id)
    if not panes:
        return Screen(title, inside, back=path, foot=foot)

    async def back() -> None:
        await ft.context.page.push_route(path)

    leave = LinkButton(_("Back to the report"), back, ft.Icons.ARROW_BACK_ROUNDED)
    return ft.Column(
        [
            ft.Row([leave]),
            ft.Container(
                stacked([Heading(title, 2, "headline_small"), inside, *foot], 16), width=680
            ),
            ft.Container(height=24),
        ],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        spacing=8,
    )
