"""A picture may take 150 MB of the gateway's memory, whatever it is: measured in a process of its
own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from gateway.photo_files import BYTES_A_PIXEL, MEMORY

LIMIT = 150_000_000
ROOT = Path(__file__).parents[2]
CHILD = """
import io, sys
from PIL import Image
from gateway.photos import UnusablePhoto, clean
small = io.BytesIO()
Image.new("RGB", (1600, 1200), "red").save(small, sys.argv[2])
clean(small.getvalue())
del small

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

# Not getrusage: its peak is inherited from whoever started this process.
before = peak()
data = open(sys.argv[1], "rb").read()
try:
    clean(data)
    print("cleaned", peak() - before)
except UnusablePhoto as error:
    print(error.code, peak() - before)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")


def measured(path: Path, kind: str) -> tuple[str, int]:
    """What became of the picture, and the bytes by which the process grew."""
    command = [sys.executable, "-c", CHILD, str(path), kind]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    what, grown = ran.stdout.split()
    return what, int(grown)


def side(kind: str) -> int:
    """The side of the largest square that is taken, a little under the limit."""
    return int((MEMORY * 0.97 / BYTES_A_PIXEL[kind]) ** 0.5)


TAKEN = {
    "a JPEG of 40 megapixels": ("JPEG", "RGB", (7300, 5475), {"quality": 75}),
    "a JPEG that its decoder cannot scale": ("JPEG", "RGB", (3190, 3190), {"quality": 90}),
    "a JPEG for print": ("JPEG", "CMYK", (7300, 5475), {"quality": 75}),
    "a progressive JPEG": ("JPEG", "RGB", (5700, 4500), {"progressive": True}),
    "a PNG": ("PNG", "RGB", (side("PNG"),) * 2, {"compress_level": 1}),
    "a PNG with transparency": ("PNG", "RGBA", (side("PNG"),) * 2, {"compress_level": 1}),
    "a PNG with a palette": ("PNG", "P", (side("PNG"),) * 2, {"transparency": 3}),
    "a PNG of one bit": ("PNG", "1", (side("PNG"),) * 2, {}),
    "a WebP": ("WEBP", "RGB", (side("WEBP"),) * 2, {"method": 0}),
    "a WebP with transparency": ("WEBP", "RGBA", (side("WEBP"),) * 2, {"method": 0}),
}
REFUSED = {
    "a PNG of 40 megapixels": ("PNG", "RGB", (7300, 5475), {"compress_level": 1}),
    "a JPEG of 41 megapixels": ("JPEG", "RGB", (7400, 5550), {}),
    "a progressive JPEG of 40 megapixels": ("JPEG", "RGB", (7300, 5475), {"progressive": True}),
    "a WebP of 40 megapixels": ("WEBP", "RGB", (7300, 5475), {"method": 0}),
}
Picture = tuple[str, str, tuple[int, int], dict[str, object]]


@pytest.mark.parametrize("picture", TAKEN.values(), ids=TAKEN)
def test_the_largest_picture_of_a_kind_fits(picture: Picture, tmp_path: Path) -> None:
    """Two at once are decoded; a server of 512 MB must live through them."""
    what, grown = measured(written(picture, tmp_path), picture[0])
    assert what == "cleaned"
    assert grown < LIMIT


@pytest.mark.parametrize("picture", REFUSED.values(), ids=REFUSED)
def test_a_larger_one_is_refused_before_it_is_decoded(picture: Picture, tmp_path: Path) -> None:
    """It costs next to nothing to say no."""
    what, grown = measured(written(picture, tmp_path), picture[0])
    assert what == "too_many_pixels"
    assert grown < 10_000_000


def written(picture: Picture, folder: Path) -> Path:
    """The picture as a file."""
    kind, mode, size, options = picture
    path = folder / "picture"
    Image.radial_gradient("L").resize(size).convert(mode).save(path, kind, **options)
    return path
