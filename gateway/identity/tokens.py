"""What the provider issues: access tokens (RFC 9068), ID tokens and the claims about a resident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.identity.grants import Grant
from gateway.identity.keys import SigningKeys
from gateway.identity.secret_values import new_secret
from gateway.registers.population import Resident
from gateway.settings import ACCESS_SECONDS

ID_SECONDS = 300

ACCESS_TYP = "at+jwt"
ID_TYP = "JWT"


@dataclass(frozen=True, slots=True)
class Minter:
    """Signs tokens for one issuer. `audience` is the gateway's name in access tokens, which live
    `access_seconds`.
    """

    keys: SigningKeys
    issuer: str
    audience: str
    access_seconds: int = ACCESS_SECONDS

    def access_token(self, grant: Grant, resident: Resident, scope: str, now: int) -> str:
        """An access token for the gateway, bound to the grant's key if it has one
        (RFC 9449, section 6).
        """
        confirmation = {} if grant.jkt is None else {"cnf": {"jkt": grant.jkt}}
        actor = {} if grant.actor is None else {"act": {"sub": grant.actor}}
        claims = {
            **self._common(grant, now, self.access_seconds),
            **confirmation,
            **actor,
            "aud": self.audience,
            "jti": new_secret(),
            "client_id": grant.client_id,
            "scope": scope,
            "roles": list(resident.roles),
        }
        return self.keys.sign(claims, ACCESS_TYP)

    def id_token(self, grant: Grant, resident: Resident, now: int) -> str:
        """An ID token for the client; `nonce` only where the request had one."""
        nonce = {} if grant.nonce is None else {"nonce": grant.nonce}
        claims = {
            **self._common(grant, now, ID_SECONDS),
            "aud": grant.client_id,
            **nonce,
            **profile(resident, grant.scopes),
        }
        return self.keys.sign(claims, ID_TYP)

    def read_access_token(self, token: str, now: int) -> dict[str, Any] | None:
        """The claims of one of our access tokens that has not run out, or None."""
        claims = self.keys.verify(token, ACCESS_TYP, self.audience, self.issuer)
        return claims if claims is not None and claims["exp"] > now else None

    def read_id_token(self, token: str, client_id: str) -> dict[str, Any] | None:
        """The claims of one of our ID tokens for that client, run out or not, or None."""
        return self.keys.verify(token, ID_TYP, client_id, self.issuer)

    def _common(self, grant: Grant, now: int, seconds: int) -> dict[str, Any]:
        return {
            "iss": self.issuer,
            "sub": grant.subject,
            "iat": now,
            "exp": now + seconds,
            "auth_time": grant.auth_time,
            "acr": grant.acr,
            "sid": grant.grant_id,
        }


def profile(resident: Resident, scopes: frozenset[str]) -> dict[str, Any]:
    """The claims of the `profile` scope, or none without it."""
    if "profile" not in scopes:
        return {}
    return {
        "name": resident.name,
        "family_name": resident.family_name,
        "given_name": resident.given_name,
        "birthdate": resident.birthdate.isoformat(),
        "gender": resident.gender,
        "ward_code": resident.ward_code,
        "roles": list(resident.roles),
    }
