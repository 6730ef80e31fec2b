"""Documents officers close a report with: PDF files that can be opened, kept as they are."""

from __future__ import annotations

import threading

import pypdfium2

PAGES_MOST = 50

PDFIUM = threading.Lock()
"""Held by whoever calls PDFium: it keeps global state, and two threads in it at once can bring the
process down.
"""


class UnusableDocument(ValueError):
    """The bytes are no document we take. `code` is `unreadable` or `too_many_pages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_document(data: bytes) -> None:
    """Open it as a reader would. Raises UnusableDocument; a locked one cannot be opened either."""
    if not data.startswith(b"%PDF-"):
        raise UnusableDocument("unreadable")
    try:
        with PDFIUM, pypdfium2.PdfDocument(data) as document:
            pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise UnusableDocument("unreadable") from error
    if not pages:
        raise UnusableDocument("unreadable")
    if pages > PAGES_MOST:
        raise UnusableDocument("too_many_pages")
