"""Requests and answers as HAR 1.2 entries (http://www.softwareishard.com/blog/har-12-spec/), reduced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from services.diagnostics.classes import PROBLEM
from services.diagnostics.classification import Place
from services.diagnostics.pictures import encoded, grey
from services.diagnostics.reducing import LARGEST, Reducer

ASKED = frozenset({"accept", "content-type", "if-match"})
TOLD = frozenset({"content-type", "date", "retry-after", "cache-control", "x-request-id"})
"""Headers kept as they are; `etag` and `if-none-match` get a stand-in, the challenge is cut short."""
TAGS = ("etag", "if-none-match")
FORM = "application/x-www-form-urlencoded"
GIVEN_UP = "CancelledError"
"""What ended a request that the app itself no longer wanted, or that still waited for its answer."""
NEVER = "•"
"""Stands for a body that was there and is not recorded."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went over the wire: `response` is None where `error` says why.

    `at` and the timings are in seconds; `content` is the decoded body, `cut` says that only
    some of it came.
    """

    request: httpx.Request = field(repr=False)
    response: httpx.Response | None = field(repr=False)
    content: bytes = field(repr=False)
    began: datetime
    at: float
    waited: float
    received: float
    error: str = ""


def entry(exchange: Exchange, reducer: Reducer, step: int) -> dict[str, Any]:
    """Return the HAR entry; nothing in it comes from a field that nobody classified."""
    request, asked = exchange.request, str(exchange.request.url)
    place, url = reducer.place(asked), reducer.url(asked)
    written: dict[str, Any] = {
        "startedDateTime": exchange.began.isoformat(),
        "time": round((exchange.waited + exchange.received) * 1000, 1),
        "request": _request(request, url, place, reducer),
        "response": _response(exchange, place, reducer),
        "cache": {},
        "timings": {
            "send": 0,
            "wait": round(exchange.waited * 1000, 1),
            "receive": round(exchange.received * 1000, 1),
        },
        "_at": round(exchange.at, 3),
        "_step": step,
        "_operation": f"{request.method} {place.template if place else NEVER}",
    }
    if exchange.error:
        written["_error"] = exchange.error
    return written


def again(entry: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """A recorded entry as the reducer gives it once more, such as under another secret."""
    request, response = entry["request"], entry["response"]
    status, place = int(response["status"]), reducer.place(request["url"])
    url = reducer.url(request["url"])
    asked = {
        **request,
        "url": url,
        "queryString": query_of(url),
        "headers": _tagged(request["headers"], reducer),
    }
    if sent := request.get("postData"):
        text = _body(sent["text"].encode(), sent["mimeType"], 200, place, reducer)
        asked["postData"] = {**sent, "text": text}
    told = {**response, "headers": _tagged(response["headers"], reducer)}
    if response["redirectURL"]:
        told["redirectURL"] = reducer.url(response["redirectURL"])
    content = response["content"]
    if "encoding" not in content:
        text = _body(content["text"].encode(), content["mimeType"], status, place, reducer)
        told["content"] = {**content, "text": text}
    return {**entry, "request": asked, "response": told}


def document(entries: list[dict[str, Any]], version: str) -> dict[str, Any]:
    """Return the whole HAR document."""
    creator = {"name": "iHaNoi open build", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _request(
    request: httpx.Request, url: str, place: Place | None, reducer: Reducer
) -> dict[str, Any]:
    headers = _plain(request.headers)
    found: dict[str, Any] = {
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, ASKED, "if-none-match", reducer),
        "queryString": query_of(url),
        "headersSize": -1,
        "bodySize": -1,
    }
    if sent := _sent(request, _kind(headers), place, reducer):
        found["postData"] = sent
    return found


def query_of(url: str) -> list[dict[str, str]]:
    """The parameters of an address as HAR wants them beside it."""
    if "?" not in url:
        return []
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return [{"name": name, "value": value} for name, value in query]


def _sent(
    request: httpx.Request, kind: str, place: Place | None, reducer: Reducer
) -> dict[str, Any] | None:
    try:
        content = request.content
    except httpx.RequestNotRead:
        # Multipart is written while it is sent.
        return {"mimeType": kind, "text": NEVER, "params": []}
    if not content:
        return None
    text = NEVER
    if place is not None and len(content) <= LARGEST:
        text = _body(content, kind, 200, place, reducer)
    return {"mimeType": kind, "text": text, "params": []}


def _response(exchange: Exchange, place: Place | None, reducer: Reducer) -> dict[str, Any]:
    response = exchange.response
    found: dict[str, Any] = {
        "status": response.status_code if response is not None else 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown", "text": ""},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(exchange.content),
    }
    if response is None:
        return found
    headers = _plain(response.headers)
    found["headers"] = _headers(headers, TOLD, "etag", reducer)
    if challenge := headers.get("www-authenticate"):
        found["headers"].append({"name": "www-authenticate", "value": challenge_of(challenge)})
    if location := headers.get("location"):
        found["redirectURL"] = reducer.url(location)
    status, kind = response.status_code, _kind(headers)
    found["content"] = _content(exchange.content, kind, status, place, reducer)
    return found


def _content(
    content: bytes, kind: str, status: int, place: Place | None, reducer: Reducer
) -> dict[str, Any]:
    found: dict[str, Any] = {"size": len(content), "mimeType": kind, "text": ""}
    if not content:
        return found
    if kind.startswith("image/") and (picture := grey(content)):
        drawn, width, height = picture
        size = {"width": width, "height": height}
        return {**found, "text": encoded(drawn), "encoding": "base64", "_picture": size}
    if len(content) > LARGEST:
        return {**found, "text": NEVER, "_left_out": "too_large"}
    if "json" in kind or "xml" in kind:
        return {**found, "text": _body(content, kind, status, place, reducer)}
    return {**found, "text": NEVER, "_left_out": "kind"}


def _body(content: bytes, kind: str, status: int, place: Place | None, reducer: Reducer) -> str:
    """A body of any kind of which something is told; NEVER of every other."""
    area = PROBLEM if status >= 400 else place.area if place else None
    if "json" in kind:
        return reducer.text(content, area)
    if content == NEVER.encode() or area is None:
        return NEVER if content else ""
    if "xml" in kind:
        return reducer.xml(content, area)
    return reducer.form(content, area) if kind == FORM else NEVER


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """The headers by their names in small letters: httpx looks through all of them for each."""
    return {k.lower().decode("latin-1"): v.decode("latin-1") for k, v in headers.raw}


def _headers(
    found: Mapping[str, str], kept: frozenset[str], tag: str, reducer: Reducer
) -> list[dict[str, str]]:
    headers = [{"name": k, "value": v} for k, v in found.items() if k in kept]
    if value := found.get(tag):
        headers.append({"name": tag, "value": str(reducer.stand_ins.of("opaque", value))})
    return headers


def _tagged(headers: Iterable[Mapping[str, str]], reducer: Reducer) -> list[dict[str, str]]:
    of = reducer.stand_ins.of
    return [
        {**one, "value": str(of("opaque", one["value"]))} if one["name"] in TAGS else dict(one)
        for one in headers
    ]


def challenge_of(header: str) -> str:
    """A challenge (RFC 9110, RFC 9470) with the parameters that say what to do, and no others."""
    scheme, _space, rest = header.partition(" ")
    kept = ("error", "acr_values", "max_age")
    pairs = (part.strip() for part in rest.split(","))
    told = [pair for pair in pairs if pair.partition("=")[0] in kept]
    return f"{scheme if scheme.isalpha() else 'Bearer'} {', '.join(told)}".strip()


def _kind(headers: Mapping[str, str]) -> str:
    """The media type without its parameters: a multipart boundary is made of a key."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
