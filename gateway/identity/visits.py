"""One request of a resident's browser within its attempt:
who may make it, and where it goes on to.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.identity import attempts
from gateway.identity.attempts import Attempt
from gateway.identity.authorization_request import locale_of
from gateway.identity.forms import read_form
from gateway.identity.pages import Frame
from gateway.identity.provider import Provider, provider_of
from gateway.identity.refusals import NO_STORE, PageError


@dataclass(frozen=True, slots=True)
class Visit:
    """The attempt a request belongs to, the frame of its page, and the form it brought."""

    provider: Provider
    attempt: Attempt
    frame: Frame
    form: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def client_name(self) -> str:
        """What the application is called."""
        return self.provider.clients[self.attempt.request.client_id].name


async def read_visit(request: Request, form: dict[str, str] | None = None) -> Visit:
    """The visit. Raises PageError when the attempt ran out, is unknown,
    or began in another browser.
    """
    provider = provider_of(request)
    attempt_id = request.query_params.get("attempt", "")
    secret = request.cookies.get(attempts.cookie_name(attempt_id), "")
    attempt = await provider.database.run(
        lambda connection: attempts.find(connection, attempt_id, secret, provider.now()),
        write=False,
    )
    if attempt is None:
        raise PageError("stale")
    asked = locale_of(request.query_params.get("ui_locales", ""))
    return Visit(
        provider, attempt, _frame(provider, attempt, asked or attempt.request.locale), form or {}
    )


async def read_submitted(request: Request) -> Visit:
    """As `read_visit`, for a form.

    Raises PageError also when it is not of a page of this attempt.
    """
    form = await read_form(request)
    visit = await read_visit(request, form)
    if not visit.attempt.accepts(form.get("form_token", "")):
        raise PageError("stale")
    return visit


def go_on(provider: Provider, attempt: Attempt, page: str, locale: str) -> Response:
    """Send the browser to a page of its attempt, with the attempt's cookie."""
    response = redirect(_address(provider, attempt, page, locale))
    response.set_cookie(
        attempt.cookie,
        attempt.browser_secret,
        max_age=attempts.ATTEMPT_SECONDS,
        path=provider.path,
        secure=provider.secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def refuse(visit: Visit, error: str, description: str) -> Response:
    """End the attempt and tell the application why."""
    await visit.provider.database.run(lambda connection: attempts.end(connection, visit.attempt))
    return leave(visit, error=error, error_description=description)


def leave(visit: Visit, **parameters: str) -> Response:
    """Send the browser back to the application with an answer; the attempt's cookie goes."""
    response = redirect(visit.attempt.request.answer(visit.provider.issuer, **parameters))
    response.delete_cookie(
        visit.attempt.cookie,
        path=visit.provider.path,
        secure=visit.provider.secure,
        httponly=True,
        samesite="lax",
    )
    return response


def redirect(address: str) -> Response:
    """303, so that no form is ever sent on to the application."""
    return RedirectResponse(address, 303, NO_STORE)


def _frame(provider: Provider, attempt: Attempt, locale: str) -> Frame:
    page = "sign-in" if attempt.subject is None else "consent"
    other = "en" if locale == "vi" else "vi"
    return Frame(provider.path, locale, _address(provider, attempt, page, other))


def _address(provider: Provider, attempt: Attempt, page: str, locale: str) -> str:
    return f"{provider.path}/{page}?attempt={attempt.attempt_id}&ui_locales={locale}"
