"""The consent page: nothing is agreed to before, by default, or by silence (Law 91/2025)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.identity import grants
from gateway.identity.clients import given
from gateway.identity.pages import consent_page
from gateway.identity.refusals import PageError
from gateway.identity.visits import Visit, leave, read_submitted, read_visit, refuse
from gateway.registers.population import Resident


async def show_consent(request: Request) -> Response:
    """What the application asks for, for the resident who signed in."""
    visit = await read_visit(request)
    resident = _resident(visit)
    scopes = given(visit.attempt.request.scopes, resident.roles)
    return consent_page(visit.frame, visit.attempt, scopes, visit.client_name, resident.name)


async def consent(request: Request) -> Response:
    """Send the browser back: with a code when the resident agreed, with access_denied when not."""
    visit = await read_submitted(request)
    resident = _resident(visit)
    match visit.form.get("answer"):
        case "agree":
            return await _agree(visit, resident)
        case "refuse":
            return await refuse(visit, "access_denied", "the resident did not agree")
        case _:
            raise PageError("bad_request")


async def _agree(visit: Visit, resident: Resident) -> Response:
    now = visit.provider.now()
    code = await visit.provider.database.run(
        lambda connection: grants.agree(connection, visit.attempt, resident, now)
    )
    return leave(visit, code=code)


def _resident(visit: Visit) -> Resident:
    """Who signed in within this attempt. Raises PageError before anybody did."""
    resident = visit.provider.residents.get(visit.attempt.subject or "")
    if resident is None:
        raise PageError("stale")
    return resident
