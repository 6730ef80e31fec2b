"""Photos as they leave the device: upright, small, and with nothing in them but the picture."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from services.errors import Rejected
from services.photo_files import check_file, check_size

LONGEST_SIDE = 1600
BUDGET = 300_000
"""Bytes a prepared photo may take."""
QUALITIES = (85, 75, 65, 55, 45)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP")
"""HEIC is not among them: no reader of it ships to phones, whose own pickers give JPEG."""

# Two at once: each may take up to 150 MB, and on the web one process serves everyone.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="photo")


@dataclass(frozen=True, slots=True)
class Photo:
    """A prepared JPEG, its size in pixels, where it was taken, and what it shows in words.

    `place` is (lat, long) in WGS 84 degrees as the camera wrote it; the JPEG no longer holds it.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    place: tuple[float, float] | None = field(default=None, repr=False)
    description: str = field(default="", repr=False)

    def described(self, description: str) -> Photo:
        """Return the same photo with these words."""
        return replace(self, description=description)

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        return {
            "jpeg": base64.b64encode(self.jpeg).decode(),
            "width": self.width,
            "height": self.height,
            "place": list(self.place) if self.place else None,
            "description": self.description,
        }

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Photo:
        """Read what `to_json` wrote."""
        place = item["place"]
        return cls(
            jpeg=base64.b64decode(item["jpeg"]),
            width=item["width"],
            height=item["height"],
            place=(place[0], place[1]) if place else None,
            description=item["description"],
        )


async def prepare(data: bytes) -> Photo:
    """Make a photo fit to send from a picture file, off the event loop.

    Raises Rejected: `photo_wrong_type` (not a picture format we take), `photo_too_large` (over
    40 MB, 64 megapixels or what its format may take of memory), `photo_unreadable` (truncated or
    broken), `photo_mixed` (a picture and something else at once).
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _prepare, data)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a picture in pixels, without decoding it; Rejected for no picture."""
    with _refusals(), Image.open(io.BytesIO(jpeg), formats=_readable()) as image:
        return image.size


def _prepare(data: bytes) -> Photo:
    check_file(data)
    with _refusals(), Image.open(io.BytesIO(data), formats=_readable()) as image:
        check_size(image, len(data))
        place = _place(image)
        # Makes a JPEG's decoder scale down itself: less memory, less time.
        shrink = max(1.0, max(image.size) / LONGEST_SIDE)
        image.draft(None, (int(image.width / shrink), int(image.height / shrink)))
        # Small first, then turned and whitened: each of these makes a copy.
        small = _smooth(image)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        picture = _opaque(ImageOps.exif_transpose(small))
    return _encoded(picture, place)


def _readable() -> list[str]:
    """Return the formats that this build of Pillow has; phones' builds lack some."""
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except UnidentifiedImageError:
        raise Rejected("photo_wrong_type") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected("photo_too_large") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, LookupError):
        raise Rejected("photo_unreadable") from None


def _smooth(image: Image.Image) -> Image.Image:
    """Return the picture in a form that can be scaled smoothly, which a palette cannot."""
    if image.mode != "P":
        return image
    return image.convert("RGBA" if "transparency" in image.info else "RGB")


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture alone on white: no alpha, no metadata, no colour profile."""
    rgba = image.convert("RGBA")
    picture = Image.new("RGB", rgba.size, "white")
    picture.paste(rgba, mask=rgba.getchannel("A"))
    return picture


def _encoded(picture: Image.Image, place: tuple[float, float] | None) -> Photo:
    """Return the best JPEG within the budget; a picture that resists is made smaller."""
    for quality in QUALITIES:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= BUDGET:
            return Photo(file.getvalue(), picture.width, picture.height, place)
    smaller = picture.width * 3 // 4, picture.height * 3 // 4
    return _encoded(picture.resize(smaller), place)


def _place(image: Image.Image) -> tuple[float, float] | None:
    gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        lat = _degrees(gps[2], negative=gps.get(1) == "S")
        long = _degrees(gps[4], negative=gps.get(3) == "W")
    except (KeyError, TypeError, ValueError, ArithmeticError, IndexError):
        return None
    within = -90 <= lat <= 90 and -180 <= long <= 180 and (lat, long) != (0, 0)
    return (lat, long) if within else None


def _degrees(parts: Any, *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 6)
    return -value if negative else value
