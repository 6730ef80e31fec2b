"""Taps of all gates in one place: kept once each, joined, flagged, and handed on to who builds trips.

Who needs every new tap registers with `on_taps`; who needs them later reads the table `taps`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gateway.cards import publishing
from gateway.cards.gate_tables import gates, taps
from gateway.cards.tap_checks import STEPS, Payload
from gateway.database import take_turn
from gateway.settings import Settings

TWO_GATES = "two_gates"
_STEPS_APART = 1


@dataclass(frozen=True, slots=True)
class Tap:
    """One passage: a row of `taps`. `moment` and `received_at` are UTC seconds."""

    tap_id: str
    gate_id: str
    kind: str
    place_id: str
    card_id: str
    slot: int
    step: int
    direction: str
    product: int
    fare_group: int
    moment: int
    payload: bytes
    received_at: int
    flagged: str | None = None

    @property
    def position(self) -> int:
        """Steps since 1970."""
        return self.slot * STEPS + self.step


_COLUMNS = tuple(column.name for column in taps.columns)
_VALUES = attrgetter(*_COLUMNS)

Hook = Callable[[Connection, Sequence[Tap]], None]
_hooks: list[Hook] = []


def on_taps(hook: Hook) -> Hook:
    """Call `hook` with the new taps of each upload, by ascending moment, in its transaction.

    It may write; whatever it raises undoes the upload, and the gate sends it again. Taps of one
    card can come late and in any order, because gates are offline for hours.
    """
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def oldest_kept(settings: Settings) -> int:
    """The moment (UTC seconds) before which taps are deleted and no longer taken."""
    return int(settings.clock().timestamp()) - settings.taps_kept_days * 86_400


def tap_of(gate: Any, payload: Payload, direction: str, moment: int, now: int) -> Tap:
    """The tap of a verified payload at that gate (a row of `gates`)."""
    told = f"{gate.gate_id}\0{direction}\0".encode() + payload.raw
    return Tap(
        tap_id=hashlib.sha256(b"hn-tap-v1" + told).hexdigest()[:32],
        gate_id=gate.gate_id,
        kind=gate.kind,
        place_id=gate.place_id,
        card_id=payload.card_id.hex(),
        slot=payload.slot,
        step=payload.step,
        direction=direction,
        product=payload.product,
        fare_group=payload.fare_group,
        moment=moment,
        payload=payload.raw,
        received_at=now,
    )


def keep(connection: Connection, gate_id: str, found: Iterable[Tap], refused: int, now: int) -> int:
    """Keep what is new of one gate's taps, flag, and call the hooks; the number that was new."""
    # Two uploads at once would not see each other's taps and flag neither.
    take_turn(connection, publishing.TURN)
    new = _unknown(connection, {tap.tap_id: tap for tap in found})
    if new:
        new = _keep_flagged(connection, new)
        for hook in _hooks:
            hook(connection, new)
    counted = gates.c.refused_taps + refused
    seen = update(gates).where(gates.c.gate_id == gate_id)
    connection.execute(seen.values(last_upload_at=now, refused_taps=counted))
    return len(new)


def _unknown(connection: Connection, found: dict[str, Tap]) -> list[Tap]:
    known = set(connection.scalars(select(taps.c.tap_id).where(taps.c.tap_id.in_(found))))
    new = [tap for tap_id, tap in found.items() if tap_id not in known]
    return sorted(new, key=lambda tap: (tap.moment, tap.position))


def _keep_flagged(connection: Connection, new: list[Tap]) -> list[Tap]:
    """Insert the new taps; a card at two gates within one step flags both, also the earlier one."""
    seen = _neighbours(connection, new)
    for tap in new:
        seen[tap.card_id].append((tap.tap_id, tap.gate_id, tap.position))
    flagged = {
        tap_id
        for tap in new
        for other_id, gate_id, position in seen[tap.card_id]
        if gate_id != tap.gate_id and abs(position - tap.position) <= _STEPS_APART
        for tap_id in (tap.tap_id, other_id)
    }
    new = [replace(tap, flagged=TWO_GATES) if tap.tap_id in flagged else tap for tap in new]
    connection.execute(insert(taps), [_row(tap) for tap in new])
    if earlier := flagged - {tap.tap_id for tap in new}:
        connection.execute(update(taps).where(taps.c.tap_id.in_(earlier)).values(flagged=TWO_GATES))
    return new


def _row(tap: Tap) -> dict[str, Any]:
    # Not dataclasses.asdict: it copies every value, which takes as long as the insert.
    return dict(zip(_COLUMNS, _VALUES(tap), strict=True))


def _neighbours(connection: Connection, new: list[Tap]) -> dict[str, list[tuple[str, str, int]]]:
    """Kept taps of the same cards about the same time: tap, gate and position by card."""
    cards = {tap.card_id for tap in new}
    slots = [tap.slot for tap in new]
    found = connection.execute(
        select(taps.c.card_id, taps.c.tap_id, taps.c.gate_id, taps.c.slot, taps.c.step).where(
            taps.c.card_id.in_(cards), taps.c.slot.between(min(slots) - 1, max(slots) + 1)
        )
    )
    seen: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for card_id, tap_id, gate_id, slot, step in found:
        seen[card_id].append((tap_id, gate_id, slot * STEPS + step))
    return seen
