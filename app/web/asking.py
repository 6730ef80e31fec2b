"""For whom the web host asks: the gateway counts checks by address, and all residents share the host's."""

import httpx

from app.web.addresses import origin_of


def asking_for(http: httpx.AsyncClient, address: str, gateway_url: str) -> httpx.AsyncClient:
    """A client of one tab over `http`'s own connections; tells the gateway alone the browser's address."""
    if not address:
        return http
    transport = _Told(http, address, origin_of(gateway_url))
    return httpx.AsyncClient(transport=transport, trust_env=False)


class _Told(httpx.AsyncBaseTransport):
    """Adds `Forwarded: for=` (RFC 7239, section 4); closing it closes nothing."""

    def __init__(self, http: httpx.AsyncClient, address: str, origin: str) -> None:
        self._http, self._origin = http, origin
        self._said = f'for="[{address}]"' if ":" in address else f"for={address}"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it as the process's client would."""
        if origin_of(str(request.url)) == self._origin:
            request.headers["Forwarded"] = self._said
        return await self._http._transport_for_url(request.url).handle_async_request(request)
