"""The emergency card: what its owner chose to show to whoever holds the device, without sign-in.

It lies beside the vault, not in it, in plain text: whoever finds the owner has no key. So only what was
chosen is written, and on the web, where the device is a server, nothing is.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from services.errors import Rejected
from services.reading import mapping, moment_of, texts, words

PARTS = ("name", "blood_group", "allergies", "conditions", "medicines", "contact")
"""What can be chosen, in the order of the card."""


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """What the card says. An empty field was not chosen, or nothing is known of it.

    `made` is when its words were taken from the record: it does not change by itself.
    """

    name: str = field(default="", repr=False)
    birth_year: str = field(default="", repr=False)
    blood_group: str = field(default="", repr=False)
    allergies: tuple[str, ...] = field(default=(), repr=False)
    conditions: tuple[str, ...] = field(default=(), repr=False)
    medicines: tuple[str, ...] = field(default=(), repr=False)
    contact_name: str = field(default="", repr=False)
    contact_phone: str = field(default="", repr=False)
    made: datetime | None = None

    def chosen(self, parts: frozenset[str]) -> EmergencyCard:
        """The card with these of PARTS and nothing else."""
        empty = EmergencyCard()
        kept = {"made": self.made}
        for part in parts:
            for name in _FIELDS[part]:
                kept[name] = getattr(self, name)
        return replace(empty, **kept)  # type: ignore[arg-type]

    @property
    def parts(self) -> frozenset[str]:
        """Which of PARTS say something."""
        return frozenset(p for p in PARTS if any(getattr(self, name) for name in _FIELDS[p]))

    def to_json(self) -> dict[str, Any]:
        """Write it for the file."""
        return asdict(self) | {"made": self.made.isoformat() if self.made else None}

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> EmergencyCard:
        """Read what `to_json` wrote; what cannot be read is empty."""
        return cls(
            name=words(item, "name"),
            birth_year=words(item, "birth_year"),
            blood_group=words(item, "blood_group"),
            allergies=texts(item.get("allergies")),
            conditions=texts(item.get("conditions")),
            medicines=texts(item.get("medicines")),
            contact_name=words(item, "contact_name"),
            contact_phone=words(item, "contact_phone"),
            made=moment_of(item.get("made")),
        )


_FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "birth_year"),
    "blood_group": ("blood_group",),
    "allergies": ("allergies",),
    "conditions": ("conditions",),
    "medicines": ("medicines",),
    "contact": ("contact_name", "contact_phone"),
}


class EmergencyCards:
    """The device's one card in the file at `path`; without a path (the web) nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def kept_here(self) -> bool:
        """Whether this device can keep a card."""
        return self._path is not None

    async def read(self) -> EmergencyCard | None:
        """The card of this device, or None; one that cannot be read is none."""
        return await asyncio.to_thread(self._read)

    async def keep(self, card: EmergencyCard) -> None:
        """Write the card, in place of an earlier one. Raises Rejected(`storage_unavailable`)."""
        await asyncio.to_thread(self._keep, card)

    async def remove(self) -> None:
        """Remove the card from this device; none there is no error."""
        await asyncio.to_thread(self._remove)

    def _read(self) -> EmergencyCard | None:
        try:
            found = json.loads(self._path.read_text("utf-8")) if self._path else None
        except (OSError, ValueError):
            return None
        card = EmergencyCard.of(mapping(found))
        return card if card.parts else None

    def _keep(self, card: EmergencyCard) -> None:
        if self._path is None:
            raise Rejected("storage_unavailable")
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(card.to_json(), ensure_ascii=False), "utf-8")
            os.chmod(fresh, 0o600)
            fresh.replace(self._path)
        except OSError:
            raise Rejected("storage_unavailable") from None

    def _remove(self) -> None:
        if self._path is None:
            return
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            raise Rejected("storage_unavailable") from None
