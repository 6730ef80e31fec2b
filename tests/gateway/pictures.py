"""Pictures for tests, made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(
    width: int = 64, height: int = 48, kind: str = "JPEG", mode: str = "RGB", **save: Any
) -> bytes:
    """A picture with its left half red and its right half blue."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste((255, 0, 0), (0, 0, width // 2, height))
    image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def with_place(orientation: int = 6) -> bytes:
    """A picture as a phone takes it: turned, with the place, the camera and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Minh Anh"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (21.0, 1.0, 49.0)
    return picture(exif=exif, comment=b"ngo 165 Cau Giay")


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that says it is 900 megapixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
