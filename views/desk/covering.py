"""Covering a photo: its boxes kept while they are worked on, then published or given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from app.hooks import Action, use_action, use_revisions, use_services, use_state
from services.service_requests import Media
from views.components.drafting import use_drafting
from views.desk.boxes import Box, Drawing
from views.desk.drafting import TABLE


@dataclass(frozen=True, slots=True)
class Covered:
    """The boxes as they are worked on; kept until they are published or given up."""

    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The photo that was asked for, its bytes, and its boxes; no `media` where there is none."""

    media: Media | None
    data: bytes = b""
    covered: Covered = Covered()


@dataclass(frozen=True, slots=True)
class Covering:
    """The drawing, how to change it, and the three ways to end."""

    drawing: Drawing
    draw: Callable[[Drawing], None]
    publish: Action
    hide: Action
    leave: Action


def use_opening(service_request_id: str, media_id: str) -> Callable[[], Awaitable[Opened]]:
    """What fetches the photo with the boxes that were kept, or else those the public sees now."""
    services = use_services()

    async def fetch() -> Opened:
        report = await services.desk.get(service_request_id)
        media = next((one for one in report.request.media if one.media_id == media_id), None)
        if media is None:
            return Opened(None)
        data = await services.service_requests.media(media.url)
        kept = await services.vault.get(TABLE, _key(media_id))
        boxes = media.boxes if kept is None else kept
        return Opened(media, data, Covered(tuple(Box(*one) for one in boxes)))

    return fetch


def use_covering(media_id: str, covered: Covered, back: str) -> Covering:
    """Work on the boxes of a photo; every way to end leads `back`."""
    services, revisions = use_services(), use_revisions()
    drawing, set_drawing = use_state(Drawing(covered.boxes))

    async def keep(work: Covered) -> None:
        await services.vault.put(TABLE, _key(media_id), _plain(work.boxes))

    drafting = use_drafting(covered, keep)

    def draw(changed: Drawing) -> None:
        set_drawing(changed)
        drafting.change(boxes=changed.boxes)

    async def leave() -> None:
        # Nothing is left to keep: the last write must not bring it back.
        drafting.slate.kept = drafting.slate.latest
        await services.vault.delete(TABLE, _key(media_id))
        await ft.context.page.push_route(back)

    async def publish() -> None:
        await services.desk.set_public(media_id, True, _plain(drawing.boxes))
        revisions.service_requests += 1
        await leave()

    async def hide() -> None:
        await services.desk.set_public(media_id, False, _plain(drawing.boxes))
        revisions.service_requests += 1
        await leave()

    return Covering(drawing, draw, use_action(publish), use_action(hide), use_action(leave))


def _plain(boxes: tuple[Box, ...]) -> list[tuple[float, float, float, float]]:
    return [(one.x, one.y, one.width, one.height) for one in boxes]


def _key(media_id: str) -> str:
    return f"photo {media_id}"
