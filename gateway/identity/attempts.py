"""A sign-in under way, bound to the browser that began it by a cookie of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from gateway.identity.authorization_request import AuthorizationRequest
from gateway.identity.secret_values import form_token, hashed, new_secret, same
from gateway.identity.tables import attempts

ATTEMPT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, as the browser with the right cookie sees it.

    `subject` is None until the passcode was right; `grant_id` is set once the resident agreed.
    """

    attempt_id: str = field(repr=False)
    browser_secret: str = field(repr=False)
    request: AuthorizationRequest
    subject: str | None = field(default=None, repr=False)
    auth_time: int | None = None
    grant_id: str | None = field(default=None, repr=False)

    @property
    def cookie(self) -> str:
        """The name of the cookie, one an attempt, so that two tabs do not disturb each other."""
        return cookie_name(self.attempt_id)

    @property
    def form_token(self) -> str:
        """What a form of this attempt has to carry."""
        return form_token(self.browser_secret)

    def accepts(self, token: str) -> bool:
        """Whether a form came from a page of this attempt."""
        return same(token, self.form_token)


def cookie_name(attempt_id: str) -> str:
    """The cookie of that attempt."""
    return f"ihanoi-sign-in-{attempt_id}"


def begin(connection: Connection, request: AuthorizationRequest, now: int) -> Attempt:
    """Store a new attempt; the ones that ran out go."""
    connection.execute(delete(attempts).where(attempts.c.ends_at <= now))
    return _store(connection, request, now, None)


def sign_in(connection: Connection, attempt: Attempt, subject: str, now: int) -> Attempt:
    """A new attempt that knows who signed in.

    Id and cookie are new too: who planted the old ones in this browser gains nothing, and a second
    tap on the button only makes a second attempt.
    """
    return _store(connection, attempt.request, now, subject)


def find(connection: Connection, attempt_id: str, browser_secret: str, now: int) -> Attempt | None:
    """The attempt, if it still runs and the cookie is its own."""
    row = connection.execute(
        select(attempts).where(
            attempts.c.attempt_id == attempt_id,
            attempts.c.browser_hash == hashed(browser_secret),
            attempts.c.ends_at > now,
        )
    ).one_or_none()
    if row is None:
        return None
    request = AuthorizationRequest.from_json(row.request)
    return Attempt(attempt_id, browser_secret, request, row.subject, row.auth_time, row.grant_id)


def record_grant(connection: Connection, attempt: Attempt, grant_id: str) -> str | None:
    """Remember what the resident agreed to, and give back the grant of an earlier tap, if any."""
    mine = attempts.c.attempt_id == attempt.attempt_id
    # Of two taps at once the later one waits for the row, and then sees the earlier one's grant.
    held = select(attempts.c.grant_id).where(mine).with_for_update()
    earlier = connection.execute(held).scalar_one_or_none()
    connection.execute(update(attempts).where(mine).values(grant_id=grant_id))
    return earlier


def end(connection: Connection, attempt: Attempt) -> None:
    """The resident said no: nothing of the attempt stays."""
    connection.execute(delete(attempts).where(attempts.c.attempt_id == attempt.attempt_id))


def _store(
    connection: Connection, request: AuthorizationRequest, now: int, subject: str | None
) -> Attempt:
    attempt = Attempt(
        attempt_id=new_secret()[:16],
        browser_secret=new_secret(),
        request=request,
        subject=subject,
        auth_time=None if subject is None else now,
    )
    connection.execute(
        insert(attempts).values(
            attempt_id=attempt.attempt_id,
            browser_hash=hashed(attempt.browser_secret),
            request=request.to_json(),
            subject=subject,
            auth_time=attempt.auth_time,
            ends_at=now + ATTEMPT_SECONDS,
        )
    )
    return attempt
