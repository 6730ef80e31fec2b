"""What a device keeps of its card, in the vault: the enrolment, and a seed and a grant an hour."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from services.card_code import SEED_BYTES, Header, day_of
from services.errors import NotFound
from services.vault import SubjectVault

TABLE = "card"
SLOTS = "card_slots"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The card on this device. Dates are ISO 8601 and included.

    `moved_to` is the other device's name once another one holds the card.
    """

    card_id: str = field(repr=False)
    valid_from: str
    valid_until: str
    blocked: bool = False
    moved_to: str | None = field(default=None, repr=False)

    @property
    def days(self) -> range:
        """The valid days, counted since 1970."""
        first, last = map(date.fromisoformat, (self.valid_from, self.valid_until))
        return range(day_of(first), day_of(last) + 1)


@dataclass(frozen=True, slots=True)
class Window:
    """How far the grants reach: unbroken `through` a slot, asked for `fetched_at` UTC seconds."""

    through: int = -1
    fetched_at: float = 0.0


@dataclass(frozen=True, slots=True)
class GrantedSlot:
    """One hour that can be shown: the seed of its chain, its 18-byte header, its grant."""

    seed: bytes = field(repr=False)
    header: bytes = field(repr=False)
    grant: bytes = field(repr=False)

    @property
    def valid_until(self) -> int:
        """The last valid day that the issuer signed, in days since 1970."""
        return Header.from_bytes(self.header).valid_until


class CardWallet:
    """One resident's card rows. Altered rows count as missing: the grants are fetched again."""

    def __init__(self, vault: SubjectVault) -> None:
        self._vault = vault

    async def enrolment(self) -> Enrolment | None:
        """The card on this device, or None."""
        found = await self._get(TABLE, "enrolment")
        return None if found is None else Enrolment(**found)

    async def keep(self, enrolment: Enrolment) -> None:
        """Keep the enrolment in its new state."""
        await self._vault.put(TABLE, "enrolment", asdict(enrolment))

    async def window(self) -> Window:
        """How far the grants of the card on this device reach."""
        found = await self._get(TABLE, "window")
        return Window() if found is None else Window(**found)

    async def keep_window(self, window: Window) -> None:
        """Keep how far the grants reach."""
        await self._vault.put(TABLE, "window", asdict(window))

    async def slot(self, card_id: str, slot: int) -> GrantedSlot | None:
        """The granted hour, or None."""
        found = await self._get(SLOTS, _key(card_id, slot))
        return None if found is None else GrantedSlot(*map(bytes.fromhex, found))

    async def keep_slot(self, card_id: str, slot: int, granted: GrantedSlot) -> None:
        """Keep a granted hour."""
        value = [granted.seed.hex(), granted.header.hex(), granted.grant.hex()]
        await self._vault.put(SLOTS, _key(card_id, slot), value)

    async def slots(self, card_id: str) -> set[int]:
        """The hours granted to that card and kept here."""
        keys = [key.split(":") for key in await self._vault.list(SLOTS)]
        return {int(slot) for owner, slot in keys if owner == card_id}

    async def seeds(self, card_id: str, slots: Iterable[int]) -> dict[int, bytes]:
        """A seed for each hour to be asked for: kept before it is used, and the same until granted.

        An answer that is lost on its way would else leave an hour whose anchor nobody can open.
        """
        kept: Mapping[str, str] = await self._get(TABLE, f"seeds:{card_id}") or {}
        seeds = {slot: kept.get(str(slot)) or secrets.token_hex(SEED_BYTES) for slot in slots}
        await self._vault.put(TABLE, f"seeds:{card_id}", seeds)
        return {slot: bytes.fromhex(seed) for slot, seed in seeds.items()}

    async def forget_seeds(self, card_id: str) -> None:
        """Every asked hour is granted, or refused for good."""
        await self._vault.delete(TABLE, f"seeds:{card_id}")

    async def forget_slots(self, card_id: str, before: int | None = None) -> None:
        """Delete that card's hours, all of them or those before a slot."""
        for slot in await self.slots(card_id):
            if before is None or slot < before:
                await self._vault.delete(SLOTS, _key(card_id, slot))

    async def forget(self, enrolment: Enrolment) -> None:
        """Delete the card from this device."""
        await self._vault.delete(TABLE, "enrolment")
        await self._vault.delete(TABLE, "window")
        await self.forget_seeds(enrolment.card_id)
        await self.forget_slots(enrolment.card_id)

    async def enrolling_key(self, body: Mapping[str, str]) -> str:
        """The idempotency key of this enrolment: the same until `enrolled`, restarts included."""
        kept = await self._get(TABLE, "enrolling")
        if kept is None or kept["body"] != dict(body):
            kept = {"key": secrets.token_hex(16), "body": dict(body)}
            await self._vault.put(TABLE, "enrolling", kept)
        return str(kept["key"])

    async def enrolled(self) -> None:
        """The enrolment's answer has arrived and is kept."""
        await self._vault.delete(TABLE, "enrolling")

    async def _get(self, table: str, key: str) -> Any:
        with suppress(NotFound):
            return await self._vault.get(table, key)
        return None


def _key(card_id: str, slot: int) -> str:
    return f"{card_id}:{slot}"
