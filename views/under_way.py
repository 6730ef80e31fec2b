"""What is under way for the resident: open reports, their own and followed ones, and certificates."""

from collections.abc import Sequence

import flet as ft

from app import paths
from app.hooks import (
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    use_session,
)
from app.text import _
from services.certificates import CertificateApplication
from services.saved import Saved
from services.service_requests import ServiceRequest
from views.components import (
    ApplicationCard,
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    ServiceRequestCard,
    arranged,
    keyed,
    open_path,
    stacked,
)
from views.components.needing import count_for_badge

SHOWN = 3
OPEN = ("waiting", "in_progress", "needs_resident", "transferred", "reopened")


@component
def Following() -> ft.Control:
    """What is under way for the resident: open reports and certificates."""
    services, revisions = use_services(), use_revisions()
    mine: Resource[list[ServiceRequest]] = use_resource(
        services.service_requests.list_mine, revisions.service_requests
    )
    followed: Resource[list[ServiceRequest]] = use_resource(
        services.service_requests.list_followed
        if services.service_requests.extended
        else _none_followed,
        revisions.service_requests,
    )
    count_for_badge(use_session(), mine)
    others = followed.value if isinstance(followed, Ready) else []
    offered = "certificates" in use_session().offer.features
    papers = use_resource(
        services.certificates.list_mine if offered else _no_papers, revisions.certificates
    )
    waiting = papers.value if isinstance(papers, Ready) else ()
    applications = tuple(paper for paper in waiting if paper.in_process)

    def draw(requests: list[ServiceRequest]) -> ft.Control:
        known = {one.service_request_id for one in requests}
        also = [one for one in others if one.service_request_id not in known]
        return OpenCases([*requests, *also], applications)

    head = ft.Row(
        [
            ft.Container(Heading(_("Following")), expand=True),
            LinkButton(_("All"), open_path(paths.SERVICE_REQUESTS)),
        ]
    )
    return stacked([head, Loaded(mine, draw)], 8)


async def _none_followed() -> Saved[list[ServiceRequest]]:
    return Saved([])


async def _no_papers() -> Saved[Sequence[CertificateApplication]]:
    return Saved(())


@component
def OpenCases(
    requests: list[ServiceRequest], applications: tuple[CertificateApplication, ...]
) -> ft.Control:
    """At most three reports, the most pressing first, then certificates; or one line."""
    now, look = use_services().clock.now(), use_look()
    still_open = [one for one in arranged(requests, now) if one.status_code in OPEN][:SHOWN]
    if not still_open and not applications:
        return EmptyState(
            ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED,
            _("Nothing is under way"),
            _("What you report or follow appears here until it is done."),
            LinkButton(_("Look nearby"), open_path(paths.NEARBY)),
        )
    cards = [keyed(r.service_request_id, ServiceRequestCard, r) for r in still_open]
    cards += [keyed(one.application_id, ApplicationCard, one) for one in applications]
    if look.expanded and not look.large_text:
        return _in_pairs(cards)
    return stacked(cards)


def _in_pairs(cards: list[ft.Control]) -> ft.Control:
    rows = [cards[at : at + 2] for at in range(0, len(cards), 2)]
    return stacked(
        [
            ft.Row(
                [ft.Container(card, expand=True) for card in row],
                spacing=12,
                intrinsic_height=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
            for row in rows
        ]
    )
