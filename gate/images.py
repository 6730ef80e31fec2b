"""Reading codes off pictures: files, a picture in memory, and the frames a camera drops in a folder.

This alone needs more than cryptography: `pip install zxing-cpp pillow`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gate.keys import GateError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_NEEDS = "Reading pictures needs: pip install zxing-cpp pillow."
_LARGE = 1_500_000
_KINDS = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}
_LOOK_EVERY = 0.1
_HALF_WRITTEN = 2.0


def codes_in(picture: bytes) -> list[str]:
    """The texts of the QR codes in a picture, none for what is no picture; raises GateError."""
    try:
        from PIL import Image
    except ImportError as error:
        raise GateError(_NEEDS) from error
    try:
        with Image.open(io.BytesIO(picture)) as image:
            grey = image.convert("L")
    except (OSError, ValueError, Image.DecompressionBombError):
        return []
    return look(grey) or look_closely(grey)


def look(grey: Picture) -> list[str]:
    """The texts of the QR codes in a grey picture; raises GateError."""
    try:
        import zxingcpp
    except ImportError as error:
        raise GateError(_NEEDS) from error
    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [str(one.text) for one in found]


def look_closely(grey: Picture) -> list[str]:
    """A second look at a picture that is not large already, at twice its size."""
    if grey.width * grey.height > _LARGE:
        return []
    return look(grey.resize((grey.width * 2, grey.height * 2)))


def codes_in_file(path: Path) -> list[str]:
    """As `codes_in`; raises GateError for a file that cannot be read."""
    try:
        return codes_in(path.read_bytes())
    except OSError as error:
        raise GateError(f"The picture {path} cannot be read: {error.strerror}.") from error


def frames(folder: Path, goes_on: Callable[[], bool] = lambda: True) -> Iterator[str]:
    """Codes off the pictures that a camera puts into the folder; each picture is deleted.

    A camera sees one code many times: it counts once, until another code is seen.
    """
    last = ""
    while goes_on():
        for path in _pictures(folder):
            for text in _take(path):
                if text != last:
                    last = text
                    yield text
        time.sleep(_LOOK_EVERY)


def _pictures(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in _KINDS)
    except OSError as error:
        raise GateError(f"The folder {folder} cannot be read: {error.strerror}.") from error


def _take(path: Path) -> list[str]:
    """The codes of a frame, which is gone afterwards; one that is still being written is left."""
    try:
        found = codes_in(path.read_bytes())
        if found or time.time() - path.stat().st_mtime > _HALF_WRITTEN or _is_whole(path):
            path.unlink(missing_ok=True)
    except OSError:
        return []
    return found


def _is_whole(path: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    return True
