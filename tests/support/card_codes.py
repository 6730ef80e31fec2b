"""A card with its issuer, for whoever checks codes: made with the device's own functions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gate.code import Gate
from gate.keys import DenyList, IssuerKey, KeySet
from services.card_code import (
    Header,
    anchor_of,
    day_at,
    encode_base45,
    link_at,
    payload,
    slot_at,
    step_at,
)

AT = 1_790_000_100
"""The middle of a slot: 13:35:00 UTC, exactly at a step's edge."""
KEY_NUMBER = 3


@dataclass(frozen=True)
class SampleCard:
    """One card on one device; `code(at)` is what it shows then."""

    card_id: bytes = bytes.fromhex("49aa1f6d88c66de0")
    seed: bytes = bytes(range(32))
    product: int = 1
    group: int = 0
    valid_until: int = day_at(AT)
    key_number: int = KEY_NUMBER
    issuer: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(32))
    )

    def header(self, slot: int) -> bytes:
        """The 18 signed bytes of that hour."""
        return Header(
            self.key_number, self.card_id, slot, self.product, self.group, self.valid_until
        ).to_bytes()

    def grant(self, slot: int) -> bytes:
        """The issuer's signature for that hour."""
        anchor = anchor_of(self.card_id, slot, self.seed)
        return self.issuer.sign(b"hn-card-grant-v1" + self.header(slot) + anchor)

    def raw(self, at: float) -> bytes:
        """The 99 bytes shown at that moment."""
        slot, step = slot_at(at), step_at(at)
        link = link_at(self.card_id, slot, self.seed, step)
        return payload(self.header(slot), self.grant(slot), step, link)

    def code(self, at: float) -> str:
        """The 149 characters shown at that moment."""
        return encode_base45(self.raw(at))

    def but(self, **changes: object) -> SampleCard:
        """The same card with something else about it."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def gate(self, **options: object) -> Gate:
        """A gate that knows this card's issuer; options are `Gate`'s."""
        keys = KeySet([IssuerKey(KEY_NUMBER, self.issuer.public_key())])
        return replace(Gate(keys, DenyList()), **options)  # type: ignore[arg-type]
