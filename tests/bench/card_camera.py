"""How well a cheap camera reads a code: `python -m tests.bench.card_camera [FRAMES] [PIXELS …]`.

Each frame shows a code of that many pixels across, turned, tilted, out of focus, noisy and with glare
(`photograph`), and is read as the gate reads: by zxing-cpp, and if that finds nothing once more at twice
the size (gate/images.py). What the first look reads alone is told beside it. The same frames are made of the same
content in two usual forms: a nested JWT, and COSE_Sign1 in COSE_Sign1 as base45. The aim: at least 99 % of
the card codes at 140 pixels.
"""

from __future__ import annotations

import base64
import io
import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import jwt
import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from qrcode.util import MODE_ALPHA_NUM, QRData

from gate.images import look, look_closely
from services.card_code import draw_png, encode_base45
from tests.support.card_codes import AT, SampleCard

FRAMES = 1000
PIXELS = (170, 140, 120)
_FEWER = {"JWT in JWT": 5}  # Few of its frames are read, and looking for what is not there is slow.
_SIDE = 320
_MARGIN = 4
_FINER = 3
_NOISES, _NOISE = 24, 20
_DEVICE = Ed25519PrivateKey.from_private_bytes(b"\5" * 32)
Maker = Callable[[SampleCard, float], tuple[str, Image.Image]]


@dataclass(frozen=True)
class Conditions:
    """One frame's: degrees, shares of the side, pixels, grey levels."""

    turn: float
    corners: tuple[float, ...]
    blur: float
    noise: float
    glare: tuple[float, float, float, float]
    light: float
    contrast: float
    seed: int

    @classmethod
    def any(cls, chance: random.Random) -> Conditions:
        """Turned any way, corners moved by up to 5 % of the side, blur up to 0.8 pixels (sigma), noise up to
        10 levels (sigma), one spot of glare up to 25 % of the side wide and up to 55 % white, paper from
        150 to 240 and ink 25 to 45 % of it.
        """
        return cls(
            turn=chance.uniform(0, 360),
            corners=tuple(chance.uniform(-0.05, 0.05) for _ in range(8)),
            blur=chance.uniform(0, 0.8),
            noise=chance.uniform(0, 10),
            glare=(
                chance.uniform(0.2, 0.8),
                chance.uniform(0.2, 0.8),
                chance.uniform(0.05, 0.25),
                chance.uniform(0, 0.55),
            ),
            light=chance.uniform(150, 240),
            contrast=chance.uniform(0.25, 0.45),
            seed=chance.randrange(2**32),
        )


def photograph(code: Image.Image, pixels: int, seen: Conditions) -> Image.Image:
    """A grey frame of 320 x 320 in which the symbol, without its margin, is `pixels` wide."""
    modules = code.width
    scale = pixels / (modules - 2 * _MARGIN)
    # Drawn large first: the camera's lens, not the drawing, is what blurs edges.
    large = code.resize((modules * 12,) * 2, Image.Resampling.NEAREST)
    frame = large.transform(
        (_SIDE * _FINER, _SIDE * _FINER),
        Image.Transform.PERSPECTIVE,
        _camera(modules * 12, scale / 12 * _FINER, seen),
        Image.Resampling.BILINEAR,
        fillcolor=200,
    )
    frame = frame.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    frame = frame.filter(ImageFilter.GaussianBlur(seen.blur))
    ink = seen.light * seen.contrast
    frame = frame.point([int(ink + (seen.light - ink) * level / 255) for level in range(256)])
    return _noisy(_glaring(frame, pixels, seen), seen)


def _camera(side: float, scale: float, seen: Conditions) -> list[float]:
    """PIL's eight numbers from the frame back to the drawing."""
    turn, middle = math.radians(seen.turn), _SIDE * _FINER / 2
    corners = []
    half = side * scale / 2
    for place, (left, top) in enumerate(((-1, -1), (1, -1), (1, 1), (-1, 1))):
        x, y = left * half, top * half
        moved = [share * side * scale for share in seen.corners[2 * place : 2 * place + 2]]
        corners.append(
            (
                middle + x * math.cos(turn) - y * math.sin(turn) + moved[0],
                middle + x * math.sin(turn) + y * math.cos(turn) + moved[1],
            )
        )
    drawn = ((0.0, 0.0), (side, 0.0), (side, side), (0.0, side))
    return _solve(corners, drawn)


def _solve(
    frame: Sequence[tuple[float, float]], drawn: Sequence[tuple[float, float]]
) -> list[float]:
    """Eight equations for a perspective that leads from `frame` to `drawn`."""
    rows = []
    for (x, y), (u, v) in zip(frame, drawn, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for place in range(8):
        best = max(range(place, 8), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other in range(8):
            if other != place:
                factor = rows[other][place]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[place], strict=True)
                ]
    return [row[8] for row in rows]


def _glaring(frame: Image.Image, pixels: int, seen: Conditions) -> Image.Image:
    x, y, radius, strength = seen.glare
    left, top = ((_SIDE - pixels) / 2 + share * pixels for share in (x, y))
    size = radius * pixels / 2
    spot = Image.new("L", frame.size, 0)
    ImageDraw.Draw(spot).ellipse(
        (left - size, top - size, left + size, top + size), fill=int(255 * strength)
    )
    spot = spot.filter(ImageFilter.GaussianBlur(size / 2))
    return Image.composite(Image.new("L", frame.size, 255), frame, spot)


@cache
def _noise_pictures() -> list[Image.Image]:
    chance = random.Random(7)
    levels = [min(255, max(0, round(chance.gauss(128, _NOISE)))) for _ in range(65_536)]
    made = (bytes(chance.choices(levels, k=_SIDE * _SIDE)) for _ in range(_NOISES))
    return [Image.frombytes("L", (_SIDE, _SIDE), data) for data in made]


def _noisy(frame: Image.Image, seen: Conditions) -> Image.Image:
    noise = _noise_pictures()[seen.seed % _NOISES]
    scaled = noise.point([round(128 + (n - 128) * seen.noise / _NOISE) for n in range(256)])
    return ImageChops.add(frame, scaled, 1, -128)


# The three forms of one content


def card_code(card: SampleCard, at: float) -> tuple[str, Image.Image]:
    """The code of docs/card-code.md as the app draws it: version 5."""
    text = card.code(at)
    return text, Image.open(io.BytesIO(draw_png(text, 1))).convert("L")


def nested_jwt(card: SampleCard, at: float) -> tuple[str, Image.Image]:
    """What the issuer signed for the device's key, in what the device signs every 15 seconds."""
    slot = int(at // 3600)
    key = _DEVICE.public_key().public_bytes_raw()
    holder = {"kty": "OKP", "crv": "Ed25519", "x": _b64(key)}
    told = {"sub": _b64(card.card_id), "slot": slot, "prd": card.product, "grp": card.group}
    told |= {"exp": card.valid_until * 86_400, "cnf": {"jwk": holder}}
    grant = jwt.encode(told, card.issuer, algorithm="EdDSA", headers={"kid": "3"})
    text = jwt.encode({"iat": int(at), "grant": grant}, _DEVICE, algorithm="EdDSA")
    return text, _drawn(text, None)


def nested_cose(card: SampleCard, at: float) -> tuple[str, Image.Image]:
    """The same as CBOR: COSE_Sign1 of a CWT with the device's key, in COSE_Sign1 of it, as base45."""
    slot = int(at // 3600)
    key = _DEVICE.public_key().public_bytes_raw()
    holder = _map({1: _int(1), -1: _int(6), -2: _bytes(key)})
    told = _map(
        {
            2: _bytes(card.card_id),
            4: _int(card.valid_until * 86_400),
            8: _map({1: holder}),
            -65537: _int(slot),
            -65538: _int(card.product),
            -65539: _int(card.group),
        }
    )
    grant = _sign1(told, card.issuer)
    text = encode_base45(_sign1(_map({6: _int(int(at)), -65540: grant}), _DEVICE))
    return text, _drawn(text, MODE_ALPHA_NUM)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _drawn(text: str, mode: int | None) -> Image.Image:
    drawing: qrcode.QRCode = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_L, border=_MARGIN
    )
    drawing.add_data(QRData(text, mode=mode), optimize=0)
    drawing.make(fit=True)
    rows = drawing.get_matrix()
    side = len(rows)
    picture = Image.new("L", (side, side), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture


def _head(major: int, number: int) -> bytes:
    for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 256**size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError("too large for CBOR")


def _int(number: int) -> bytes:
    return _head(0, number) if number >= 0 else _head(1, -1 - number)


def _bytes(raw: bytes) -> bytes:
    return _head(2, len(raw)) + raw


def _map(entries: dict[int, bytes]) -> bytes:
    return _head(5, len(entries)) + b"".join(_int(key) + value for key, value in entries.items())


def _sign1(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    protected = _map({1: _int(-8)})
    signed = _head(4, 4) + b"\x6aSignature1" + _bytes(protected) + _bytes(b"") + _bytes(payload)
    parts = _bytes(protected) + _map({}) + _bytes(payload) + _bytes(key.sign(signed))
    return b"\xd2" + _head(4, 4) + parts


FORMS: dict[str, Maker] = {
    "card code": card_code,
    "COSE in COSE, base45": nested_cose,
    "JWT in JWT": nested_jwt,
}


def shares_read(make: Maker, pixels: int, count: int) -> tuple[float, float]:
    """How many of `count` frames are read rightly at the first look and in all, 0 to 1.

    Every form gets the same conditions.
    """
    chance = random.Random(140)
    at_once = later = 0
    for _ in range(count):
        card = SampleCard(card_id=chance.randbytes(8), seed=chance.randbytes(32))
        text, code = make(card, AT)
        frame = photograph(code, pixels, Conditions.any(chance))
        first = look(frame)
        at_once += text in first
        later += not first and text in look_closely(frame)
    return at_once / count, (at_once + later) / count


def main(arguments: Sequence[str]) -> None:
    """Print the share of frames read, by form and size."""
    count = int(arguments[0]) if arguments else FRAMES
    sizes = [int(word) for word in arguments[1:]] or PIXELS
    print(f"share of {count} frames read, by the symbol's width in pixels (first look alone)")
    print(f"{'':24}{'characters':>11}{'modules':>9}" + "".join(f"{size:>18}" for size in sizes))
    for name, make in FORMS.items():
        text, code = make(SampleCard(), AT)
        frames = count // _FEWER.get(name, 1)
        label = name if frames == count else f"{name}, {frames} frames"
        print(f"{label:24}{len(text):>11}{code.width - 2 * _MARGIN:>9}", end="", flush=True)
        for size in sizes:
            at_once, in_all = shares_read(make, size, frames)
            print(f"{in_all:>9.1%} ({at_once:.1%})", end="", flush=True)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
