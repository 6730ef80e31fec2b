"""Reading a card code, version 1, and answering for it in the specification's order."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature

from gate.keys import DenyList, KeySet
from gate.memory import Memory, Passage, Taken

TEXT_LENGTH = 149
VERSION = 1
STEPS = 240
STEP_SECONDS = 15
SLOT_SECONDS = 3600
_STEPS_OF_GRACE = 1
_CITY_OFFSET = 7 * 3600  # Asia/Ho_Chi_Minh has had no other offset since 1975.
_LAYOUT = struct.Struct(">B8sIHBH64sB16s")
_HEADER_BYTES = 18
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_DIGITS = {character: digit for digit, character in enumerate(_ALPHABET)}


class Verdict(StrEnum):
    """What a gate answers, in the order in which it checks."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WRONG_PRODUCT = "wrong_product"
    FORGED = "forged"
    REPLAYED = "replayed"
    PASSBACK = "passback"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class CardCode:
    """The 99 bytes of a code, named; nothing in it is trusted before `accepted`.

    `slot` counts hours since 1970, `step` is 0 to 239 within it, `valid_until` counts days.
    """

    raw: bytes
    version: int
    key_number: int
    card_id: bytes
    slot: int
    product: int
    group: int
    valid_until: int
    grant: bytes
    step: int
    link: bytes

    @property
    def moment(self) -> int:
        """Steps since 1970: later codes have a greater one, also across slots."""
        return self.slot * STEPS + self.step


@dataclass(frozen=True, slots=True)
class Gate:
    """What one gate knows. `products` empty means that it takes every product."""

    keys: KeySet
    deny: DenyList
    products: frozenset[int] = frozenset()
    direction: str = "in"
    gate_id: str = "gate"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and the code it is about unless that was malformed."""

    verdict: Verdict
    code: CardCode | None


def read(text: str) -> CardCode | None:
    """The code of 149 base45 characters, None when malformed; spaces count, none is stripped."""
    if len(text) != TEXT_LENGTH or (raw := _decode_base45(text)) is None:
        return None
    version_key, card_id, slot, product, group, valid_until, *rest = _LAYOUT.unpack(raw)
    grant, step, link = rest
    if step >= STEPS or _encode_base45(raw) != text:
        return None
    version, number = version_key >> 4, version_key & 0x0F
    return CardCode(
        raw, version, number, card_id, slot, product, group, valid_until, grant, step, link
    )


def check(text: str, gate: Gate, memory: Memory, now: float) -> Answer:
    """Answers for one code at `now` (UTC seconds) and remembers it only when accepted.

    Raises GateError when the memory cannot be written: then nobody may pass.
    """
    code = read(text)
    if code is None:
        return Answer(Verdict.MALFORMED, None)
    for verdict, refuses in _REFUSALS:
        if refuses(code, gate, now):
            return Answer(verdict, code)
    passage = Passage(gate.gate_id, gate.direction, code.card_id, code.moment, now, code.raw)
    return Answer(_VERDICT_OF[memory.take(passage)], code)


def _key_is_unknown(code: CardCode, gate: Gate, now: float) -> bool:
    return code.version != VERSION or gate.keys.find(code.key_number, code.slot) is None


def _is_too_old(code: CardCode, gate: Gate, now: float) -> bool:
    return code.moment < _moment_at(now) - _STEPS_OF_GRACE


def _is_too_new(code: CardCode, gate: Gate, now: float) -> bool:
    return code.moment > _moment_at(now) + _STEPS_OF_GRACE


def _is_expired(code: CardCode, gate: Gate, now: float) -> bool:
    return (now + _CITY_OFFSET) // 86_400 > code.valid_until


def _is_revoked(code: CardCode, gate: Gate, now: float) -> bool:
    return code.card_id in gate.deny


def _product_is_not_taken(code: CardCode, gate: Gate, now: float) -> bool:
    return bool(gate.products) and code.product not in gate.products


def _is_forged(code: CardCode, gate: Gate, now: float) -> bool:
    key = gate.keys.find(code.key_number, code.slot)
    if key is None:
        return True
    message = b"hn-card-grant-v1" + code.raw[:_HEADER_BYTES] + _anchor(code)
    try:
        key.public_key.verify(code.grant, message)
    except InvalidSignature:
        return True
    return False


_REFUSALS: tuple[tuple[Verdict, Callable[[CardCode, Gate, float], bool]], ...] = (
    (Verdict.UNKNOWN_KEY, _key_is_unknown),
    (Verdict.TOO_OLD, _is_too_old),
    (Verdict.TOO_NEW, _is_too_new),
    (Verdict.EXPIRED, _is_expired),
    (Verdict.REVOKED, _is_revoked),
    (Verdict.WRONG_PRODUCT, _product_is_not_taken),
    (Verdict.FORGED, _is_forged),
)
_VERDICT_OF = {
    Taken.ACCEPTED: Verdict.ACCEPTED,
    Taken.REPLAYED: Verdict.REPLAYED,
    Taken.PASSBACK: Verdict.PASSBACK,
}


def _moment_at(now: float) -> int:
    return int(now // STEP_SECONDS)


def _anchor(code: CardCode) -> bytes:
    """Hashing the link `step + 1` times."""
    prefix = b"hn-card-link-v1" + code.card_id + code.slot.to_bytes(4, "big")
    link = code.link
    for k in range(code.step, -1, -1):
        link = hashlib.sha256(prefix + bytes([k]) + link).digest()[:16]
    return link


def _decode_base45(text: str) -> bytes | None:
    """RFC 9285, None for a character outside the alphabet or a group that is too large."""
    raw = bytearray()
    for start in range(0, len(text), 3):
        digits = [_DIGITS.get(character) for character in text[start : start + 3]]
        number = 0
        for digit in reversed(digits):
            if digit is None:
                return None
            number = number * 45 + digit
        size = len(digits) - 1
        if number >= 256**size:
            return None
        raw += number.to_bytes(size, "big")
    return bytes(raw)


def _encode_base45(raw: bytes) -> str:
    text = ""
    for start in range(0, len(raw), 2):
        pair = raw[start : start + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            text += _ALPHABET[digit]
    return text
