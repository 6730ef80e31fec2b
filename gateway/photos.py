"""Photos residents send: known by content, bounded in pixels and memory, drawn anew without any
metadata.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from threading import Semaphore

from PIL import Image, ImageOps, UnidentifiedImageError

from gateway.photo_files import BYTES_A_PIXEL, is_picture, is_something_else_too, is_too_large

FORMATS = ("JPEG", *BYTES_A_PIXEL)
PHOTO_SIDE = 1600
THUMBNAIL_SIDE = 320
PHOTO_BYTES = 300_000
QUALITIES = (85, 75, 65, 55, 45)

_AT_ONCE = Semaphore(2)
"""Two decoded photos at a time: each can take 150 MB for a moment."""

_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    ArithmeticError,
    LookupError,
    MemoryError,
)


class UnusablePhoto(ValueError):
    """The bytes are no photo we take.

    `code` is `unreadable`, `unsupported_type`, `too_many_pixels`, or `mixed_content` for a picture
    that is something else at once.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as we keep it: two JPEGs without metadata, at most 1600 and 320 pixels a side and
    300 kB each.
    """

    full: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)


def clean(data: bytes) -> Photo:
    """Decode and draw anew. Raises UnusablePhoto."""
    if not is_picture(data):
        raise UnusablePhoto("unsupported_type")
    if is_something_else_too(data):
        raise UnusablePhoto("mixed_content")
    with _AT_ONCE:
        try:
            return _draw_anew(data)
        except UnusablePhoto:
            raise
        # Pillow's own limit is one for the whole process, so it stays.
        except Image.DecompressionBombError as error:
            raise UnusablePhoto("too_many_pixels") from error
        except _UNREADABLE as error:
            raise UnusablePhoto("unreadable") from error


def _draw_anew(data: bytes) -> Photo:
    with _open(data) as image:
        if is_too_large(image, len(data)):
            raise UnusablePhoto("too_many_pixels")
        # A JPEG can be decoded at a fraction of its size, which saves most of the memory.
        shrink = max(1.0, max(image.size) / PHOTO_SIDE)
        image.draft(None, (int(image.width / shrink), int(image.height / shrink)))
        # Small first, then turned and whitened: each of these makes a copy.
        full = _smooth(image)
        full.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        full = _opaque(ImageOps.exif_transpose(full))
    small = full.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(encode(full), encode(small))


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise UnusablePhoto("unreadable") from error


def _smooth(image: Image.Image) -> Image.Image:
    """The picture in a form that can be scaled smoothly, which a palette or one bit cannot."""
    if image.mode not in {"P", "1"}:
        return image
    return image.convert("RGBA" if "transparency" in image.info else "RGB")


def _opaque(image: Image.Image) -> Image.Image:
    """A fresh RGB image, transparent parts on white: nothing of the old file's extras comes
    along.
    """
    layered = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def encode(image: Image.Image) -> bytes:
    """The image as the best JPEG within 300 kB, without metadata; one that resists is made
    smaller.
    """
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= PHOTO_BYTES:
            return out.getvalue()
    return encode(image.resize((image.width * 3 // 4, image.height * 3 // 4)))
