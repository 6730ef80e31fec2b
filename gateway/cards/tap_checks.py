"""Verifying a tap again: the 99 bytes a gate took, at the moment it says it took them."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAYLOAD_BYTES = 99
STEPS = 240
STEP_SECONDS = 15
_HEADER_BYTES = 18
_LAYOUT = struct.Struct(">B8sIHBH64sB16s")
_VERSION = 1
_CITY_OFFSET = 7 * 3600  # Asia/Ho_Chi_Minh has had no other offset since 1975.
_STEPS_OF_GRACE = 1
_CLOCK_TOLERANCE = 60
_NUMBERS = tuple(bytes((k,)) for k in range(STEPS - 1, -1, -1))
"""The steps from 239 down to 0, as bytes."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One issuer key as the gateway remembers it; both slots are included."""

    key: Ed25519PublicKey
    first_slot: int
    last_slot: int


Keys = Mapping[int, PublicKey]


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of a code, named. `valid_until` counts days since 1970, `slot` hours."""

    raw: bytes
    key_number: int
    card_id: bytes
    slot: int
    product: int
    fare_group: int
    valid_until: int
    grant: bytes
    step: int
    link: bytes

    @property
    def position(self) -> int:
        """Steps since 1970."""
        return self.slot * STEPS + self.step


def read(raw: bytes) -> Payload | None:
    """The payload of 99 bytes of card code version 1, None for anything else."""
    if len(raw) != PAYLOAD_BYTES:
        return None
    version_key, card_id, slot, product, group, valid_until, *rest = _LAYOUT.unpack(raw)
    grant, step, link = rest
    if version_key >> 4 != _VERSION or step >= STEPS:
        return None
    number = version_key & 0x0F
    return Payload(raw, number, card_id, slot, product, group, valid_until, grant, step, link)


def refusal(payload: Payload, moment: int, keys: Keys, now: int) -> str | None:
    """Why this cannot have been accepted at `moment` (UTC seconds), in the gate's words, or None.

    The deny list is not asked: a gate that had not heard of a block let the card pass in good faith.
    """
    key = keys.get(payload.key_number)
    if key is None or not key.first_slot <= payload.slot <= key.last_slot:
        return "unknown_key"
    behind = moment // STEP_SECONDS - payload.position
    if behind > _STEPS_OF_GRACE:
        return "too_old"
    if behind < -_STEPS_OF_GRACE or moment > now + _CLOCK_TOLERANCE:
        return "too_new"
    if (moment + _CITY_OFFSET) // 86_400 > payload.valid_until:
        return "expired"
    return None if _is_signed(payload, key.key) else "forged"


def _is_signed(payload: Payload, key: Ed25519PublicKey) -> bool:
    message = b"hn-card-grant-v1" + payload.raw[:_HEADER_BYTES] + _anchor(payload)
    try:
        key.verify(payload.grant, message)
    except InvalidSignature:
        return False
    return True


def _anchor(payload: Payload) -> bytes:
    """Hashing the link `step + 1` times."""
    prefix = b"hn-card-link-v1" + payload.card_id + payload.slot.to_bytes(4, "big")
    link, hashed = payload.link, hashlib.sha256
    for number in _NUMBERS[STEPS - 1 - payload.step :]:
        link = hashed(prefix + number + link).digest()[:16]
    return link
