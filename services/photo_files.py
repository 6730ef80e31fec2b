"""What a picture file may be before it is decoded: one thing only, and within the memory of a phone."""

from __future__ import annotations

import re

from PIL import Image

from services.errors import Rejected

INPUT_LIMIT = 40 * 1024 * 1024
PIXEL_LIMIT = 64_000_000
MEMORY = 125_000_000
"""Bytes that decoding may take, with the file itself."""
DRAWN = 45_000_000
"""Bytes at most of a JPEG that its decoder has scaled down, and of what is drawn from it."""
BYTES_A_PIXEL = {"PNG": 10, "BMP": 10, "GIF": 14, "WEBP": 12, "AVIF": 12}
"""What Pillow and its decoders take for each pixel, as tests/services/test_photo_memory.py measures."""

_PDF_WITHIN = 1024
_SCRIPT = re.compile(
    rb"<script[\s>]|<\?php\s|<html[\s>]|<!doctype html|<svg\s+xmlns", re.IGNORECASE
)
_ZIP_ENTRY, _ZIP_END = b"PK\x01\x02", b"PK\x05\x06"
_ZIP_END_SIZE = 22


def check_file(data: bytes) -> None:
    """Refuse a file that is too long, or a picture and something else at once.

    Raises Rejected: `photo_too_large` or `photo_mixed`.
    """
    if len(data) > INPUT_LIMIT:
        raise Rejected("photo_too_large")
    if is_picture(data) and _is_something_else_too(data):
        raise Rejected("photo_mixed")


def check_size(image: Image.Image, file_size: int) -> None:
    """Refuse a picture that would take too much memory; nothing is decoded yet.

    Raises Rejected(`photo_too_large`).
    """
    pixels = image.width * image.height
    if pixels > PIXEL_LIMIT or _cost(image, pixels) + file_size > MEMORY:
        raise Rejected("photo_too_large")


def is_picture(data: bytes) -> bool:
    """Whether the file begins as one of the formats we read."""
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM")
    return data.startswith(starts) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp"


def _is_something_else_too(data: bytes) -> bool:
    """Whether another program would read the file as a document, a script or an archive."""
    if b"%PDF-" in data[:_PDF_WITHIN] or _SCRIPT.search(data):
        return True
    end = data.rfind(_ZIP_END, max(0, len(data) - 65_557))
    if end < 0 or _ZIP_ENTRY not in data:
        return False
    comment = int.from_bytes(data[end + 20 : end + _ZIP_END_SIZE], "little")
    return end + _ZIP_END_SIZE + comment <= len(data)


def _cost(image: Image.Image, pixels: int) -> float:
    if image.format != "JPEG":
        return pixels * BYTES_A_PIXEL.get(image.format or "", 17)
    if not image.info.get("progressive"):
        return DRAWN
    # A progressive JPEG is held whole: two bytes for each sample of each layer.
    layers: list[tuple[int, ...]] = getattr(image, "layer", None) or [(1, 1, 1, 0)]
    widest = max(layer[1] * layer[2] for layer in layers)
    samples = sum(layer[1] * layer[2] for layer in layers) / widest
    return pixels * samples * 2 + DRAWN
