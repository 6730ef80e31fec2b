"""One OpenID Connect provider: discovery, its endpoints, and the checks of its ID tokens.

Discovery is all that is known about it. Signatures are checked against its published keys, times
against the server's clock: a phone set to the wrong day can still sign in.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpx
import jwt

from services.answers import error_of
from services.clock import ServerClock
from services.errors import GatewayUnavailable, ServiceError, SignInRequired
from services.transport import CALL, exchange

ALGORITHMS = {"ES256": "sha256", "RS256": "sha256", "PS256": "sha256", "EdDSA": "sha512"}
"""What an ID token may be signed with, and the hash that goes with it in `at_hash`."""
LEEWAY = 60
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Which provider to trust and as which public client.

    `acr_order` lists the authentication levels from low to high.
    """

    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ("openid", "profile", "offline_access")
    acr_order: tuple[str, ...] = ("loa1", "loa2")


class Provider:
    """Calls one provider. Every call raises Offline without an answer, and
    GatewayUnavailable(`provider_unavailable` or `provider_untrusted`) for a useless one.
    """

    def __init__(
        self, settings: ProviderSettings, http: httpx.AsyncClient, clock: ServerClock
    ) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._document: Mapping[str, Any] | None = None
        self._keys: list[jwt.PyJWK] | None = None

    async def document(self) -> Mapping[str, Any]:
        """Return the discovery document, fetched once."""
        if self._document is None:
            address = _secure(self._settings.issuer.rstrip("/") + DISCOVERY)
            found = await self._get(address)
            if not isinstance(found, dict) or found.get("issuer") != self._settings.issuer:
                raise GatewayUnavailable("provider_untrusted")
            self._document = found
        return self._document

    async def endpoint(self, name: str) -> str | None:
        """Return an endpoint's address, None where the provider has none."""
        address = (await self.document()).get(name)
        return None if address is None else _secure(str(address), self._settings.issuer)

    async def required(self, name: str) -> str:
        """Return an endpoint's address, which has to be there."""
        address = await self.endpoint(name)
        if address is None:
            raise GatewayUnavailable("provider_untrusted")
        return address

    async def token(self, **form: str) -> Mapping[str, Any]:
        """Call the token endpoint; SignInRequired(`signed_out`) when the grant is no good."""
        answer = await self._post(await self.required("token_endpoint"), form)
        kind = str(answer.get("token_type", "")).lower() if isinstance(answer, dict) else ""
        if kind != "bearer" or not isinstance(answer.get("access_token"), str):
            raise GatewayUnavailable("provider_unavailable")
        return dict(answer)

    async def revoke(self, token: str) -> None:
        """Make a token worthless, as far as the provider can be reached and knows how."""
        with suppress(ServiceError):
            if address := await self.endpoint("revocation_endpoint"):
                await self._post(address, {"token": token})

    async def userinfo(self, access_token: str, subject: str) -> Mapping[str, Any]:
        """Return the userinfo claims of this subject; none where the provider has none."""
        address = await self.endpoint("userinfo_endpoint")
        if address is None:
            return {}
        claims = await self._get(address, {"Authorization": f"Bearer {access_token}"})
        if not isinstance(claims, dict) or claims.get("sub") != subject:
            raise SignInRequired("userinfo_refused")
        return claims

    async def checked(
        self, id_token: Any, *, access_token: str, nonce: str | None
    ) -> Mapping[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core, 3.1.3.7).

        Raises SignInRequired: `nonce_mismatch`, or `id_token_refused` for any other doubt.
        """
        try:
            header = jwt.get_unverified_header(id_token)
            algorithm = str(header.get("alg"))
            if algorithm not in ALGORITHMS:
                raise SignInRequired("id_token_refused")
            key = await self._key(header.get("kid"))
            claims = self._verified(id_token, key, algorithm)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise SignInRequired("id_token_refused") from None
        self._check_party(claims)
        self._check_times(claims)
        _check_hash(claims.get("at_hash"), access_token, algorithm)
        if nonce is not None and not _equal(claims.get("nonce"), nonce):
            raise SignInRequired("nonce_mismatch")
        return claims

    def _verified(self, id_token: str, key: jwt.PyJWK, algorithm: str) -> dict[str, Any]:
        return jwt.decode(
            id_token,
            key.key,
            algorithms=[algorithm],
            audience=self._settings.client_id,
            issuer=self._settings.issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                # PyJWT knows only the device's clock.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )

    def _check_party(self, claims: Mapping[str, Any]) -> None:
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if others else self._settings.client_id)
        if party != self._settings.client_id or not isinstance(claims["sub"], str):
            raise SignInRequired("id_token_refused")

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        times = claims["exp"], claims["iat"]
        if not all(isinstance(time, int | float) for time in times):
            raise SignInRequired("id_token_refused")
        if times[0] <= now - LEEWAY or times[1] > now + LEEWAY:
            raise SignInRequired("id_token_refused")

    async def _key(self, kid: Any) -> jwt.PyJWK:
        """Return the key of this id; keys are fetched once more when it is unknown."""
        if self._keys is not None and (found := _chosen(self._keys, kid)):
            return found
        answer = await self._get(await self.required("jwks_uri"))
        if not isinstance(answer, dict):
            raise GatewayUnavailable("provider_unavailable")
        self._keys = jwt.PyJWKSet.from_dict(answer).keys
        found = _chosen(self._keys, kid)
        if found is None:
            raise SignInRequired("id_token_refused")
        return found

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> Any:
        return await self._call(
            httpx.Request(
                "GET",
                address,
                headers={"Accept": "application/json", **(headers or {})},
                extensions={"timeout": CALL.as_dict()},
            )
        )

    async def _post(self, address: str, form: Mapping[str, str]) -> Any:
        return await self._call(
            httpx.Request(
                "POST",
                address,
                data={"client_id": self._settings.client_id, **form},
                headers={"Accept": "application/json"},
                extensions={"timeout": CALL.as_dict()},
            )
        )

    async def _call(self, request: httpx.Request) -> Any:
        answer = await exchange(self._http, request, self._clock)
        error = error_of(answer, self._clock.now())
        if error is None:
            return answer.json()
        if error.code == "invalid_grant":
            raise SignInRequired("signed_out", error.reference)
        # Whatever else it says is between the app and the provider: nobody is signed out by it.
        raise GatewayUnavailable(
            "provider_unavailable",
            error.reference,
            retry_after=getattr(error, "retry_after", None),
            status=answer.status,
        )


def _chosen(keys: list[jwt.PyJWK], kid: Any) -> jwt.PyJWK | None:
    signing = [key for key in keys if key.public_key_use in (None, "sig")]
    if kid is None:
        return signing[0] if len(signing) == 1 else None
    return next((key for key in signing if key.key_id == kid), None)


def _check_hash(at_hash: Any, access_token: str, algorithm: str) -> None:
    if at_hash is None:
        return
    digest = hashlib.new(ALGORITHMS[algorithm], access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not _equal(at_hash, half):
        raise SignInRequired("id_token_refused")


def _equal(one: Any, other: str) -> bool:
    return isinstance(one, str) and secrets.compare_digest(one.encode(), other.encode())


def _secure(address: str, issuer: str | None = None) -> str:
    """Return an https address; plain http only for this machine, and not from an https issuer."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise GatewayUnavailable("provider_untrusted") from None
    plain = url.scheme == "http" and _loopback(url.host)
    if issuer is not None and issuer.startswith("https:"):
        plain = False
    if not (url.scheme == "https" and url.host) and not plain:
        raise GatewayUnavailable("provider_untrusted")
    return address


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
