"""A support bundle made by hand: a report that a busy gateway refused. Every value in it is invented."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from services.diagnostics import Bundle, Manifest, Screen, Step

STARTED = datetime(2026, 11, 26, 2, 38, 2, tzinfo=UTC)
ENDED = STARTED + timedelta(seconds=188)
UNKNOWN = "•"
REFERENCE = "c1f7-9a20"


def example(**changes: Any) -> Bundle:
    """The whole bundle; `changes` replace fields of its manifest."""
    manifest = Manifest(
        **{
            "bundle_id": "3f9c2a7d51e84b06",
            "app_version": "0.1.0",
            "created": ENDED,
            "started": STARTED,
            "ended": ENDED,
            "offset": -1.25,
            "profile": "embedded",
            "place": "phone",
            "platform": "android",
            "versions": {"flet": "1.0.5", "python": "3.11", "httpx": "0.28.1"},
            "counts": {"steps": 8, "requests": 3, "screens": 3, "name": 1, "id_number": 1},
            **changes,
        }
    )
    return Bundle(
        manifest,
        preferences={
            "language": "vi",
            "theme": "system",
            "text_scale": 1.0,
            "width": 412.0,
            "dark": False,
        },
        steps=steps(),
        screens=screens(),
        har=har(),
        stand_ins={"Ngô Thu Hà": "name 1", "001192000731": "id_number 1"},
        state={"person": {"subject": "kq-3817", "name": "Ngô Thu Hà", "given_name": "Hà"}},
    )


def steps() -> tuple[Step, ...]:
    """What the resident did."""
    send = {"control": "FilledButton", "event": "click", "label": "Send", "position": 0, "of": 1}
    text = {"control": "TextField", "event": "change", "label": "Description", "position": 0}
    told = {"type": "GatewayUnavailable", "code": "gateway_unavailable", "reference": REFERENCE}
    happened: list[tuple[float, str, dict[str, Any]]] = [
        (0.0, "start", {"route": "/reports/new"}),
        (18.0, "device", {"call": "pick_photos", "answer": [{"width": 1600, "height": 1200}]}),
        (99.0, "act", {**text, "of": 1, "data": {"text": {"length": 69, "form": "words"}}}),
        (124.0, "chance", {"call": "id", "answer": "b0c9d1f2-5a3e-4c77-9d10-6f2b8e4a1c35"}),
        (179.0, "act", {**send, "data": None}),
        (181.1, "error", {**told, "status": 503, "request": 2}),
        (183.0, "network", {"open": False}),
        (188.0, "route", {"route": "/support"}),
    ]
    return tuple(
        Step(n, at, kind, detail) for n, (at, kind, detail) in enumerate(happened, start=1)
    )


def screens() -> tuple[Screen, ...]:
    """What stood there before steps 3, 5 and 8."""
    form = ("New report", "Description", "Next")
    review = ("New report", "Review and send", UNKNOWN, "Send")
    failed = ("New report", "Not sent", "The service is busy.", UNKNOWN, "Try again")
    return tuple(
        Screen(step, at, route, words, digest(route, words))
        for step, at, route, words in (
            (3, 99.0, "/reports/new", form),
            (5, 179.0, "/reports/new/review", review),
            (8, 188.0, "/reports/new/review", failed),
        )
    )


def digest(route: str, words: tuple[str, ...]) -> str:
    """The digest of docs/support-bundles.md."""
    return sha256("\n".join((route, *words)).encode()).hexdigest()


def har() -> dict[str, Any]:
    """Three requests; the last was refused."""
    problem = {"type": "/problems/busy", "title": "Busy", "status": 503, "reference": REFERENCE}
    person = {"name": "Ngô Thu Hà", "id_number": "001192000731"}
    entries = [
        entry(1, 0.2, "GET", "/open311/v2/services.json", 200, [{"service_code": "001"}]),
        entry(2, 20.0, "POST", "/api/uploads", 201, {"media_id": "m-5k2"}),
        entry(5, 179.0, "POST", "/api/reports", 503, problem, sent=person),
    ]
    creator = {"name": "iHaNoi open build", "version": "0.1.0"}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def entry(
    step: int, at: float, method: str, path: str, status: int, answer: Any, sent: Any = None
) -> dict[str, Any]:
    """One HAR entry as the recorder writes it."""
    text = json.dumps(answer, ensure_ascii=False)
    request: dict[str, Any] = {
        "method": method,
        "url": f"https://gateway.invalid{path}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": "accept", "value": "application/json"}],
        "queryString": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if sent is not None:
        body = json.dumps(sent, ensure_ascii=False)
        request["postData"] = {"mimeType": "application/json", "text": body}
    return {
        "startedDateTime": (STARTED + timedelta(seconds=at)).isoformat(),
        "time": 210.0,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(text.encode()),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 210.0, "receive": 0},
        "_step": step,
        "_at": at,
        "_operation": f"{method} {path}",
    }
