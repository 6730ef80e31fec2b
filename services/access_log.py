"""Who saw what of the resident, in every service, as the gateway lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.client import GatewayClient
from services.reading import mappings, moment, one_object, words

PATH = "/privacy/accesses"
SERVICES = ("reports", "health", "certificates", "cards", "support", "privacy")


@dataclass(frozen=True, slots=True)
class Access:
    """One line: when, who (`actor` is the kind, `name` as it may be read, `office`), what they did
    (`act`) with which `thing`, and why (`purpose`). `reference` names it in its service.
    """

    access_id: str
    at: datetime | None
    service: str
    act: str
    actor: str
    name: str = field(repr=False)
    office: str
    thing: str
    purpose: str
    reference: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Access:
        """Read one from JSON."""
        names = ("service", "act", "actor", "name", "office", "thing", "purpose", "reference")
        found = (words(item, name) for name in names)
        return cls(words(item, "access_id"), moment(item, "at"), *found)


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Lines, the newest first, and where the next ones are (empty: no more)."""

    lines: tuple[Access, ...]
    following: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which service (all if empty), one's own looks or those of others, of which child's key."""

    service: str = ""
    own: bool = False
    child: str = ""


class AccessLog:
    """The log, read from the gateway alone: no copy of it lies on a device."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway

    async def page(self, wanted: Wanted, after: str = "") -> AccessPage:
        """Return a page; `after` is the `following` of the one before."""
        found = one_object(
            await self._gateway.get(
                PATH,
                service=wanted.service or None,
                own="true" if wanted.own else None,
                child=wanted.child or None,
                after=after or None,
            )
        )
        lines = tuple(map(Access.of, mappings(found.get("accesses"))))
        return AccessPage(lines, words(found, "following"))
