"""The sign-in page: choose a synthetic resident, type the passcode."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import attempts, passcodes
from gateway.identity.pages import SignInForm, sign_in_page
from gateway.identity.passcodes import PasscodeResult
from gateway.identity.provider import clock_time
from gateway.identity.visits import Visit, go_on, read_submitted, read_visit, refuse
from gateway.registers.population import Resident


async def show_sign_in(request: Request) -> Response:
    """The sign-in page of an attempt."""
    return _page(await read_visit(request))


async def sign_in(request: Request) -> Response:
    """Check who was chosen and the passcode; then go on to consent."""
    visit = await read_submitted(request)
    if visit.form.get("answer") == "cancel":
        return await refuse(visit, "access_denied", "the resident went back")
    resident = visit.provider.resident_to_sign_in(visit.form.get("resident", ""))
    if resident is None:
        return _page(visit, list_error=visit.frame.word("choose_someone"), status=400)
    result = await _check_passcode(visit, resident)
    if result.outcome == "wait":
        return _wait_page(visit, resident, result)
    if result.outcome == "wrong":
        error = visit.frame.word("wrong_passcode", tries=result.tries_left)
        return _page(visit, resident.key, passcode_error=error, status=400)
    return await _signed_in(visit, resident)


async def _check_passcode(visit: Visit, resident: Resident) -> PasscodeResult:
    provider, given = visit.provider, visit.form.get("passcode", "").strip()
    return await provider.database.run(
        lambda connection: passcodes.check(
            connection, resident.subject, given, provider.passcode, provider.now()
        )
    )


async def _signed_in(visit: Visit, resident: Resident) -> Response:
    asked, provider = visit.attempt.request, visit.provider
    if not asked.accepts(resident.acr):
        description = "the account's identity level is lower than the one asked for"
        return await refuse(visit, "unmet_authentication_requirements", description)
    if asked.expected_subject not in {None, resident.subject}:
        return await refuse(visit, "login_required", "somebody else signed in")
    now = provider.now()
    attempt = await provider.database.run(
        lambda connection: attempts.sign_in(connection, visit.attempt, resident.subject, now)
    )
    return go_on(provider, attempt, "consent", visit.frame.locale)


def _wait_page(visit: Visit, resident: Resident, result: PasscodeResult) -> Response:
    """Say how long to wait and until when, in words and in Retry-After."""
    seconds = result.wait_until - visit.provider.now()
    error = visit.frame.word("wait", seconds=seconds, time=clock_time(result.wait_until))
    response = _page(visit, resident.key, passcode_error=error, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _page(
    visit: Visit,
    chosen: str = "",
    *,
    list_error: str = "",
    passcode_error: str = "",
    status: int = 200,
) -> Response:
    provider, today = visit.provider, visit.provider.today()
    request = visit.attempt.request
    hinted = provider.resident_to_sign_in(request.expected_subject or request.login_hint)
    form = SignInForm(
        client_name=visit.client_name,
        passcode=provider.passcode,
        ages=[(resident, resident.age_on(today)) for resident in provider.may_sign_in()],
        chosen=chosen or (hinted.key if hinted else ""),
        list_error=list_error,
        passcode_error=passcode_error,
    )
    return sign_in_page(visit.frame, visit.attempt, form, status)
