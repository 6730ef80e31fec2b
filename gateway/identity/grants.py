"""Grants, their codes and their refresh tokens:
each works once, and a second use ends the whole family.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select, update

from gateway.identity import attempts
from gateway.identity.attempts import Attempt
from gateway.identity.authorization_request import AuthorizationRequest
from gateway.identity.clients import given
from gateway.identity.refusals import Refusal
from gateway.identity.secret_values import hashed, new_secret, s256, same
from gateway.identity.tables import codes, grants, refresh_tokens
from gateway.registers.population import Resident

CODE_SECONDS = 60
REFRESH_SECONDS = 30 * 86400
GRANT_SECONDS = 90 * 86400

_NO_CODE = Refusal("invalid_grant", "the code is not valid")
_NO_REFRESH = Refusal("invalid_grant", "the refresh token is not valid")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a resident agreed to in one sign-in. `grant_id` is the `sid` of its tokens; `actor` the subject of
    who acts as them, of a persona alone.
    """

    grant_id: str = field(repr=False)
    subject: str = field(repr=False)
    client_id: str
    scope: str
    acr: str
    auth_time: int
    nonce: str | None = field(default=None, repr=False)
    jkt: str | None = field(default=None, repr=False)
    actor: str | None = field(default=None, repr=False)

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes as a set."""
        return frozenset(self.scope.split())


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code as a client shows it, with what proves that it asked for it.

    `jkt` is the key it proved, to which everything that comes of the code is bound.
    """

    code: str = field(repr=False)
    redirect_uri: str
    code_verifier: str = field(repr=False)
    jkt: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ShownRefreshToken:
    """A refresh token as a client shows it, with the scope it asks for and the key it proved."""

    token: str = field(repr=False)
    scope: str | None = None
    jkt: str | None = field(default=None, repr=False)


def agree(connection: Connection, attempt: Attempt, resident: Resident, now: int) -> str:
    """Store what the resident agreed to and return its code, which lives 60 seconds.

    A second tap replaces what the first one gave. Grants that ended go, with all their tokens.
    """
    grant_id, code = new_secret(), new_secret()
    earlier = attempts.record_grant(connection, attempt, grant_id)
    if earlier is not None:
        revoke(connection, earlier, now)
    connection.execute(delete(grants).where(grants.c.ends_at <= now))
    connection.execute(insert(grants).values(_grant_row(attempt, resident, grant_id, now)))
    connection.execute(insert(codes).values(_code_row(attempt.request, grant_id, code, now)))
    return code


def redeem_code(
    connection: Connection, shown: ShownCode, client_id: str, now: int
) -> Grant | Refusal:
    """The grant of a code of that client.

    Its second use revokes everything that the first one gave.
    """
    columns = (codes.c.redirect_uri, codes.c.code_challenge, codes.c.nonce, codes.c.used_at)
    of_code = (codes.c.ends_at.label("code_ends_at"), codes.c.jkt.label("code_jkt"))
    found = connection.execute(
        select(grants, *columns, *of_code)
        .join(codes)
        .where(codes.c.code_hash == hashed(shown.code), grants.c.client_id == client_id)
    ).one_or_none()
    if found is None:
        return _NO_CODE
    if found.used_at is None and not (
        found.code_ends_at > now
        and found.redirect_uri == shown.redirect_uri
        and same(s256(shown.code_verifier), found.code_challenge)
        and found.code_jkt in (None, shown.jkt)
    ):
        return _NO_CODE
    mine = codes.c.code_hash == hashed(shown.code)
    grant = _use(connection, codes, mine, found, now)
    return _NO_CODE if grant is None else _bound(connection, grant, shown.jkt)


def redeem_refresh_token(
    connection: Connection, shown: ShownRefreshToken, client_id: str, now: int
) -> Grant | Refusal:
    """The grant of a refresh token of that client.

    Its second use ends the family (RFC 9700, section 4.14).
    """
    scope = shown.scope
    mine = refresh_tokens.c.token_hash == hashed(shown.token)
    found = connection.execute(
        select(grants, refresh_tokens.c.used_at, refresh_tokens.c.ends_at.label("token_ends_at"))
        .join(refresh_tokens)
        .where(mine, grants.c.client_id == client_id)
    ).one_or_none()
    if found is None or (found.used_at is None and found.token_ends_at <= now):
        return _NO_REFRESH
    # A thief without the key gains nothing, and cannot end the resident's sign-in either.
    if found.jkt != shown.jkt:
        return _NO_REFRESH
    if scope is not None and not set(scope.split()) <= set(found.scope.split()):
        return Refusal("invalid_scope", "more was asked than the resident agreed to")
    return _use(connection, refresh_tokens, mine, found, now) or _NO_REFRESH


def add_refresh_token(connection: Connection, grant: Grant, now: int) -> str:
    """A new refresh token, for 30 days from now; the 90 of its grant end it too."""
    token = new_secret()
    connection.execute(
        insert(refresh_tokens).values(
            token_hash=hashed(token),
            grant_id=grant.grant_id,
            ends_at=now + REFRESH_SECONDS,
        )
    )
    return token


def revoke(connection: Connection, grant_id: str, now: int) -> None:
    """End a family: no token of it is renewed, and the provider itself honours none any more."""
    connection.execute(
        update(grants)
        .where(grants.c.grant_id == grant_id, grants.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def grant_of_refresh_token(connection: Connection, token: str, client_id: str) -> str | None:
    """The grant id of a refresh token of that client, used or not."""
    return connection.execute(
        select(grants.c.grant_id)
        .join(refresh_tokens)
        .where(refresh_tokens.c.token_hash == hashed(token), grants.c.client_id == client_id)
    ).scalar_one_or_none()


def is_live(connection: Connection, grant_id: str, now: int) -> bool:
    """Whether a grant still stands."""
    found = connection.execute(
        select(grants.c.grant_id).where(
            grants.c.grant_id == grant_id,
            grants.c.revoked_at.is_(None),
            grants.c.ends_at > now,
        )
    )
    return found.one_or_none() is not None


def _bound(connection: Connection, grant: Grant, jkt: str | None) -> Grant:
    """Bind everything of a grant to the key that was proved when its code was redeemed."""
    connection.execute(update(grants).where(grants.c.grant_id == grant.grant_id).values(jkt=jkt))
    return replace(grant, jkt=jkt)


def _use(
    connection: Connection, table: Table, mine: ColumnElement[bool], found: Row[Any], now: int
) -> Grant | None:
    """Mark a code or token as used;
    used before, or in the same moment by another, it revokes the grant.
    """
    first_use = update(table).where(mine, table.c.used_at.is_(None)).values(used_at=now)
    if connection.execute(first_use).rowcount != 1:
        revoke(connection, found.grant_id, now)
        return None
    if found.revoked_at is not None or found.ends_at <= now:
        return None
    return Grant(
        grant_id=found.grant_id,
        subject=found.subject,
        client_id=found.client_id,
        scope=found.scope,
        acr=found.acr,
        auth_time=found.auth_time,
        nonce=getattr(found, "nonce", None),
        jkt=found.jkt,
    )


def _grant_row(attempt: Attempt, resident: Resident, grant_id: str, now: int) -> dict[str, Any]:
    return {
        "grant_id": grant_id,
        "subject": resident.subject,
        "client_id": attempt.request.client_id,
        "scope": " ".join(given(attempt.request.scopes, resident.roles)),
        "acr": resident.acr,
        "auth_time": attempt.auth_time,
        "ends_at": now + GRANT_SECONDS,
    }


def _code_row(request: AuthorizationRequest, grant_id: str, code: str, now: int) -> dict[str, Any]:
    return {
        "code_hash": hashed(code),
        "grant_id": grant_id,
        "redirect_uri": request.redirect_uri,
        "code_challenge": request.code_challenge,
        "nonce": request.nonce,
        "jkt": request.dpop_jkt,
        "ends_at": now + CODE_SECONDS,
    }
