"""Every place where something is kept: each table, prefix of the media store, file and cache is one
line. A new table gets its line in the module of its area; `tests/gateway/privacy/test_inventory.py`
says which line is missing.
"""

from __future__ import annotations

from gateway.privacy.inventory import (
    cards,
    certificates,
    consents,
    health,
    reports,
    sign_in,
    support,
)
from gateway.privacy.inventory.beside import BESIDE
from gateway.privacy.lines import Line

LINES: tuple[Line, ...] = (
    *reports.LINES,
    *health.LINES,
    *certificates.LINES,
    *cards.LINES,
    *consents.LINES,
    *sign_in.LINES,
    *support.LINES,
)

BY_TABLE = {line.table: line for line in LINES}

REASONS = {
    "public_record": "What the city does about a public report concerns everybody; your name, your"
    " words to the agency and your photos are taken out.",
    "office_record": "What an office did is written down as the office's own act.",
    "certificate_register": "The authority keeps the register of certificates it issued, so that a"
    " certificate can be checked (Law 107/2025).",
    "accounting": "Accounting documents are kept for ten years (Law on Accounting 88/2015, Decree"
    " 174/2016, article 13).",
}
"""Why the law or the public keeps something, by the code that an answer carries."""

__all__ = ["BESIDE", "BY_TABLE", "LINES", "REASONS"]
