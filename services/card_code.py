"""The card code, version 1, as the device makes it: chain, payload, base45 and the QR picture.

Source: docs/card-code.md. Numbers are unsigned big-endian, times are UTC seconds since 1970.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from datetime import date

import qrcode
from PIL import Image
from qrcode.util import MODE_ALPHA_NUM, QRData

SLOT_SECONDS = 3600
STEP_SECONDS = 15
STEPS = SLOT_SECONDS // STEP_SECONDS
SEED_BYTES = 32
HEADER_BYTES = 18
GRANT_BYTES = 64
VERSION = 1

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_HEADER = struct.Struct(">B8sIHBH")
_EPOCH = date(1970, 1, 1)
_CITY_OFFSET = 7 * 3600  # Asia/Ho_Chi_Minh has had no other offset since 1975.

# A fixed mask saves the library eight trial drawings (48 ms become 6); the payload is as good as
# random under every mask, so no mask is better than another.
_MASK = 2
_MODULES_OF_MARGIN = 4
_INK, _PAPER = (0x10, 0x20, 0x1A), (0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Header:
    """The 18 signed bytes of a code: which card, which hour, what it entitles to.

    `card_id` has 8 bytes; `slot` counts hours, `valid_until` counts days since 1970-01-01
    (the last valid day in Asia/Ho_Chi_Minh); `group` is the fare class.
    """

    key_number: int
    card_id: bytes
    slot: int
    product: int
    group: int
    valid_until: int

    def to_bytes(self) -> bytes:
        """The 18 bytes; raises struct.error when a number is out of its range."""
        version_key = VERSION << 4 | self.key_number
        return _HEADER.pack(
            version_key, self.card_id, self.slot, self.product, self.group, self.valid_until
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> Header:
        """Reads 18 bytes; raises ValueError for another length or another version."""
        if len(raw) != HEADER_BYTES or raw[0] >> 4 != VERSION:
            raise ValueError("not a header of card code version 1")
        version_key, *rest = _HEADER.unpack(raw)
        return cls(version_key & 0x0F, *rest)


def slot_at(now: float) -> int:
    """The hour `now` (UTC seconds) falls in."""
    return int(now // SLOT_SECONDS)


def step_at(now: float) -> int:
    """The step of 15 seconds within its slot, 0 to 239."""
    return int(now % SLOT_SECONDS // STEP_SECONDS)


def day_at(now: float) -> int:
    """Days since 1970-01-01 on the calendar of Asia/Ho_Chi_Minh."""
    return int((now + _CITY_OFFSET) // 86_400)


def day_of(calendar: date) -> int:
    """The day number of a calendar date."""
    return (calendar - _EPOCH).days


def link_at(card_id: bytes, slot: int, seed: bytes, step: int) -> bytes:
    """The 16-byte link shown at `step` (0 to 239) of this card's slot."""
    link = _h16(b"hn-card-seed-v1" + card_id + slot.to_bytes(4, "big") + seed)
    return _older(card_id, slot, link, STEPS - 1, step)


def anchor_of(card_id: bytes, slot: int, seed: bytes) -> bytes:
    """The 16 bytes the issuer signs: one hash beyond the oldest link."""
    return _older(card_id, slot, link_at(card_id, slot, seed, 0), 0, -1)


def payload(header: bytes, grant: bytes, step: int, link: bytes) -> bytes:
    """The 99 bytes of a code: header(18), grant(64), step(1), link(16)."""
    return header + grant + bytes([step]) + link


def encode_base45(raw: bytes) -> str:
    """RFC 9285: two bytes become three characters, a last single byte becomes two."""
    return "".join(_characters(raw[i : i + 2]) for i in range(0, len(raw), 2))


def draw_png(text: str, module: int = 8) -> bytes:
    """A PNG of the code as QR version 5-L, alphanumeric, `module` pixels a module, margin of 4.

    Raises ValueError when the text has a character outside the alphanumeric mode or does not fit.
    """
    drawing: qrcode.QRCode = qrcode.QRCode(
        version=5,
        error_correction=qrcode.constants.ERROR_CORRECT_L,
        border=_MODULES_OF_MARGIN,
        mask_pattern=_MASK,
    )
    drawing.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)
    try:
        drawing.make(fit=False)
    except qrcode.exceptions.DataOverflowError as error:
        raise ValueError("the text does not fit QR version 5-L") from error
    return _png(drawing.get_matrix(), module)


def _png(modules: list[list[bool]], module: int) -> bytes:
    side = len(modules)
    picture = Image.frombytes("P", (side, side), bytes(dark for row in modules for dark in row))
    picture.putpalette([*_PAPER, *_INK])
    picture = picture.resize((side * module, side * module), Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _older(card_id: bytes, slot: int, link: bytes, step: int, wanted: int) -> bytes:
    """Hashes from the link of `step` down to that of `wanted`; -1 is the anchor."""
    prefix = b"hn-card-link-v1" + card_id + slot.to_bytes(4, "big")
    for k in range(step, wanted, -1):
        link = _h16(prefix + bytes((k,)) + link)
    return link


def _h16(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()[:16]


def _characters(pair: bytes) -> str:
    number = int.from_bytes(pair, "big")
    last = _ALPHABET[number // 2025] if len(pair) == 2 else ""
    return _ALPHABET[number % 45] + _ALPHABET[number // 45 % 45] + last
