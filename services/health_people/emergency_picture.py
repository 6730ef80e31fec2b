"""An emergency card as a small picture to print and put into a purse: ID-1 size at 300 dots an inch."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1011, 638)
"""Pixels of 85.6 by 54 mm (ISO/IEC 7810) at 300 dots an inch."""
MARGIN = 36
INK, PAPER, BRICK = "#161D19", "#FFFFFF", "#660700"
LARGEST, SMALLEST = 40, 22

Row = tuple[str, str]
"""A label, and what stands beside it."""


def draw_card(title: str, rows: Sequence[Row], foot: str, fonts: Path) -> bytes:
    """A PNG of the card, the letters as large as they fit; what does not fit even small is cut off
    at the end with three dots. `fonts` holds Be Vietnam Pro.
    """
    for size in range(LARGEST, SMALLEST - 1, -2):
        image, fits = _drawn(title, rows, foot, fonts, size)
        if fits:
            break
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(300, 300))
    return out.getvalue()


def _drawn(
    title: str, rows: Sequence[Row], foot: str, fonts: Path, size: int
) -> tuple[Image.Image, bool]:
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    bold = ImageFont.truetype(str(fonts / "BeVietnamPro-SemiBold.ttf"), size)
    plain = ImageFont.truetype(str(fonts / "BeVietnamPro-Regular.ttf"), size)
    small = ImageFont.truetype(str(fonts / "BeVietnamPro-Medium.ttf"), SMALLEST)
    pen.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=INK, width=3)
    pen.text((MARGIN, MARGIN - 12), title, font=bold, fill=BRICK)
    bottom = SIZE[1] - MARGIN - SMALLEST
    pen.text((MARGIN, bottom), foot, font=small, fill=INK)
    y, step, fits = MARGIN + int(size * 1.5), int(size * 1.4), True
    for label, words in rows:
        pen.text((MARGIN, y), f"{label}: ", font=bold, fill=INK)
        indent = MARGIN + pen.textlength(f"{label}: ", font=bold)
        for line, x in _wrapped(words, pen, plain, indent):
            if y + step > bottom - 6:
                pen.text((SIZE[0] - MARGIN - 30, y - step), "…", font=bold, fill=INK)
                return image, False
            pen.text((x, y), line, font=plain, fill=INK)
            y += step
    return image, fits


def _wrapped(
    words: str, pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, indent: float
) -> Iterator[tuple[str, float]]:
    """Lines and where they begin: the first after its label, the others at the margin."""
    line, x = "", indent
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and x + pen.textlength(longer, font=font) > SIZE[0] - MARGIN:
            yield line, x
            line, x = word, MARGIN
        else:
            line = longer
    yield line, x
