"""One application: where it stands and what comes next, then the certificate (pictures 15)."""

from urllib.parse import unquote

import flet as ft

from app import paths
from app.hooks import (
    Failed,
    Ready,
    Resource,
    component,
    use_revisions,
    use_services,
    view,
)
from app.text import HOTLINE, _, show_time
from services.certificates import CertificateApplication
from services.errors import NotFound, SignInRequired
from services.saved import Saved
from views.certificates.progress import History
from views.certificates.result import Result, SaveButton
from views.certificates.status import DeadlineCard, Outcome, Submitted
from views.certificates.step_up import StepUp
from views.certificates.watching import use_watched
from views.certificates.words import purpose_sentence
from views.components import (
    EmptyState,
    Heading,
    LinkButton,
    Loaded,
    MainButton,
    Note,
    Screen,
    Text,
    keyed,
)


@view
def CertificateView() -> ft.Control:
    """The application that the address names."""
    application_id = unquote(ft.use_route_params().get("application_id", ""))
    return keyed(application_id, ApplicationScreen, application_id)


@component
def ApplicationScreen(application_id: str) -> ft.Control:
    """The application, asked for again by itself until it has its result."""
    services, revisions = use_services(), use_revisions()

    async def fetch() -> Saved[CertificateApplication]:
        return await services.certificates.get(application_id)

    found = use_watched(fetch, lambda one: one.in_process, application_id, revisions.certificates)
    status = found.value.status if isinstance(found, Ready) else ""
    seen = ft.use_ref("")

    def tell_list() -> None:
        # The list beneath asks again when a look here brought news.
        if seen.current and status and seen.current != status:
            revisions.certificates += 1
        seen.current = status or seen.current

    ft.use_effect(tell_list, [status])
    return Screen(
        _("Criminal record"),
        *_content(found, paths.certificate(application_id)),
        back=paths.CERTIFICATES,
        strip=_saved_strip(found),
        foot=_foot(found),
    )


def _content(found: Resource[CertificateApplication], path: str) -> list[ft.Control]:
    if isinstance(found, Ready):
        application = found.value
        shown = Result if application.certificate is not None else Standing
        return [shown(application)]
    if isinstance(found, Failed) and isinstance(found.error, NotFound):
        return [NotHere()]
    if isinstance(found, Failed) and isinstance(found.error, SignInRequired):
        return [StepUp(found.error, path, found.retry)]
    return [Loaded(found, lambda value: ft.Container())]


def _foot(found: Resource[CertificateApplication]) -> tuple[ft.Control, ...]:
    if not isinstance(found, Ready):
        return ()
    application = found.value
    if application.certificate is not None:
        return (SaveButton(application.application_id, application.certificate),)
    return (ApplyAgain(),) if not application.in_process else ()


@component
def Standing(application: CertificateApplication) -> ft.Control:
    """An application without a certificate: deadline, what to do, timeline, what was sent."""
    question = _("A question? Call {hotline} and give the code {code}.")
    ask = question.format(hotline=HOTLINE, code=application.application_id)
    return ft.Column(
        [
            Heading(_("Form No. 1"), 2, "headline_small"),
            Text(purpose_sentence(application.purpose), "supporting"),
            DeadlineCard(application),
            Outcome(application),
            History(application),
            Submitted(application),
            Text(ask, "supporting"),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@component
def ApplyAgain() -> ft.Control:
    """After a refusal."""

    async def go() -> None:
        await ft.context.page.push_route(paths.NEW_CERTIFICATE)

    return MainButton(_("Apply again"), go)


@component
def NotHere() -> ft.Control:
    """No such application, or another resident's: the same words, so nothing is given away."""

    async def to_list() -> None:
        await ft.context.page.push_route(paths.CERTIFICATES)

    return EmptyState(
        ft.Icons.SEARCH_OFF_ROUNDED,
        _("This application is not here"),
        _("The code may be mistyped, or the application may not be yours."),
        LinkButton(_("Back to my certificates"), to_list),
    )


def _saved_strip(found: Resource[CertificateApplication]) -> ft.Control | None:
    if not isinstance(found, Ready) or found.as_of is None:
        return None
    words = _("Showing the copy saved at {time}.").format(time=show_time(found.as_of))
    return Note(_("No network."), words, "tertiary", live=True, strip=True)
