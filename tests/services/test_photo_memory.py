"""A photo may take 150 MB of memory while it is prepared, whatever it is: measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from services.photo_files import BYTES_A_PIXEL, MEMORY

LIMIT = 150_000_000
ROOT = Path(__file__).parents[2]
CHILD = """
import asyncio, io, sys
from PIL import Image
from services.errors import Rejected
from services.photos import prepare
small = io.BytesIO()
Image.new("RGB", (1600, 1200), "red").save(small, sys.argv[2])
asyncio.run(prepare(small.getvalue()))
del small

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

# Not getrusage: its peak is inherited from whoever started this process.
before = peak()
data = open(sys.argv[1], "rb").read()
try:
    photo = asyncio.run(prepare(data))
    print("prepared", photo.width, peak() - before)
except Rejected as error:
    print(error.code, 0, peak() - before)
"""


def measured(path: Path, kind: str) -> tuple[str, int]:
    """What became of the picture, and the bytes by which the process grew."""
    command = [sys.executable, "-c", CHILD, str(path), kind]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    what, _width, grown = ran.stdout.split()
    return what, int(grown)


def side(kind: str) -> int:
    """The side of the largest square that is taken, a little under the limit."""
    return int((MEMORY * 0.97 / BYTES_A_PIXEL[kind]) ** 0.5)


PICTURES = {
    "a JPEG of 64 megapixels": ("JPEG", "RGB", (9000, 7100), {"quality": 75}),
    "a JPEG that its decoder cannot scale": ("JPEG", "RGB", (3190, 3190), {"quality": 90}),
    "a progressive JPEG": ("JPEG", "RGB", (5700, 4500), {"progressive": True}),
    "a progressive JPEG in full colour": (
        "JPEG",
        "RGB",
        (4000, 3200),
        {"progressive": True, "subsampling": 0},
    ),
    "a PNG": ("PNG", "RGB", (side("PNG"),) * 2, {"compress_level": 1}),
    "a PNG with transparency": ("PNG", "RGBA", (side("PNG"),) * 2, {"compress_level": 1}),
    "a PNG with a palette": ("PNG", "P", (side("PNG"),) * 2, {"transparency": 3}),
    "a BMP": ("BMP", "RGB", (side("BMP") // 2,) * 2, {}),
    "a GIF": ("GIF", "P", (side("GIF"),) * 2, {}),
    "a WebP": ("WEBP", "RGB", (side("WEBP"),) * 2, {"method": 0}),
    "a WebP with transparency": ("WEBP", "RGBA", (side("WEBP"),) * 2, {"method": 0}),
    "an AVIF": ("AVIF", "RGB", (side("AVIF"),) * 2, {"speed": 10}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_the_largest_picture_of_a_kind_fits_a_phone(
    picture: tuple[str, str, tuple[int, int], dict[str, object]], tmp_path: Path
) -> None:
    """An app that takes more is killed with the report in it."""
    kind, mode, size, options = picture
    path = tmp_path / "picture"
    Image.radial_gradient("L").resize(size).convert(mode).save(path, kind, **options)
    what, grown = measured(path, kind)
    assert what == "prepared"
    assert grown < LIMIT


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(
    ("kind", "size", "options"),
    [
        ("JPEG", (8100, 8000), {}),
        ("JPEG", (8000, 6000), {"progressive": True}),
        ("PNG", (4500, 4500), {"compress_level": 1}),
        ("WEBP", (3500, 3500), {"method": 0}),
    ],
    ids=["JPEG", "progressive JPEG", "PNG", "WebP"],
)
def test_a_larger_one_is_refused_before_it_is_decoded(
    kind: str, size: tuple[int, int], options: dict[str, object], tmp_path: Path
) -> None:
    """It costs next to nothing to say no."""
    path = tmp_path / "picture"
    Image.new("RGB", size, "green").save(path, kind, **options)
    what, grown = measured(path, kind)
    assert what == "photo_too_large"
    assert grown < 10_000_000
