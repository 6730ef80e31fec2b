"""Who calls, on every request: the access token, renewed in time (RFC 6750)."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx

from services.identity import Identity


class BearerAuth(httpx.Auth):
    """Adds the access token, refreshed in time, and tries once more after a 401."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Sign one request; unsigned when nobody is signed in."""
        token = await self._identity.access_token()
        if token is None:
            yield request
            return
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        # A fresh token of the same level does not answer a request for a higher one (RFC 9470).
        step_up = "insufficient_user_authentication" in response.headers.get("www-authenticate", "")
        if response.status_code != 401 or step_up:
            return
        token = await self._identity.access_token(refused=token)
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
            yield request
