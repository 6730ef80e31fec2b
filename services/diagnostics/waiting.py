"""What waits in the outbox and the card on this device, reduced: it decides what screens say.

Keys of a card, its seeds and its grants are never read; an hour that was granted is told as an hour
with no seed, no grant and no card in it, so that a replay shows a code that opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from services.card_code import HEADER_BYTES, SEED_BYTES, Header
from services.card_wallet import SLOTS
from services.card_wallet import TABLE as CARD_TABLE
from services.diagnostics.classes.stored import CARD, PAYLOADS, WAITING
from services.diagnostics.reducing import Reducer
from services.outbox_journey import PHOTOS
from services.outbox_journey import TABLE as OUTBOX

CARD_ROWS = ("enrolment", "window")
"""The rows of the card's table that hold no secret."""
MOST_PICTURES = 20
GRANT_BYTES = 64

_DERIVED = re.compile(r"(parking-stop-|measurement-|consent-)(.*)")
"""Identifiers that are made of another one."""


def outbox(rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """The items of a kind that somebody classified, each payload as its kind says."""
    found = {}
    for row in rows.values():
        payload = PAYLOADS.get(str(row.get("kind")))
        if payload is None:
            continue
        kept = reducer.json(row, WAITING) | {
            "id": _identifier(row.get("id"), reducer),
            "about": _identifier(row.get("about"), reducer),
            "payload": reducer.json(row.get("payload"), payload),
        }
        found[kept["id"]] = kept
    return found


def pictures(rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """Grey pictures of their sizes, under the keys that the items name them by."""
    some = list(rows.items())[:MOST_PICTURES]
    return {
        str(reducer.stand_ins.of("opaque", key)): reducer.picture(picture) for key, picture in some
    }


def card(rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """Whether a card is on this device, until when, and how far its hours reach."""
    return {name: reducer.json(rows[name], CARD) for name in CARD_ROWS if name in rows}


def slots(rows: Mapping[str, Any], reducer: Reducer) -> dict[str, Any]:
    """The granted hours, without what makes them worth anything."""
    found = {}
    for key, row in rows.items():
        card_id, _colon, slot = key.partition(":")
        try:
            header = Header.from_bytes(bytes.fromhex(row[1]))
        except (TypeError, ValueError, IndexError, KeyError):
            continue
        blank = Header(0, bytes(8), header.slot, 0, 0, header.valid_until).to_bytes()
        assert len(blank) == HEADER_BYTES
        kept = [bytes(SEED_BYTES).hex(), blank.hex(), bytes(GRANT_BYTES).hex()]
        found[f"{reducer.stand_ins.of('reference', card_id)}:{slot}"] = kept
    return found


def _identifier(value: Any, reducer: Reducer) -> str:
    text = str(value or "")
    derived = _DERIVED.fullmatch(text)
    begin, of = derived.groups() if derived else ("", text)
    return begin + str(reducer.stand_ins.of("reference", of))


ROWS = {OUTBOX: outbox, PHOTOS: pictures, CARD_TABLE: card, SLOTS: slots}
"""Tables whose rows are no plain objects, and how each is told."""
