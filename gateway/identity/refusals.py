"""How the provider says no: RFC 6749 errors to clients, and pages of words to people."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An RFC 6749 error as a value,
    so that work in a transaction can refuse and still commit a revocation.
    """

    error: str
    description: str
    status: int = 400

    def response(self) -> JSONResponse:
        """The JSON answer of the token and revocation endpoints (RFC 6749, section 5.2)."""
        headers = dict(NO_STORE)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Basic"
        body = {"error": self.error, "error_description": self.description}
        return JSONResponse(body, self.status, headers)


class OAuthError(Exception):
    """Raised outside a transaction; answered with its refusal."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.refusal = Refusal(error, description, status)


class PageError(Exception):
    """A refusal that only a page can tell, because it is not known where to send the browser back.

    `reason` is a key of the words: unknown_client, bad_redirect, bad_request, stale, …
    """

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status
