"""Pages of a PDF in a record as pictures, so that no phone needs a PDF reader."""

from __future__ import annotations

from io import BytesIO

import pypdfium2

from gateway.documents import PAGES_MOST, PDFIUM

WIDTH = 1240
"""Pixels: A4 at 150 dots an inch."""
_TALLEST = 5000


def page(document: bytes, number: int, width: int = WIDTH) -> tuple[bytes, int]:
    """Page `number` (from 1) as a PNG at most `width` pixels wide, and how many pages there are.

    Raises IndexError beyond the last one, ValueError for what is no PDF that opens.
    """
    if not document.startswith(b"%PDF-"):
        raise ValueError("no PDF")
    try:
        with PDFIUM, pypdfium2.PdfDocument(document) as opened:
            count = min(len(opened), PAGES_MOST)
            if not 1 <= number <= count:
                raise IndexError(number)
            drawn = opened[number - 1]
            scale = min(width / drawn.get_width(), _TALLEST / drawn.get_height())
            picture = drawn.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise ValueError("no PDF that opens") from error
    encoded = BytesIO()
    picture.save(encoded, "PNG", optimize=True)
    return encoded.getvalue(), count
