"""One OpenID Connect provider: discovery, and the endpoints it offers.

Discovery is all that is known about it. Signatures are checked against its published keys, times
against the server's clock: a phone set to the wrong day can still sign in.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpx
import jwt

from services import id_tokens
from services.answers import Answer, error_of
from services.clock import ServerClock
from services.errors import GatewayUnavailable, Offline, ServiceError, SignInRequired
from services.id_tokens import Expected
from services.proofs import ALGORITHM as PROOF_ALGORITHM
from services.proofs import DeviceKey, asks_again, nonce_of
from services.transport import CALL, exchange

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
        self._nonce: str | None = None

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

    async def takes_proofs(self) -> bool:
        """Whether tokens can be bound to a device's key there (RFC 9449, section 5.1)."""
        offered = (await self.document()).get("dpop_signing_alg_values_supported")
        return isinstance(offered, list) and PROOF_ALGORITHM in offered

    async def push(self, asked: Mapping[str, str]) -> str | None:
        """Tell what is asked for directly (RFC 9126): return the reference for the browser, None
        where the provider does not offer it.
        """
        address = await self.endpoint("pushed_authorization_request_endpoint")
        if address is None:
            return None
        answer = await self._post(address, asked)
        reference = answer.get("request_uri") if isinstance(answer, dict) else None
        if not isinstance(reference, str) or not reference:
            raise GatewayUnavailable("provider_unavailable")
        return reference

    async def token(self, key: DeviceKey | None, **form: str) -> Mapping[str, Any]:
        """Call the token endpoint with a proof of `key`; SignInRequired(`signed_out`) when the
        grant is no good. The answer's `token_type` says whether the tokens are bound to the key.
        """
        answer = await self._post(await self.required("token_endpoint"), form, key)
        kinds = ("bearer",) if key is None else ("bearer", "dpop")
        kind = str(answer.get("token_type", "")).lower() if isinstance(answer, dict) else ""
        if kind not in kinds or not isinstance(answer.get("access_token"), str):
            raise GatewayUnavailable("provider_unavailable")
        return dict(answer)

    async def revoke(self, token: str) -> None:
        """Make a token worthless, as far as the provider can be reached and knows how."""
        with suppress(ServiceError):
            if address := await self.endpoint("revocation_endpoint"):
                await self._post(address, {"token": token})

    async def userinfo(
        self, access_token: str, subject: str, key: DeviceKey | None
    ) -> Mapping[str, Any]:
        """Return the userinfo claims of this subject; none where the provider has none."""
        address = await self.endpoint("userinfo_endpoint")
        if address is None:
            return {}
        claims = await self._get(address, access_token, key)
        if not isinstance(claims, dict) or claims.get("sub") != subject:
            raise SignInRequired("userinfo_refused")
        return claims

    async def end_session_url(self, id_token: str, redirect_uri: str | None) -> str | None:
        """Return the address that ends the provider's own session, None where it has none or
        cannot be asked.
        """
        try:
            address = await self.endpoint("end_session_endpoint")
        except (Offline, GatewayUnavailable):
            return None
        if address is None:
            return None
        params = {"id_token_hint": id_token, "client_id": self._settings.client_id}
        if redirect_uri:
            params["post_logout_redirect_uri"] = redirect_uri
        return str(httpx.URL(address).copy_merge_params(params))

    async def checked(
        self, id_token: Any, *, access_token: str, nonce: str | None
    ) -> Mapping[str, Any]:
        """Return the claims of an ID token; raises SignInRequired for any doubt."""
        kid, algorithm = id_tokens.signed_with(id_token)
        key = await self._key(kid)
        issuer, client_id = self._settings.issuer, self._settings.client_id
        now = self._clock.now().timestamp()
        expected = Expected(issuer, client_id, now, access_token, nonce)
        return id_tokens.checked(id_token, key, algorithm, expected)

    async def _key(self, kid: str | None) -> jwt.PyJWK:
        """Return the key of this id; keys are fetched once more when it is unknown."""
        if self._keys is not None and (found := id_tokens.chosen(self._keys, kid)):
            return found
        answer = await self._get(await self.required("jwks_uri"))
        try:
            self._keys = jwt.PyJWKSet.from_dict(answer).keys
        except (jwt.PyJWTError, AttributeError, TypeError):
            raise GatewayUnavailable("provider_unavailable") from None
        found = id_tokens.chosen(self._keys, kid)
        if found is None:
            raise SignInRequired("id_token_refused")
        return found

    async def _get(
        self, address: str, access_token: str | None = None, key: DeviceKey | None = None
    ) -> Any:
        request = httpx.Request(
            "GET",
            address,
            headers={"Accept": "application/json"},
            extensions={"timeout": CALL.as_dict()},
        )
        if access_token is not None:
            scheme = "Bearer" if key is None else "DPoP"
            request.headers["Authorization"] = f"{scheme} {access_token}"
        return await self._call(request, key, access_token)

    async def _post(
        self, address: str, form: Mapping[str, str], key: DeviceKey | None = None
    ) -> Any:
        request = httpx.Request(
            "POST",
            address,
            data={"client_id": self._settings.client_id, **form},
            headers={"Accept": "application/json"},
            extensions={"timeout": CALL.as_dict()},
        )
        return await self._call(request, key)

    async def _call(
        self, request: httpx.Request, key: DeviceKey | None, access_token: str | None = None
    ) -> Any:
        answer = await self._proven(request, key, access_token)
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

    async def _proven(
        self, request: httpx.Request, key: DeviceKey | None, access_token: str | None
    ) -> Answer:
        """Send with a proof of the key, once more when the provider wants another."""
        answer = await self._exchange(request, key, access_token)
        if key is None or not asks_again(_refusal_of(answer)):
            return answer
        return await self._exchange(request, key, access_token)

    async def _exchange(
        self, request: httpx.Request, key: DeviceKey | None, access_token: str | None
    ) -> Answer:
        if key is not None:
            now, url = self._clock.now(), request.url
            request.headers["DPoP"] = key.proof(
                request.method, url, now, nonce=self._nonce, access_token=access_token
            )
        answer = await exchange(self._http, request, self._clock)
        self._nonce = nonce_of(answer.headers) or self._nonce
        return answer


def _refusal_of(answer: Answer) -> str:
    """Where a provider says why it refused: its token endpoint and its resources differ."""
    if answer.status not in (400, 401):
        return ""
    challenge: str = answer.headers.get("www-authenticate", "")
    return challenge + answer.content.decode("utf-8", "replace")


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
