"""The resident's applications and certificates, and the way to a new one."""

from dataclasses import dataclass

import flet as ft

from app import paths
from app.hooks import (
    Failed,
    Loading,
    Ready,
    Resource,
    component,
    use_look,
    use_resource,
    use_revisions,
    use_services,
    view,
)
from app.text import _, explain_code, status_of
from app.theme import BUTTON_HEIGHT
from services.certificates import CertificateApplication, CertificateDraft
from services.errors import SignInRequired
from services.outbox import OutboxItem
from views.certificates.step_up import StepUp
from views.certificates.steps import STEPS, address_of_step
from views.certificates.watching import use_watched
from views.components import (
    Card,
    EmptyState,
    Loaded,
    MainButton,
    RecordTabs,
    Screen,
    StatusChip,
    Text,
    keyed,
    stacked,
)
from views.components.certificate_card import ApplicationCard, certificate_title

LINES_OF_TWO = 64
"""The button's height in dp, before scaling, at which two lines have room."""

Applications = list[CertificateApplication]


@view
def CertificatesView() -> ft.Control:
    """Every application as a card; the one filled button applies, or opens what is under way."""
    mine, kept_here = use_applications()
    failure = mine.error if isinstance(mine, Failed) else None
    if isinstance(failure, SignInRequired) and failure.acr and isinstance(mine, Failed):
        step_up = StepUp(failure, paths.CERTIFICATES, mine.retry)
        return Screen(_("Records"), RecordTabs(paths.CERTIFICATES), step_up)
    here = kept_here.value if isinstance(kept_here, Ready) else Here(None, ())
    current = _current(mine.value) if isinstance(mine, Ready) else None
    kept = here.draft

    def draw(applications: Applications) -> ft.Control:
        return ApplicationList(applications, here)

    return Screen(
        _("Records"),
        RecordTabs(paths.CERTIFICATES),
        Loaded(mine, draw),
        foot=() if isinstance(mine, Loading) else (ApplyButton(current, kept),),
    )


@dataclass(frozen=True, slots=True)
class Here:
    """What has not left this device: the draft, and what waits in the outbox."""

    draft: CertificateDraft | None
    waiting: tuple[OutboxItem, ...]


def use_applications() -> tuple[Resource[Applications], Resource[Here]]:
    """The applications, asked for again while one is under way and this screen is the top one."""
    services, revisions = use_services(), use_revisions()
    on_top = ft.use_route_location() == paths.CERTIFICATES

    def going(applications: Applications) -> bool:
        return on_top and _current(applications) is not None

    async def kept_here() -> Here:
        waiting = await services.certificates.waiting()
        return Here(await services.certificates.draft(), tuple(waiting))

    mine = use_watched(services.certificates.list_mine, going, revisions.certificates)
    here = use_resource(kept_here, revisions.certificates, revisions.outbox, on_top)
    return mine, here


def _current(applications: Applications) -> CertificateApplication | None:
    return next((one for one in applications if one.in_process), None)


@component
def ApplyButton(
    current: CertificateApplication | None, draft: CertificateDraft | None
) -> ft.Control:
    """Apply, go on with the draft, or open the application that has to end first."""
    if draft is not None:
        target, label = address_of_step(draft.step), _("Go on with the application")
    elif current is not None:
        target, label = paths.certificate(current.application_id), _("Open the one in process")
    else:
        target, label = paths.NEW_CERTIFICATE, _("Apply for a certificate")

    async def go() -> None:
        await ft.context.page.push_route(target)

    # The longest of the labels takes two lines when text is large.
    return MainButton(label, go, height=LINES_OF_TWO if use_look().large_text else BUTTON_HEIGHT)


def ApplicationList(applications: Applications, here: Here) -> ft.Control:
    """What waits here, the draft, then the applications, newest first; or one line."""
    if not applications and here == Here(None, ()):
        sentence = _("Apply here, follow it day by day, and keep the signed file.")
        return EmptyState(ft.Icons.DESCRIPTION_OUTLINED, _("No certificate yet"), sentence)
    cards = [keyed(one.application_id, ApplicationCard, one) for one in applications]
    waiting = [keyed(item.id, WaitingCard, item) for item in here.waiting]
    draft = [DraftCard(here.draft)] if here.draft else []
    return stacked([*waiting, *draft, *cards])


@component
def WaitingCard(item: OutboxItem) -> ft.Control:
    """An application that has not left this device, with what keeps it."""
    draft = use_services().certificates.draft_of(item)

    async def open_outbox() -> None:
        await ft.context.page.push_route(paths.OUTBOX)

    failed = item.state == "failed"
    no_network = item.state == "waiting" and item.last_error == "offline"
    code = "no_network" if no_network else "failed" if failed else "queued"
    words = _("It goes by itself when there is a network, once only.")
    return Card(
        StatusChip(status_of(code)),
        Text(certificate_title(draft.certificate_type), "title_small"),
        Text(explain_code(item.last_error) if failed and item.last_error else words, "supporting"),
        on_click=open_outbox,
    )


@component
def DraftCard(draft: CertificateDraft) -> ft.Control:
    """What was begun and not sent."""

    async def open_draft() -> None:
        await ft.context.page.push_route(address_of_step(draft.step))

    step = _("Step {n}/{total}").format(n=draft.step, total=STEPS)
    return Card(
        StatusChip(status_of("draft")),
        Text(certificate_title(draft.certificate_type), "title_small"),
        Text(step, "supporting"),
        on_click=open_draft,
    )
