"""The six things that can go wrong, named by what the resident can do next.

    ServiceError
    ├── Offline             no answer came back: try again, or it waits in the outbox
    ├── GatewayUnavailable  the other side is down or busy (5xx, 429): wait `retry_after`
    ├── SignInRequired      nobody is signed in, or not at the level `acr`, or too long ago (401)
    ├── NotPermitted        signed in, but this is not allowed (403)
    ├── NotFound            there is no such record, or it is another resident's (404)
    └── Rejected            what was sent has to change first (400, 409, 413, 415, 422, 426)

An error carries codes, never sentences: `app.text.explain` makes the sentence. `reference` is
the gateway's request id, which the hotline can look up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that was refused: its name on the wire and a code such as `too_short`."""

    field: str
    code: str


class ServiceError(Exception):
    """Something went wrong; `code` says what, the subclass says what the resident can do."""

    def __init__(self, code: str, reference: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.reference = reference


class Offline(ServiceError):
    """No answer came back: no network, no such host, or the time ran out.

    `sent` is False when nothing can have arrived, because there was no connection.
    """

    def __init__(
        self, code: str = "offline", reference: str | None = None, *, sent: bool = True
    ) -> None:
        super().__init__(code, reference)
        self.sent = sent


class GatewayUnavailable(ServiceError):
    """The other side is down, busy or answers nonsense; `retry_after` is in seconds if it said."""

    def __init__(
        self,
        code: str = "gateway_unavailable",
        reference: str | None = None,
        *,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(code, reference)
        self.retry_after = retry_after
        self.status = status


class SignInRequired(ServiceError):
    """Nobody is signed in, or a step-up is asked for (RFC 9470): to the authentication level `acr`,
    or by a sign-in that is at most `max_age` seconds old.
    """

    def __init__(
        self,
        code: str = "sign_in_required",
        reference: str | None = None,
        *,
        acr: str | None = None,
        max_age: int | None = None,
    ) -> None:
        super().__init__(code, reference)
        self.acr = acr
        self.max_age = max_age

    @property
    def step_up(self) -> bool:
        """Whether somebody is signed in, and has only to show anew who they are."""
        return self.acr is not None or self.max_age is not None


class NotPermitted(ServiceError):
    """The resident, or this device, may not do this; `purpose` is the consent that is missing, if
    that is why, and `child` the key of the child it is about.
    """

    def __init__(
        self,
        code: str = "not_permitted",
        reference: str | None = None,
        *,
        purpose: str = "",
        child: str = "",
    ) -> None:
        super().__init__(code, reference)
        self.purpose = purpose
        self.child = child


class NotFound(ServiceError):
    """There is no such record here for this resident."""

    def __init__(self, code: str = "not_found", reference: str | None = None) -> None:
        super().__init__(code, reference)


class Rejected(ServiceError):
    """What was sent has to change first; `field_errors` say where, `status` is the HTTP status."""

    def __init__(
        self,
        code: str = "rejected",
        reference: str | None = None,
        *,
        field_errors: tuple[FieldError, ...] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(code, reference)
        self.field_errors = field_errors
        self.status = status
