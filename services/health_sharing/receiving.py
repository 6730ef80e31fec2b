"""Opening what others share: any SMART Health Link, and checking any SMART Health Card."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.answers import Answer, retry_after
from services.clock import ServerClock
from services.errors import GatewayUnavailable, NotFound, Rejected, ServiceError
from services.health_records.summary import HealthSummary, read_summary
from services.health_sharing.health_cards import (
    HealthCard,
    cards_of_file,
    is_revoked,
    is_signed_by,
    key_of,
    read_card,
)
from services.health_sharing.jwe import decrypt
from services.health_sharing.links import HealthLink
from services.health_sharing.outside import Outside
from services.transport import CALL, exchange

FHIR, CARD = "application/fhir+json", "application/smart-health-card"
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class WrongPasscode:
    """The passcode was wrong; so many tries are left."""

    remaining: int


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """A card and what came of checking it.

    `verdict`: valid; refused (`reason` signature, unknown_key, revoked, expired, not_yet);
    unchecked (`reason` issuer, keys, revocation): never to be shown as valid.
    """

    card: HealthCard
    verdict: str
    reason: str = ""

    @property
    def summary(self) -> HealthSummary:
        """What the card says, whether it is true or not."""
        return read_summary(self.card.bundle)


@dataclass(frozen=True, slots=True)
class Received:
    """What a link or a file held. `others` counts files of kinds that cannot be shown here."""

    summaries: tuple[HealthSummary, ...] = field(repr=False)
    cards: tuple[CheckedCard, ...] = field(repr=False)
    others: int = 0


class HealthPapers:
    """Reads links and cards of anybody, signed in or not. `gateway_url` is asked directly."""

    def __init__(
        self, gateway_url: str, http: httpx.AsyncClient, clock: ServerClock, outside: Outside
    ) -> None:
        self._gateway = gateway_url.rstrip("/") + "/"
        self._http, self._clock, self._outside = http, clock, outside

    async def open(
        self, link: HealthLink, recipient: str, passcode: str = ""
    ) -> Received | WrongPasscode:
        """Ask for a link's files and decrypt them here; whoever shares sees the name `recipient`.

        Raises Rejected(`link_damaged`), NotFound(`share_ended`), NotPermitted(`outside_refused`),
        Offline, GatewayUnavailable.
        """
        if "U" in link.flags:
            answer = await self._get(link.url, recipient=recipient)
            return await self._read([_text(_good(answer, self._clock))], link.key)
        body = {"recipient": recipient, **({"passcode": passcode} if link.asks_passcode else {})}
        answer = await self._post(link.url, body)
        if answer.status == 401:
            return WrongPasscode(_remaining(answer))
        manifest = _good(answer, self._clock).json()
        files = manifest.get("files") if isinstance(manifest, dict) else None
        listed = [f for f in files if isinstance(f, dict)] if isinstance(files, list) else []
        return await self._read([await self._file(f) for f in listed[:MOST_FILES]], link.key)

    async def check(self, text: str) -> CheckedCard:
        """Read a card and check signature, times and revocation. Raises Rejected when unreadable."""
        card = read_card(text)
        try:
            return await self._check(card)
        except ServiceError:
            return CheckedCard(card, "unchecked", "keys")

    async def check_file(self, data: bytes) -> Received:
        """Read and check every card of a `.smart-health-card` file."""
        checked = [await self.check(jws) for jws in cards_of_file(data)]
        return Received((), tuple(checked))

    async def _check(self, card: HealthCard) -> CheckedCard:
        now = self._clock.now()
        if not card.issuer.startswith("https://") or card.issuer.endswith("/"):
            return CheckedCard(card, "unchecked", "issuer")
        published = await self._published(f"{card.issuer}/.well-known/jwks.json")
        key = key_of(card, published)
        if key is None:
            return CheckedCard(card, "refused", "unknown_key")
        if not is_signed_by(card, key):
            return CheckedCard(card, "refused", "signature")
        if card.expires_at is not None and card.expires_at <= now:
            return CheckedCard(card, "refused", "expired")
        if card.issued_at is not None and card.issued_at > now:
            return CheckedCard(card, "refused", "not_yet")
        return await self._unless_revoked(card, key)

    async def _unless_revoked(self, card: HealthCard, key: Mapping[str, Any]) -> CheckedCard:
        if "crlVersion" not in key:
            return CheckedCard(card, "valid")
        try:
            address = f"{card.issuer}/.well-known/crl/{card.key_id}.json"
            revoked = is_revoked(card, await self._published(address))
        except ServiceError:
            return CheckedCard(card, "unchecked", "revocation")
        return CheckedCard(card, "refused", "revoked") if revoked else CheckedCard(card, "valid")

    async def _published(self, url: str) -> Any:
        return _good(await self._outside.get(url), self._clock).json()

    async def _file(self, file: Mapping[str, Any]) -> str:
        if isinstance(file.get("embedded"), str):
            return str(file["embedded"])
        return _text(_good(await self._get(str(file.get("location", ""))), self._clock))

    async def _read(self, files: list[str], key: bytes) -> Received:
        opened = [await asyncio.to_thread(decrypt, file, key) for file in files]
        summaries: list[HealthSummary] = []
        checked: list[CheckedCard] = []
        others = 0
        for named, content in opened:
            kind = named.partition(";")[0].strip().lower()
            if kind == CARD:
                checked += (await self.check_file(content)).cards
            elif kind == FHIR or not kind:
                summaries.append(_summary(content))
            else:
                others += 1
        return Received(tuple(summaries), tuple(checked), others)

    async def _get(self, url: str, **query: str) -> Answer:
        if not url.startswith(self._gateway):
            return await self._outside.get(url, **query)
        return await self._own("GET", str(httpx.URL(url).copy_merge_params(query)))

    async def _post(self, url: str, body: Any) -> Answer:
        if not url.startswith(self._gateway):
            return await self._outside.post(url, body)
        return await self._own("POST", url, body)

    async def _own(self, method: str, url: str, body: Any = None) -> Answer:
        extensions = {"timeout": CALL.as_dict()}
        request = httpx.Request(method, url, json=body, extensions=extensions)
        return await exchange(self._http, request, self._clock)


def _summary(content: bytes) -> HealthSummary:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Rejected("link_damaged") from None
    if isinstance(found, dict) and found.get("resourceType") not in (None, "Bundle"):
        found = {"resourceType": "Bundle", "entry": [{"resource": found}]}
    return read_summary(found)


def _good(answer: Answer, clock: ServerClock) -> Answer:
    if answer.status == 200:
        return answer
    if answer.status in (404, 410):
        raise NotFound("share_ended")
    pause = retry_after(answer.headers.get("retry-after"), clock.now())
    busy = "share_busy" if answer.status == 429 else "link_host_unavailable"
    raise GatewayUnavailable(busy, retry_after=pause, status=answer.status)


def _text(answer: Answer) -> str:
    return answer.content.decode("ascii", "replace")


def _remaining(answer: Answer) -> int:
    try:
        said = answer.json()
    except GatewayUnavailable:
        return 0
    left = said.get("remainingAttempts") if isinstance(said, dict) else 0
    return left if isinstance(left, int) and left > 0 else 0
