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
    rights,
    sign_in,
    support,
)
from gateway.privacy.inventory.beside import BESIDE
from gateway.privacy.lines import Line

AREAS: dict[str, tuple[Line, ...]] = {
    "reports": reports.LINES,
    "health": health.LINES,
    "certificates": certificates.LINES,
    "cards": cards.LINES,
    "consents": consents.LINES,
    "support": support.LINES,
    "sign_in": sign_in.LINES,
    "rights": rights.LINES,
}
"""The lines by the part of the city that a resident knows them by."""

LINES: tuple[Line, ...] = tuple(line for lines in AREAS.values() for line in lines)

BY_TABLE = {line.table: line for line in LINES}

REASONS = {
    "public_record": "Public reports stay, without the resident: what the city does concerns all.",
    "office_record": "What an office did is the office's own record.",
    "certificate_register": "The register of issued certificates (Law 107/2025): each can be checked.",
    "accounting": "Accounting documents, ten years (Law 88/2015; Decree 174/2016, article 13).",
    "population_register": "The population register's word, of which this is only the copy.",
    "card_safety": "Gates must refuse a card that was given up until its last signed hour.",
    "ended_sign_ins": "An ended sign-in is refused until the last of its tokens has run out.",
    "erasure_receipt": "The proof that the erasure was done.",
}
"""Why something stays after an erasure, by the code that a receipt carries."""

__all__ = ["AREAS", "BESIDE", "BY_TABLE", "LINES", "REASONS"]
