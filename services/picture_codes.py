"""Reading a QR code off a picture, where this Python has the reader (zxing-cpp: desktop and web)."""

from __future__ import annotations

import asyncio
import io

from PIL import Image, UnidentifiedImageError

from services.errors import Rejected

LARGEST = 40_000_000
_PIXELS = 100_000_000


async def read_code(picture: bytes) -> str:
    """The text of the first QR code on the picture.

    Raises Rejected: `no_code_reader` where there is no reader, `photo_too_large`,
    `photo_unreadable`, or `no_code_found`.
    """
    if len(picture) > LARGEST:
        raise Rejected("photo_too_large")
    return await asyncio.to_thread(_read, picture)


def _read(picture: bytes) -> str:
    try:
        import zxingcpp
    except ImportError:
        raise Rejected("no_code_reader") from None
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _PIXELS:
                raise Rejected("photo_too_large")
            image = opened.convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError):
        raise Rejected("photo_unreadable") from None
    found = zxingcpp.read_barcodes(image)
    if not found:
        raise Rejected("no_code_found")
    return str(found[0].text)
