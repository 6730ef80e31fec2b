"""The copy of a photo that everybody may see: what an officer marked is not in it any more."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from gateway.photos import encode

Box = Sequence[float]
"""x, y, width, height as fractions of the picture."""

BLOCKS = 6
"""A marked part keeps at most so many coloured squares a side: a face or a plate of six by six
squares, drawn over a flat mean, cannot be told from another.
"""


def public_copy(jpeg: bytes, boxes: Sequence[Box]) -> bytes:
    """The JPEG with each box made of a few squares, at full size."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    for box in boxes:
        _hide(image, box)
    return encode(image)


def _hide(image: Image.Image, box: Box) -> None:
    x, y, width, height = box
    left, top = int(x * image.width), int(y * image.height)
    right = min(image.width, max(left + 1, round((x + width) * image.width)))
    bottom = min(image.height, max(top + 1, round((y + height) * image.height)))
    if left >= right or top >= bottom:
        return
    part = image.crop((left, top, right, bottom))
    columns, rows = min(BLOCKS, part.width), min(BLOCKS, part.height)
    few = part.resize((columns, rows), Image.Resampling.BOX)
    # Half way to the part's mean: squares alone can be matched against known faces and letters.
    mean = part.resize((1, 1), Image.Resampling.BOX).resize(few.size)
    hidden = Image.blend(few, mean, 0.5).resize(part.size, Image.Resampling.NEAREST)
    image.paste(hidden, (left, top))
