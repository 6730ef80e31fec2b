"""Who looked into a record: FHIR R4 `AuditEvent` resources, read thinly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from services.client import GatewayClient
from services.clock import ServerClock
from services.health_records.records import FHIR_JSON
from services.keeping import Keep
from services.offline import read_or_saved
from services.reading import mapping, mappings, moment, one_object, texts, words
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/fhir/R4/AuditEvent"
PAGE = 50
BASES = ("patient", "parent", "consent", "facility", "share")


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, who (empty: not named), by what right, what they asked for, with what.

    `basis` is patient (oneself), parent, consent, facility, share (a link) or empty for another;
    `parts` are resource types or words, `interaction` is FHIR's (read, search-type, …).
    """

    look_id: str
    at: datetime | None
    who: str = field(repr=False)
    basis: str
    interaction: str
    parts: tuple[str, ...]
    client: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Look:
        """Read an AuditEvent, whatever of it is there."""
        agents = mappings(event.get("agent"))
        person = next(
            (a for a in agents if a.get("requestor") is True), agents[0] if agents else {}
        )
        who = words(person, "name") or words(mapping(person.get("who")), "display")
        purposes = [*_concepts(event.get("purposeOfEvent"))]
        purposes += [code for agent in agents for code in _concepts(agent.get("purposeOfUse"))]
        policies = [one for agent in agents for one in texts(agent.get("policy"))]
        return cls(
            look_id=words(event, "id"),
            at=moment(event, "recorded"),
            who=who,
            basis=_basis([*purposes, *policies]),
            interaction=_interaction(event),
            parts=tuple(dict.fromkeys(_parts(event))),
            client=_client(agents),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Looks, the newest first, and where the following ones are (empty: no more)."""

    looks: tuple[Look, ...]
    following: str


class Accesses:
    """The log of the resident's own record, or of one they may read."""

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock, *, keep_copies: Keep
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._keep_copies = keep_copies

    async def first(self, patient_id: str | None = None) -> Saved[Page]:
        """Return the newest page, or the saved copy."""
        key = f"{PATH}/{patient_id or 'own'}"

        async def fetch() -> Any:
            return await self._gateway.get(
                PATH, accept=FHIR_JSON, patient=patient_id, _count=PAGE, _sort="-date"
            )

        if not await self._keep_copies(patient_id):
            return Saved(page_of(await fetch()))
        found = await read_or_saved(self._vault, self._clock, key, fetch)
        return Saved(page_of(found.value), found.as_of)

    async def more(self, following: str) -> Page:
        """Return the page at a `following`."""
        parts = urlsplit(following)
        query = dict(parse_qsl(parts.query))
        found = await self._gateway.get(PATH, accept=FHIR_JSON, query=query)
        return page_of(found)


def page_of(body: Any) -> Page:
    """Read a searchset."""
    bundle = one_object(body)
    links = mappings(bundle.get("link"))
    following = next((words(one, "url") for one in links if one.get("relation") == "next"), "")
    events = [mapping(one.get("resource")) for one in mappings(bundle.get("entry"))]
    looks = [Look.of(one) for one in events if one.get("resourceType") == "AuditEvent"]
    return Page(tuple(looks), following)


def _interaction(event: Mapping[str, Any]) -> str:
    """`read`, `search-type`, … or the operation's name, such as `$summary`."""
    for code in mappings(event.get("subtype")):
        name = words(code, "code")
        return (words(code, "display") or name) if name == "operation" else name
    return ""


def _concepts(value: Any) -> Iterable[str]:
    for concept in mappings(value):
        for coding in mappings(concept.get("coding")):
            yield words(coding, "code")
        yield words(concept, "text")


def _basis(said: Iterable[str]) -> str:
    for one in said:
        name = re.split(r"[/#:]", one)[-1]
        if name in BASES:
            return name
        if name == "own-record":
            return "patient"
    return ""


def _parts(event: Mapping[str, Any]) -> Iterable[str]:
    """Resource types or operations; the patient, whose record it is, is no part of it."""
    for entity in mappings(event.get("entity")):
        if words(mapping(entity.get("role")), "code") == "1":
            continue
        reference = words(mapping(entity.get("what")), "reference")
        if found := words(entity, "name") or reference.split("/")[0]:
            yield found


def _client(agents: Iterable[Mapping[str, Any]]) -> str:
    for agent in agents:
        if agent.get("requestor") is False:
            return words(agent, "name") or words(mapping(agent.get("who")), "display")
    return ""
