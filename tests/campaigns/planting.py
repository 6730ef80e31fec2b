"""A line on which the city's answers about people become canaries, before any screen shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from app import paths
from tests.support.bundle_canaries import Canaries

ROOT = Path(__file__).parents[2]
CITY = (
    "agencies", "card_products", "network_sandbox", "parking_sandbox", "reasons", "services",
    "tariffs", "wards", "names",
)  # fmt: skip
"""Registers that are the city's own and nobody's."""
CITYS = (
    "/open311/v2/services",
    "/privacy/purposes",
    "/parking/v1/places",
    "/health/v1/consents/text",
)
"""What the city answers everybody."""
CITYS_WORDS = frozenset(
    {
        "agency_responsible", "service_name", "service_notice", "agency", "office", "provider", "unit",
        "agency_name", "labels", "product", "group_name", "title", "letter", "fee", "purpose", "purposes", "limits",
        "certificate_types", "letters", "late", "complain_to", "client", "issuer", "publisher",
    }
)  # fmt: skip
"""Fields in which the city speaks of itself, wherever they stand."""

_DATE = re.compile(r"\d{4}(-\d\d)?(-\d\d)?(T.*)?")
_ID = re.compile(
    r"[0-9a-f]{12,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{2,3}-[0-9]{4,}-[0-9]{3,}|HT-[0-9A-Z]{4}-[0-9]{2}"
)
_DIGITS = re.compile(r"\+?[0-9 ]{9,}")
_PLATE = re.compile(r"\d{2}[A-Z]\d?-\d{3}\.\d{2}")
_TEXT = re.compile(r"[^\W\d_]+[\s,.]+\S+|.*[^\x00-\x7f].*", re.DOTALL)
_CODE = re.compile(r"[A-Za-z0-9:/._+{}%\[\]-]{1,60}")


def words_of(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from words_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_of(one)


class Planting(httpx.AsyncBaseTransport):
    """A line on which the city's answers about people become canaries; the same text is the same canary."""

    def __init__(self, inner: httpx.AsyncBaseTransport, canaries: Canaries) -> None:
        self.inner = inner
        self.canaries = canaries
        self.ids: dict[str, list[str]] = {}
        self.came_from: dict[str, str] = {}
        """Where each canary was put first: the address and the field."""
        self._of: dict[str, Any] = {}
        self._path = ""
        self._city: set[str] = set()
        for name in CITY:
            path = ROOT / "gateway" / "registers" / f"{name}.json"
            if path.exists():
                self._city |= set(words_of(json.loads(path.read_text("utf-8"))))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, and plant."""
        answer = await self.inner.handle_async_request(request)
        # The gateway's own name of a request is what support looks for in its log.
        self._city.add(answer.headers.get("x-request-id", ""))
        kind = answer.headers.get("content-type", "")
        if "json" not in kind or answer.status_code >= 400 or "/identity/" in str(request.url):
            return answer
        content = await httpx.Response(200, headers=answer.headers, stream=answer.stream).aread()
        path = request.url.path.removeprefix("/api")
        value = json.loads(content)
        if path.startswith(CITYS) or path == paths.DESK:
            self._city |= set(words_of(value))
        else:
            self._path = path
            value = self._planted(value, "")
        headers = [
            (k, v) for k, v in answer.headers.multi_items()
            if k not in ("content-length", "content-encoding")
        ]  # fmt: skip
        return httpx.Response(
            answer.status_code,
            headers=headers,
            content=json.dumps(value, ensure_ascii=False).encode(),
            request=request,
        )

    def _planted(self, value: Any, name: str) -> Any:
        if name in CITYS_WORDS:
            self._city |= set(words_of(value))
            return value
        if isinstance(value, dict):
            return {key: self._planted(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._planted(one, name) for one in value]
        if isinstance(value, float) and name in ("lat", "long"):
            return self._canary(value, name, lambda: round(value + self.tail(), 9), str)
        if isinstance(value, str) and value:
            return self._text(value, name)
        return value

    def _text(self, value: str, name: str) -> str:
        if value in self._city or _DATE.fullmatch(value) or "://" in value or value.startswith("/"):
            return value
        if _ID.fullmatch(value):
            self.ids.setdefault(name, []).append(value)
            return str(self._canary(value, name, lambda: value, str))
        if _PLATE.fullmatch(value):
            return str(self._canary(value, name, self._plate, str))
        if _DIGITS.fullmatch(value):
            return str(self._canary(value, name, lambda: self.canaries.digits(len(value)), None))
        if _TEXT.fullmatch(value) and not _CODE.fullmatch(value):
            return str(self._canary(value, name, self.canaries.words, None))
        return value

    def _canary(
        self, value: Any, name: str, make: Callable[[], Any], said: Callable[[Any], str] | None
    ) -> Any:
        found = self._of.get(repr(value))
        if found is None:
            found = self._of[repr(value)] = make()
            self.came_from[str(found)] = f"{self._path} {name}"
            if said is not None:
                self.canaries.made.append(said(found))
        return found

    def tail(self) -> float:
        return float("0.0000" + self.canaries.digits(5)[-5:])

    def _plate(self) -> str:
        drawn = self.canaries.digits(5)
        self.canaries.made.pop()
        return f"30K-{drawn[:3]}.{drawn[3:]}"
