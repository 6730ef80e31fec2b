"""Photos residents send: known by content, bounded in pixels, drawn anew without any metadata."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from threading import Semaphore

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
PHOTO_SIDE = 1600
THUMBNAIL_SIDE = 320
"""Checked before anything is decoded. Pillow's own limit is one for the whole process, so it stays."""

_AT_ONCE = Semaphore(2)
"""Two decoded photos at a time: each can hold 160 MB for a moment."""

_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, OverflowError, MemoryError)


class UnusablePhoto(ValueError):
    """The bytes are no photo we take.

    `code` is `unreadable`, `unsupported_type` or `too_many_pixels`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as we keep it: two JPEGs without metadata, at most 1600 and 320 pixels a side."""

    full: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)


def clean(data: bytes) -> Photo:
    """Decode and draw anew. Raises UnusablePhoto."""
    with _AT_ONCE:
        try:
            return _draw_anew(data)
        except UnusablePhoto:
            raise
        except Image.DecompressionBombError as error:
            raise UnusablePhoto("too_many_pixels") from error
        except _UNREADABLE as error:
            raise UnusablePhoto("unreadable") from error


def _draw_anew(data: bytes) -> Photo:
    with _open(data) as image:
        if image.width * image.height > MAX_PIXELS:
            raise UnusablePhoto("too_many_pixels")
        # A JPEG can be decoded at a fraction of its size, which saves most of the memory.
        image.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
        full = _opaque(upright)
    small = full.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(encode(full), encode(small))


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnusablePhoto("unsupported_type") from error


def _opaque(image: Image.Image) -> Image.Image:
    """A fresh RGB image, transparent parts on white: nothing of the old file's extras comes
    along.
    """
    layered = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def encode(image: Image.Image) -> bytes:
    """The image as a JPEG without metadata."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
