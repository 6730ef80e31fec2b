"""One report as a screen reads it: asked for again when reports change, or not there."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_resource,
    use_revisions,
    use_services,
)
from app.text import _, show_time
from services.errors import NotFound
from services.outbox import OutboxItem
from services.saved import Saved
from services.service_requests import ServiceRequest, Update
from views.components import EmptyState, LinkButton, Loaded, Note


def use_request(service_request_id: str) -> Resource[ServiceRequest]:
    """The report, asked for again when reports change."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[ServiceRequest]:
        return await services.service_requests.get(service_request_id)

    found: Resource[ServiceRequest] = use_resource(
        fetch, service_request_id, revisions.service_requests
    )
    return found


def use_updates(service_request_id: str) -> Resource[list[Update]]:
    """What happened to the report, asked for again when reports change."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[list[Update]]:
        return await services.service_requests.updates(service_request_id)

    found: Resource[list[Update]] = use_resource(
        fetch, service_request_id, revisions.service_requests
    )
    return found


def use_queue(service_request_id: str) -> tuple[OutboxItem, ...]:
    """What the resident did with this report and what has not left yet."""
    services, revisions = use_services(), use_revisions()
    waiting = use_resource(services.outbox.list, revisions.outbox, revisions.service_requests)
    items = waiting.value if isinstance(waiting, Ready) else []
    return tuple(one for one in items if one.about == service_request_id)


@component
def Shown(
    request: Resource[ServiceRequest],
    draw: Callable[[ServiceRequest], ft.Control],
    missing: Callable[[], ft.Control],
) -> ft.Control:
    """The report, blocks while it comes, or words when it is not there."""
    if isinstance(request, Ready):
        return draw(request.value)
    if isinstance(getattr(request, "error", None), NotFound):
        return missing()
    return Loaded(request, lambda found: ft.Container())


@component
def NotHere() -> ft.Control:
    """No such report, or another resident's: the same words, so that nothing is given away."""

    async def to_list() -> None:
        await ft.context.page.push_route(paths.SERVICE_REQUESTS)

    return EmptyState(
        ft.Icons.SEARCH_OFF_ROUNDED,
        _("This report is not here"),
        _("The code may be mistyped, or the report may not be yours."),
        LinkButton(_("Open my reports"), to_list),
    )


def saved_strip(resource: Resource[Any]) -> ft.Control | None:
    """Across the page under the app bar: that it is a saved copy, and since when."""
    if not isinstance(resource, Ready) or resource.as_of is None:
        return None
    words = _("Showing the copy saved at {time}.").format(time=show_time(resource.as_of))
    return Note(_("No network."), words, "tertiary", live=True, strip=True)
