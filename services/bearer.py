"""Who calls, on every request: the access token, renewed in time (RFC 6750), and the proof of this
device's key where the token is bound to it (RFC 9449).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx

from services.errors import GatewayUnavailable
from services.identity import Identity
from services.proofs import asks_again, nonce_of
from services.standing import ACCOUNT_ERASED, SESSION_ENDED
from services.tokens import Tokens

TRIES = 3
"""Proofs made for one call: a gateway of several processes may ask for a nonce of each."""

Flow = AsyncGenerator[httpx.Request, httpx.Response]

ENDS = {
    "/problems/session-ended": SESSION_ENDED,
    "/problems/account-erased": ACCOUNT_ERASED,
}
"""How the gateway names, in its challenge, why it takes the tokens of a sign-in no more."""


class BearerAuth(httpx.Auth):
    """Adds the access token, refreshed in time, and tries once more after a 401."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._clock = identity.clock
        self._nonces: dict[bytes, str] = {}

    async def async_auth_flow(self, request: httpx.Request) -> Flow:
        """Sign one request; unsigned when nobody is signed in.

        Raises GatewayUnavailable(`proof_refused`) when no proof will do: that is no sign-out.
        """
        tokens = await self._identity.tokens()
        if tokens is None:
            yield request
            return
        for _ in range(TRIES):
            sent = self._clock.steady()
            response = yield self._signed(request, tokens)
            self._learn(request, response, sent)
            if not _wants_another_proof(response):
                break
        else:
            raise GatewayUnavailable("proof_refused", status=response.status_code)
        ends = (why for name, why in ENDS.items() if name in _challenge(response))
        if why := next(ends, None):
            await self._identity.expire(why)
            return
        # A fresh token of the same level does not answer a request for a higher one (RFC 9470).
        step_up = "insufficient_user_authentication" in _challenge(response)
        if response.status_code != 401 or step_up:
            return
        fresh = await self._identity.tokens(refused=tokens.access_token)
        if fresh is not None:
            yield self._signed(request, fresh)

    def _signed(self, request: httpx.Request, tokens: Tokens) -> httpx.Request:
        key = self._identity.key_of(tokens)
        if key is None:
            request.headers["Authorization"] = f"Bearer {tokens.access_token}"
            return request
        request.headers["Authorization"] = f"DPoP {tokens.access_token}"
        request.headers["DPoP"] = key.proof(
            request.method,
            request.url,
            self._clock.now(),
            nonce=self._nonces.get(request.url.netloc),
            access_token=tokens.access_token,
        )
        return request

    def _learn(self, request: httpx.Request, response: httpx.Response, sent: float) -> None:
        """Keep the nonce for the next proof, and the server's time, which a proof is made on."""
        if nonce := nonce_of(response.headers):
            self._nonces[request.url.netloc] = nonce
        self._clock.observe(response.headers.get("date"), sent, self._clock.steady())


def _wants_another_proof(response: httpx.Response) -> bool:
    return response.status_code == 401 and asks_again(_challenge(response))


def _challenge(response: httpx.Response) -> str:
    return str(response.headers.get("www-authenticate", ""))
