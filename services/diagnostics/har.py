"""Requests and answers as HAR 1.2 entries (http://www.softwareishard.com/blog/har-12-spec/), reduced."""

from __future__ import annotations

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
    request, place = exchange.request, reducer.place(str(exchange.request.url))
    url = reducer.url(str(request.url))
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


def document(entries: list[dict[str, Any]], version: str) -> dict[str, Any]:
    """Return the whole HAR document."""
    creator = {"name": "iHaNoi open build", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _request(
    request: httpx.Request, url: str, place: Place | None, reducer: Reducer
) -> dict[str, Any]:
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    found: dict[str, Any] = {
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers, ASKED, "if-none-match", reducer),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": -1,
    }
    if sent := _sent(request, place, reducer):
        found["postData"] = sent
    return found


def _sent(request: httpx.Request, place: Place | None, reducer: Reducer) -> dict[str, Any] | None:
    kind = _kind(request.headers)
    try:
        content = request.content
    except httpx.RequestNotRead:
        # Multipart is written while it is sent.
        return {"mimeType": kind, "text": NEVER, "params": []}
    if not content:
        return None
    if place is None or len(content) > LARGEST:
        text = NEVER
    elif kind == "application/x-www-form-urlencoded":
        text = reducer.form(content, place.area)
    else:
        text = reducer.text(content, place.area, 200) if "json" in kind else NEVER
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
    found["headers"] = _headers(response.headers, TOLD, "etag", reducer)
    if challenge := response.headers.get("www-authenticate"):
        found["headers"].append({"name": "www-authenticate", "value": challenge_of(challenge)})
    if location := response.headers.get("location"):
        found["redirectURL"] = reducer.url(location)
    found["content"] = _content(exchange, response, place, reducer)
    return found


def _content(
    exchange: Exchange, response: httpx.Response, place: Place | None, reducer: Reducer
) -> dict[str, Any]:
    kind, content = _kind(response.headers), exchange.content
    found: dict[str, Any] = {"size": len(content), "mimeType": kind, "text": ""}
    if not content:
        return found
    if kind.startswith("image/") and (picture := grey(content)):
        drawn, width, height = picture
        size = {"width": width, "height": height}
        return {**found, "text": encoded(drawn), "encoding": "base64", "_picture": size}
    if len(content) > LARGEST:
        return {**found, "text": NEVER, "_left_out": "too_large"}
    if "json" in kind:
        area = place.area if place else None
        return {**found, "text": reducer.text(content, area, response.status_code)}
    if "xml" in kind:
        area = PROBLEM if response.status_code >= 400 else place.area if place else None
        return {**found, "text": reducer.xml(content, area) if area else NEVER}
    return {**found, "text": NEVER, "_left_out": "kind"}


def _headers(
    found: httpx.Headers, kept: frozenset[str], tag: str, reducer: Reducer
) -> list[dict[str, str]]:
    headers = [{"name": k, "value": v} for k, v in found.items() if k in kept]
    if value := found.get(tag):
        headers.append({"name": tag, "value": str(reducer.stand_ins.of("opaque", value))})
    return headers


def challenge_of(header: str) -> str:
    """A challenge (RFC 9110, RFC 9470) with the parameters that say what to do, and no others."""
    scheme, _space, rest = header.partition(" ")
    kept = ("error", "acr_values", "max_age")
    pairs = (part.strip() for part in rest.split(","))
    told = [pair for pair in pairs if pair.partition("=")[0] in kept]
    return f"{scheme if scheme.isalpha() else 'Bearer'} {', '.join(told)}".strip()


def _kind(headers: httpx.Headers) -> str:
    """The media type without its parameters: a multipart boundary is made of a key."""
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()
