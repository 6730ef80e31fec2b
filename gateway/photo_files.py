"""What a picture file may be before it is decoded: one thing only, and small enough to be drawn."""

from __future__ import annotations

import re

from PIL import Image

MAX_PIXELS = 40_000_000
MEMORY = 125_000_000
"""Bytes that decoding may take, with the file itself."""
DRAWN = 45_000_000
"""Bytes at most of a JPEG that its decoder has scaled down, and of what is drawn from it."""
BYTES_A_PIXEL = {"PNG": 10, "WEBP": 12}
"""What Pillow and its decoders take for each pixel, as tests/gateway/test_photo_memory.py measures."""

_PDF_WITHIN = 1024
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_SCRIPT = re.compile(
    rb"<script[\s>]|<\?php\s|<html[\s>]|<!doctype html|<svg\s+xmlns", re.IGNORECASE
)
_ZIP_ENTRY, _ZIP_END = b"PK\x01\x02", b"PK\x05\x06"
_ZIP_END_SIZE = 22
_ZIP_END_WITHIN = _ZIP_END_SIZE + 65_535


def is_picture(data: bytes) -> bool:
    """Whether the file begins as a JPEG, a PNG or a WebP."""
    return data.startswith(_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def is_something_else_too(data: bytes) -> bool:
    """Whether another program would read the file as a document, a page, a script or an archive.

    Other bytes behind the picture are let through, as phones write them; they are not kept.
    """
    if b"%PDF-" in data[:_PDF_WITHIN] or _SCRIPT.search(data):
        return True
    end = data.rfind(_ZIP_END, max(0, len(data) - _ZIP_END_WITHIN))
    if end < 0 or _ZIP_ENTRY not in data:
        return False
    comment = int.from_bytes(data[end + 20 : end + _ZIP_END_SIZE], "little")
    return end + _ZIP_END_SIZE + comment <= len(data)


def is_too_large(image: Image.Image, file_size: int) -> bool:
    """Whether decoding would take more memory than a picture may; nothing is decoded yet."""
    pixels = image.width * image.height
    return pixels > MAX_PIXELS or _cost(image, pixels) + file_size > MEMORY


def _cost(image: Image.Image, pixels: int) -> float:
    if image.format != "JPEG":
        return pixels * BYTES_A_PIXEL[image.format or ""]
    if not image.info.get("progressive"):
        return DRAWN
    # A progressive JPEG is held whole: two bytes for each sample of each layer.
    layers: list[tuple[int, ...]] = getattr(image, "layer", None) or [(1, 1, 1, 0)]
    widest = max(layer[1] * layer[2] for layer in layers)
    samples = sum(layer[1] * layer[2] for layer in layers) / widest
    return pixels * samples * 2 + DRAWN
