"""A grey picture in the place of each picture: of its size, and of nothing else of it."""

from __future__ import annotations

import base64
import struct
import zlib
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

GREY = 0xDC
MOST_PIXELS = 60_000_000


def grey(content: bytes) -> tuple[bytes, int, int] | None:
    """A grey PNG of the picture's size with that size; None when it is no picture."""
    width, height = size_of(content)
    if not 0 < width * height <= MOST_PIXELS:
        return None
    return grey_of(width, height), width, height


def size_of(content: bytes) -> tuple[int, int]:
    """A picture's size in pixels, read from its head; zeros for what is no picture."""
    try:
        with Image.open(BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return 0, 0


@lru_cache(64)
def grey_of(width: int, height: int) -> bytes:
    """A grey PNG (ISO/IEC 15948) of so many pixels, a few hundred bytes whatever its size."""
    # One bit a pixel and a palette of one grey: Pillow would need the whole picture in memory.
    row = b"\0" * (1 + (width + 7) // 8)
    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", bytes([GREY] * 3)),
        (b"IDAT", zlib.compress(row * height, 9)),
    ]
    chunks = [*parts, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def encoded(content: bytes) -> str:
    """Bytes as HAR carries them."""
    return base64.b64encode(content).decode("ascii")


def greyed(value: Any) -> str:
    """A picture in base64 as a grey one of its size; empty for what is none."""
    try:
        found = grey(base64.b64decode(str(value)))
    except ValueError:
        return ""
    return encoded(found[0]) if found else ""
