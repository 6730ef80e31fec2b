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
from app.text import HOTLINE, _
from services.certificates import CertificateApplication
from services.errors import NotFound, SignInRequired
from services.saved import Saved
from views.certificates.messages import Messages, WriteFoot
from views.certificates.payment import PayFoot, Paying
from views.certificates.progress import History
from views.certificates.result import Result, SendFoot
from views.certificates.status import DeadlineCard, Late, Outcome, Submitted
from views.certificates.step_up import StepUp
from views.certificates.steps import saved_strip
from views.certificates.watching import use_watched
from views.certificates.withdrawing import Withdraw
from views.certificates.words import form_word, purpose_sentence
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
        strip=saved_strip(found.as_of) if isinstance(found, Ready) else None,
        foot=foot_of(found.value) if isinstance(found, Ready) else (),
    )


def _content(found: Resource[CertificateApplication], path: str) -> list[ft.Control]:
    if isinstance(found, Ready):
        return [shown_of(found.value)]
    if isinstance(found, Failed) and isinstance(found.error, NotFound):
        return [NotHere()]
    if isinstance(found, Failed) and isinstance(found.error, SignInRequired):
        return [StepUp(found.error, path, found.retry)]
    return [Loaded(found, lambda value: ft.Container())]


def shown_of(application: CertificateApplication) -> ft.Control:
    """An application as its screen shows it: how it stands, or its certificate."""
    return (Result if application.certificate is not None else Standing)(application)


def foot_of(application: CertificateApplication) -> tuple[ft.Control, ...]:
    """The one thing to do now, if there is any."""
    if application.certificate is not None:
        return (SendFoot(application.application_id),) if application.certificate.in_force else ()
    if application.status == "unpaid" and application.payment is not None:
        return (keyed(application.payment.payment_id, PayFoot, application, application.payment),)
    if application.actions & {"ask", "answer"}:
        return (WriteFoot(application),)
    return (ApplyAgain(),) if not application.in_process else ()


@component
def Standing(application: CertificateApplication) -> ft.Control:
    """An application without a certificate: deadline, what to do, timeline, what was sent."""
    question = _("A question? Call {hotline} and give the code {code}.")
    ask = question.format(hotline=HOTLINE, code=application.application_id)
    whom = [Text(_("For: {name}").format(name=application.identity.name))]
    unpaid = application.status == "unpaid" and application.payment is not None
    return ft.Column(
        [
            Heading(form_word(application.certificate_type), 2, "headline_small"),
            Text(purpose_sentence(application.purpose), "supporting"),
            *(whom if application.child else []),
            *(_unpaid(application) if unpaid else _running(application)),
            *([Messages(application)] if application.messages else []),
            History(application),
            Submitted(application),
            *([Withdraw(application)] if "withdraw" in application.actions else []),
            Text(ask, "supporting"),
        ],
        spacing=12,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _unpaid(application: CertificateApplication) -> list[ft.Control]:
    assert application.payment is not None, "asked for by who calls"
    return [
        Note(
            _("Not paid yet."),
            _("Work begins once it is paid."),
            "lotus",
            ft.Icons.PAYMENTS_ROUNDED,
        ),
        Paying(application, application.payment),
    ]


def _running(application: CertificateApplication) -> list[ft.Control]:
    late = [Late(application, application.late)] if application.late else []
    return [DeadlineCard(application), *late, Outcome(application)]


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
