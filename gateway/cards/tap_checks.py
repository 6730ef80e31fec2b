"""Verifying a tap again: the 99 bytes a gate took, at the moment it says it took them."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

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
_SIGNED_BYTES = 82  # Header and grant.
_LINKS_KEPT = 50_000  # About 20 MB.
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


class Verified:
    """The newest link of each card's hour that held: its other taps cost hashes and no signature.

    A link hashes down to the older ones of its chain. Of two links of one header and grant the newer
    one must therefore lead to the older one, of which the signature was verified; the hashes between
    them are those that verifying would do.
    """

    def __init__(self, kept: int = _LINKS_KEPT) -> None:
        self._kept, self._lock = kept, Lock()
        self._links: OrderedDict[bytes, tuple[int, bytes]] = OrderedDict()

    def holds(self, payload: Payload, key: Ed25519PublicKey) -> bool:
        """Whether the link leads to an anchor under which that key signed the grant."""
        name = key.public_bytes_raw() + payload.raw[:_SIGNED_BYTES]
        with self._lock:
            known = self._links.get(name)
        shown = payload.step, payload.link
        if known is None:
            if not _is_signed(payload, key):
                return False
        else:
            older, newer = min(known, shown), max(known, shown)
            if _older_link(payload, newer, older[0]) != older[1]:
                return False
            shown = newer
        with self._lock:
            self._links[name] = shown
            self._links.move_to_end(name)
            if len(self._links) > self._kept:
                self._links.popitem(last=False)
        return True


def refusal(
    payload: Payload,
    moment: int,
    keys: Keys,
    now: int,
    verified: Verified | None = None,
    oldest: int = 0,
) -> str | None:
    """Why this cannot have been accepted at `moment` (UTC seconds), in the gate's words, or None.

    The deny list is not asked: a gate that had not heard of a block let the card pass in good faith.
    Before `oldest` the gateway has forgotten its taps, and would take one brought again for new.
    """
    key = keys.get(payload.key_number)
    if key is None or not key.first_slot <= payload.slot <= key.last_slot:
        return "unknown_key"
    behind = moment // STEP_SECONDS - payload.position
    if behind > _STEPS_OF_GRACE or moment < oldest:
        return "too_old"
    if behind < -_STEPS_OF_GRACE or moment > now + _CLOCK_TOLERANCE:
        return "too_new"
    if (moment + _CITY_OFFSET) // 86_400 > payload.valid_until:
        return "expired"
    holds = verified.holds if verified is not None else _is_signed
    return None if holds(payload, key.key) else "forged"


def _is_signed(payload: Payload, key: Ed25519PublicKey) -> bool:
    message = b"hn-card-grant-v1" + payload.raw[:_HEADER_BYTES] + _anchor(payload)
    try:
        key.verify(payload.grant, message)
    except InvalidSignature:
        return False
    return True


def _anchor(payload: Payload) -> bytes:
    """Hashing the link `step + 1` times."""
    return _older_link(payload, (payload.step, payload.link), -1)


def _older_link(payload: Payload, newer: tuple[int, bytes], step: int) -> bytes:
    """The link of an earlier step of that card's hour; that of -1 is the anchor."""
    prefix = b"hn-card-link-v1" + payload.card_id + payload.slot.to_bytes(4, "big")
    (newest, link), hashed = newer, hashlib.sha256
    for number in _NUMBERS[STEPS - 1 - newest : STEPS - 1 - step]:
        link = hashed(prefix + number + link).digest()[:16]
    return link
