"""The one way to the gateway: `GatewayClient._send`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urljoin

import httpx

from services.answers import Answer, error_of
from services.chance import uniform
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotPermitted, Offline, ServiceError
from services.reach import Reach
from services.transport import ANSWER_LIMIT, CALL, UPLOAD, exchange, open_http

__all__ = [
    "ANSWER_LIMIT",
    "Answer",
    "File",
    "GatewayClient",
    "exchange",
    "jittered",
    "open_http",
    "segment",
]

ATTEMPTS = 3
PATIENCE = 20.0
"""Seconds after which nothing is tried again without being asked."""
DOWN = frozenset({502, 503, 504})
"""Statuses that say that the gateway is not there for anyone."""

JSON = "application/json, application/problem+json"
"""What we ask for: problem documents (RFC 9457) too, where a city has them."""

Param = str | int | float | bool | None
Form = Mapping[str, str | list[str]]
File = tuple[str, bytes, str]
"""File name, content and media type."""
Headers = Mapping[str, str]


def jittered(attempt: int) -> float:
    """Return the seconds to wait after the given attempt (1, 2): about 0.3, then about 0.9."""
    return uniform(0.15, 0.45) * (1, 3, 9)[attempt - 1]


class GatewayClient:
    """Calls the gateway at `base_url` and gives back JSON or bytes, or raises a `ServiceError`.

    `aliases` are other addresses by which the gateway names itself in the links it gives out (its
    public URL, when we reach it by another). `reach` is told how every try ends; `backoff` gives the
    seconds after an attempt.
    """

    def __init__(
        self,
        base_url: str,
        http: httpx.AsyncClient,
        clock: ServerClock,
        auth: httpx.Auth | None = None,
        *,
        aliases: Sequence[str] = (),
        reach: Reach | None = None,
        backoff: Callable[[int], float] = jittered,
        user_agent: str = "",
    ) -> None:
        self._base_url = base_url.rstrip("/") + "/"
        self._http = http
        self._clock = clock
        self._auth = auth
        self._aliases = tuple(alias.rstrip("/") + "/" for alias in aliases)
        self._reach = reach or Reach()
        self._backoff = backoff
        self._user_agent = user_agent

    @property
    def reachable(self) -> bool:
        """Whether the last thing known is that the gateway answers; asks nothing."""
        return self._reach.open

    async def get(
        self,
        path: str,
        *,
        accept: str = JSON,
        public: bool = False,
        query: Mapping[str, Param] | None = None,
        **params: Param,
    ) -> Any:
        """Return the JSON at `path`; None params are left out. `public` calls carry no token."""
        request = self._read(path, {**(query or {}), **params}, accept)
        return (await self._send(request, retry=True, public=public)).json()

    async def fetch(
        self,
        path: str,
        *,
        etag: str = "",
        accept: str = JSON,
        public: bool = False,
        patience: float = 0,
        retry: bool = True,
        query: Mapping[str, Param] | None = None,
    ) -> Answer:
        """Return the whole answer to a read; its status is 304 when `etag` still names it.

        `patience` adds the seconds for which the gateway was asked to hold the answer back.
        """
        request = self._read(path, query or {}, accept)
        request.extensions["timeout"]["read"] += patience
        if etag:
            request.headers["If-None-Match"] = etag
        return await self._send(request, retry=retry, public=public)

    async def get_bytes(
        self, url: str, *, accept: str = "*/*", headers: Headers | None = None, **params: Param
    ) -> bytes:
        """Return the content at a path or at a link the gateway gave (a photo, a certificate)."""
        request = self._read(url, params, accept)
        request.headers.update(headers or {})
        return (await self._send(request, retry=True)).content

    async def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Form | None = None,
        files: Sequence[tuple[str, File]] = (),
        idempotency_key: str | None = None,
        if_match: str | None = None,
        accept: str = JSON,
        public: bool = False,
        retry: bool | None = None,
        headers: Headers | None = None,
    ) -> Any:
        """Send JSON, a form or multipart and return the JSON answer; retried only with a key."""
        answer = await self.send(
            "POST",
            path,
            json=json,
            data=data,
            files=files,
            idempotency_key=idempotency_key,
            if_match=if_match,
            accept=accept,
            public=public,
            retry=idempotency_key is not None if retry is None else retry,
            headers=headers,
        )
        return answer.json()

    async def put(
        self, path: str, *, json: Any = None, retry: bool = True, headers: Headers | None = None
    ) -> Any:
        """Set what stands at `path` and return the JSON answer; doing it twice is doing it once."""
        return (await self.send("PUT", path, json=json, retry=retry, headers=headers)).json()

    async def delete(self, path: str, *, retry: bool = True) -> None:
        """Remove what stands at `path`; doing it twice is doing it once."""
        await self.send("DELETE", path, retry=retry)

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        data: Form | None = None,
        files: Sequence[tuple[str, File]] = (),
        idempotency_key: str | None = None,
        if_match: str | None = None,
        accept: str = JSON,
        public: bool = False,
        retry: bool = False,
        headers: Headers | None = None,
    ) -> Answer:
        """Send a write and return the whole answer, a 2xx."""
        headers = {**(headers or {}), "Accept": accept}
        if if_match is not None:
            headers["If-Match"] = if_match
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        if files and idempotency_key is not None:
            # The same key has to come with the same bytes, so the boundary is not random.
            boundary = sha256(idempotency_key.encode()).hexdigest()[:40]
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        request = httpx.Request(
            method,
            self.url(path),
            json=json,
            data=data,
            files=list(files) or None,
            headers=headers,
            extensions={"timeout": (UPLOAD if files else CALL).as_dict()},
        )
        return await self._send(request, retry=retry, public=public)

    def url(self, path: str) -> str:
        """Return the address of a path below the gateway's own, or of a link it gave out.

        Raises NotPermitted for a link to another origin: our token and, on the web, our
        server's network are none of its business.
        """
        if "://" not in path and not path.startswith("//"):
            return self._base_url + path.lstrip("/")
        for alias in self._aliases:
            if path.startswith(alias):
                return self._base_url + path.removeprefix(alias)
        if not _same_origin(path, self._base_url):
            raise NotPermitted("other_origin")
        return path

    def link(self, link: str) -> str:
        """Resolve a link found in an answer, which may be relative to the gateway's address."""
        return self.url(urljoin(self._base_url, link))

    def _read(self, path: str, params: Mapping[str, Param], accept: str) -> httpx.Request:
        given = {name: value for name, value in params.items() if value is not None}
        return httpx.Request(
            "GET",
            httpx.URL(self.url(path)).copy_merge_params(given),
            headers={"Accept": accept},
            extensions={"timeout": CALL.as_dict()},
        )

    async def _send(
        self, request: httpx.Request, *, retry: bool = False, public: bool = False
    ) -> Answer:
        """Send with up to three attempts where that is safe; the answer is a 2xx."""
        if self._user_agent:
            request.headers["User-Agent"] = self._user_agent
        started = self._clock.steady()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._send_once(request, None if public else self._auth)
            except (Offline, GatewayUnavailable) as error:
                pause = max(self._backoff(attempt), getattr(error, "retry_after", None) or 0)
                spent = self._clock.steady() - started + pause
                again = retry and _passing(error) and spent < PATIENCE
                if attempt == ATTEMPTS or not again:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _send_once(self, request: httpx.Request, auth: httpx.Auth | None) -> Answer:
        try:
            answer = await exchange(self._http, request, self._clock, auth)
        except Offline:
            self._reach.lost()
            raise
        self._reach.lost() if answer.status in DOWN else self._reach.seen()
        if request.method == "GET" and answer.status in (301, 302, 303, 307, 308):
            answer = await exchange(
                self._http, self._redirected(request, answer), self._clock, auth
            )
        if answer.status == 304 and "if-none-match" in request.headers:
            return answer
        error = error_of(answer, self._clock.now())
        if error is not None:
            raise error
        return answer

    def _redirected(self, request: httpx.Request, answer: Answer) -> httpx.Request:
        """Follow one redirect of a read, and only inside the gateway's origin."""
        target = urljoin(str(request.url), answer.headers.get("location", ""))
        if not _same_origin(target, self._base_url):
            raise GatewayUnavailable("redirected_elsewhere", status=answer.status)
        return httpx.Request(
            "GET",
            target,
            headers={"Accept": request.headers["Accept"]},
            extensions=request.extensions,
        )


def segment(value: str) -> str:
    """Return an id as one path segment: whatever it holds, it cannot reach another path."""
    return quote(value, safe="") if value.strip(".") else "%2E" * len(value)


def _passing(error: ServiceError) -> bool:
    return isinstance(error, Offline) or getattr(error, "status", None) == 503


def _same_origin(one: str, other: str) -> bool:
    try:
        first, second = httpx.URL(one), httpx.URL(other)
    except httpx.InvalidURL:
        return False
    return (first.scheme, first.host, _port(first)) == (second.scheme, second.host, _port(second))


def _port(url: httpx.URL) -> int | None:
    return url.port or {"http": 80, "https": 443}.get(url.scheme)
