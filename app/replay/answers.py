"""What a replay has instead of a network: the answers that were recorded, each given as it came.

A request is matched by method and address, each recorded answer is used once in its order, and an
answer takes the time it took. Whatever nobody recorded fails as a cut line would, and is noted.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from services.diagnostics.har import GIVEN_UP

HOST = "https://gateway.invalid"
ISSUER = f"{HOST}/identity"

LIVE = "/reports/changes"
"""The long poll: how often it is asked hangs on nothing a resident did, so the last one never ends."""

SLOW = 5.0
"""Seconds by which a busy device may have asked later than its replay does."""

GRACE = 0.3
"""Seconds after which it is plain that a request is not given up in the replay."""

FAILURES: Mapping[str, type[httpx.TransportError]] = {
    name: getattr(httpx, name)
    for name in (
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ReadError",
        "ReadTimeout",
        "RemoteProtocolError",
        "WriteError",
        "WriteTimeout",
    )
}
"""How a request can end without an answer, by the name in the recording."""


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A request of the replay that the recording has no answer to; `at` in seconds."""

    at: float
    method: str
    path: str


@dataclass(slots=True)
class _Kept:
    entry: Mapping[str, Any]
    used: bool = False
    lent: bool = False


class RecordedAnswers(httpx.AsyncBaseTransport):
    """Answers from the entries of a HAR document; `start` is the loop's time at its beginning.

    `whole` says that it begins with the app: what is asked first was asked first there, too.
    """

    def __init__(
        self, entries: Sequence[Mapping[str, Any]], start: float = 0.0, *, whole: bool = False
    ) -> None:
        # They were written down as they ended.
        self._kept = [_Kept(entry) for entry in sorted(entries, key=_at)]
        self._start = start
        self._whole = whole
        self.unrecorded: list[Unrecorded] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Give the next recorded answer to this request, when it came."""
        kept = self._match(request)
        if kept is None:
            return await self._unknown(request)
        kept.used = True
        if _given_up(kept.entry):
            kept = await self._instead(kept)
        # A busy device asked later than its replay does: the end comes when it came there.
        late = 0.0 if kept.lent else max(0.0, _at(kept.entry) - self._now())
        # Its head may be acted on long before it ends: a refused token is renewed meanwhile.
        rest = _rest(kept.entry)
        try:
            await asyncio.sleep(late + _took(kept.entry) - rest)
        except asyncio.CancelledError:
            # Nobody waits for it any more, so it answers whoever asks next.
            kept.used = kept.lent
            raise
        return _response(self._in_full(kept.entry, request), request, rest)

    async def _instead(self, given_up: _Kept) -> _Kept:
        """What answers a request for which nobody waited in the recording, if somebody does here.

        Of several that ask the same at once, another one may have been given up there.
        """
        ended = _at(given_up.entry) + _took(given_up.entry)
        await asyncio.sleep(max(0.0, ended - self._now()) + GRACE)
        address = _address_of(given_up.entry)
        if not address[1].endswith(LIVE):
            alike = [k for k in self._kept if _address_of(k.entry) == address]
            before = [k for k in alike if k.used and not _given_up(k.entry)]
            if before:
                return _Kept(before[-1].entry, lent=True)
            for kept in alike:
                if not kept.used and not _given_up(kept.entry):
                    kept.used = True
                    return kept
        never: asyncio.Future[_Kept] = asyncio.get_running_loop().create_future()
        return await never

    def _in_full(self, entry: Mapping[str, Any], request: httpx.Request) -> Mapping[str, Any]:
        """The answer that a 304 speaks of, for a replay that has not kept it: two ends fell together."""
        if _status(entry) != 304 or "if-none-match" in request.headers:
            return entry
        address = _address_of(entry)
        full = (k.entry for k in reversed(self._kept) if _address_of(k.entry) == address)
        return next((e for e in full if _status(e) == 200 and _at(e) <= _at(entry)), entry)

    def was_refreshed(self) -> bool:
        """Whether the recording goes on at once with another try of the request refused last, and a better end.

        The token endpoint's own answers hold nothing but secrets and are not in a recording.
        """
        refused = next(
            (k for k in reversed(self._kept) if k.used and _status(k.entry) == 401), None
        )
        if refused is None:
            return False
        address, end = _address_of(refused.entry), _at(refused.entry) + _took(refused.entry)
        return any(
            not kept.used
            and _address_of(kept.entry) == address
            and _status(kept.entry) != 401
            and end - 0.1 <= _at(kept.entry) <= end + SLOW
            for kept in self._kept
        )

    def _match(self, request: httpx.Request) -> _Kept | None:
        method, path, query = request.method, _path(request.url), _query(request.url)
        waiting = [k for k in self._kept if not k.used and k.entry["request"]["method"] == method]
        alike = [k for k in waiting if _path(_url(k.entry)) == path]
        exact = [k for k in alike if _query(_url(k.entry)) == query]
        formerly = self._formerly(method, path)
        # A stand-in in an address need not be the one the replayed app made there.
        akin = [] if formerly else [k for k in waiting if _is_of(k.entry, path)]
        found = next(iter(exact or alike or akin), None)
        if found is not None and self._whole and not formerly:
            # Nothing was asked before this recording: the device was that slow.
            return found
        if found is None or (method == "GET" and _at(found.entry) > self._now() + SLOW):
            # Asked before the recording began, or once more: as before, or as it was soon after.
            return _lent(next(iter(formerly), found))
        return found

    def _formerly(self, method: str, path: str) -> list[_Kept]:
        """What a read was answered last: asked once more than recorded, it is answered so again."""
        if method != "GET" or path.endswith(LIVE):
            return []
        known = [k for k in self._kept if k.used and _address_of(k.entry) == (method, path)]
        return known[::-1]

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._start

    async def _unknown(self, request: httpx.Request) -> httpx.Response:
        path = _path(request.url)
        if path.endswith(LIVE):
            await asyncio.get_running_loop().create_future()
        self.unrecorded.append(Unrecorded(self._now(), request.method, path))
        raise httpx.ConnectError("not recorded", request=request)


def _took(entry: Mapping[str, Any]) -> float:
    return max(0.0, float(entry.get("time") or 0.0)) / 1000


def _rest(entry: Mapping[str, Any]) -> float:
    """Seconds between the head of an answer and its end."""
    received = (entry.get("timings") or {}).get("receive")
    if not isinstance(received, int | float) or not _status(entry):
        return 0.0
    return min(max(0.0, received / 1000), _took(entry))


class _Body(httpx.AsyncByteStream):
    """A body that has come after so many seconds."""

    def __init__(self, content: bytes, seconds: float) -> None:
        self._content = content
        self._seconds = seconds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.sleep(self._seconds)
        yield self._content


def _status(entry: Mapping[str, Any]) -> int:
    return int(entry["response"]["status"])


def _lent(kept: _Kept | None) -> _Kept | None:
    """An answer whose own request is still to come."""
    return _Kept(kept.entry, lent=True) if kept is not None else None


def _at(entry: Mapping[str, Any]) -> float:
    return float(entry.get("_at") or 0.0)


def _given_up(entry: Mapping[str, Any]) -> bool:
    """Whether nobody waited for the answer any more: the app's own limit, or another screen."""
    return not _status(entry) and entry.get("_error") in (GIVEN_UP, "TimeoutError")


def _response(entry: Mapping[str, Any], request: httpx.Request, rest: float) -> httpx.Response:
    failed = entry.get("_error")
    if failed and not _status(entry):
        raise FAILURES.get(str(failed), httpx.ReadError)("as recorded", request=request)
    response = entry["response"]
    headers = [(str(h["name"]), str(h["value"])) for h in response.get("headers", ())]
    # The body is kept as it was read: no longer compressed, no longer cut in chunks.
    spoiled = ("content-encoding", "content-length", "transfer-encoding")
    headers = [(name, value) for name, value in headers if name.lower() not in spoiled]
    body = _Body(_content(response), rest)
    return httpx.Response(int(response["status"]), headers=headers, stream=body, request=request)


def _content(response: Mapping[str, Any]) -> bytes:
    content = response.get("content") or {}
    text = str(content.get("text") or "")
    return base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()


def _url(entry: Mapping[str, Any]) -> httpx.URL:
    return httpx.URL(entry["request"]["url"])


def _address_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["request"]["method"], _path(_url(entry))


def _is_of(entry: Mapping[str, Any], path: str) -> bool:
    """Whether a path is one of the entry's operation, such as `GET /reports/{id}`."""
    template = str(entry.get("_operation", "")).partition(" ")[2].removeprefix("/api")
    pattern = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template)))
    return bool(template) and re.fullmatch(pattern, path) is not None


def _path(url: httpx.URL) -> str:
    """The path below the gateway's own, wherever that stood when it was recorded."""
    return url.path.removeprefix("/api") or "/"


def _query(url: httpx.URL) -> list[tuple[str, str]]:
    return sorted(url.params.multi_items())
