"""The way to the gateway, which a journey may cut."""

from __future__ import annotations

import httpx


class Link(httpx.AsyncBaseTransport):
    """A transport in front of another; `cut` is a line without a network.

    `lost_answers`: so many answers to writes get lost on their way back.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.cut = False
        self.lost_answers = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut")
        answer = await self.inner.handle_async_request(request)
        if request.method != "GET" and self.lost_answers:
            self.lost_answers -= 1
            raise httpx.ReadError("lost")
        return answer


def link_of(http: httpx.AsyncClient) -> Link:
    """Put a line that can be cut between a client and what it reaches."""
    link = Link(http._transport)
    http._transport = link
    return link
