"""The signed deny list, whole or as what changed since a version (the layout is in docs/gates.md)."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import (
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from gateway.cards import publishing
from gateway.cards.enrolments import denied
from gateway.cards.gate_tables import deny_entries
from gateway.cards.root import DENY_PREFIX
from gateway.cards.tables import enrolments
from gateway.database import take_turn

DELTAS_KEPT_SECONDS = 7 * 86_400
_HEAD = struct.Struct(">QQQ32s")
_CHANGE = struct.Struct(">QI")
_OPEN = deny_entries.c.removed_version.is_(None)


@dataclass(frozen=True, slots=True)
class DenyList:
    """One version of the list: `ids` are 8 bytes each, ascending."""

    version: int
    oldest_delta: int
    ids: bytes = field(repr=False)

    def head(self, at: int) -> bytes:
        """What the root signs: version, moment, number of ids, SHA-256 of all of them."""
        return _HEAD.pack(self.version, at, len(self.ids) // 8, hashlib.sha256(self.ids).digest())


def current(connection: Connection, kept: DenyList | None) -> DenyList | None:
    """The list of now; `kept` when it still is that. None when nothing was published yet."""
    row = publishing.published(connection, publishing.DENY)
    if row is None or (kept and kept.version == row.version):
        return kept if row else None
    found = select(deny_entries.c.card_id).where(_OPEN).order_by(deny_entries.c.card_id)
    ids = b"".join(map(bytes.fromhex, connection.scalars(found)))
    return DenyList(row.version, row.oldest_delta, ids)


def is_outdated(connection: Connection, at: int) -> bool:
    """Whether a card has to come on the list or to leave it."""
    if publishing.published(connection, publishing.DENY) is None:
        return True
    return bool(connection.scalar(select(or_(exists(_missing(at)), exists(_passed(at))))))


def refresh(connection: Connection, at: int) -> None:
    """Publish a new version when something changed; entries leave with their last granted slot."""
    take_turn(connection, publishing.TURN)
    if not is_outdated(connection, at):
        return
    before = publishing.published(connection, publishing.DENY)
    version = publishing.next_version(before, at)
    new = _missing(at).add_columns(literal(version))
    connection.execute(insert(deny_entries).from_select(["card_id", "added_version"], new))
    gone = update(deny_entries).where(_OPEN, deny_entries.c.card_id.in_(_passed(at)))
    connection.execute(gone.values(removed_version=version, removed_at=at))
    oldest = _forget(connection, before, at)
    publishing.publish(connection, publishing.DENY, version, "", oldest)


def signed_document(
    connection: Connection, root: Ed25519PrivateKey, found: DenyList, since: int, at: int
) -> bytes:
    """The document for a gate that has version `since`; the whole list when that is too long ago."""
    head = found.head(at)
    signed = root.sign(DENY_PREFIX + head) + head
    if not max(found.oldest_delta, 1) <= since <= found.version:
        return signed + _CHANGE.pack(0, 0) + found.ids
    removed, added = _changes(connection, since)
    return signed + _CHANGE.pack(since, len(removed) // 8) + removed + added


def _changes(connection: Connection, since: int) -> tuple[bytes, bytes]:
    def ids(*which: Any) -> bytes:
        found = select(deny_entries.c.card_id).where(*which).order_by(deny_entries.c.card_id)
        return b"".join(map(bytes.fromhex, connection.scalars(found)))

    entry = deny_entries.c
    removed = ids(entry.removed_version > since, entry.added_version <= since)
    return removed, ids(_OPEN, entry.added_version > since)


def _missing(at: int) -> Any:
    """Cards that must be refused and are not on the list."""
    listed = and_(_OPEN, deny_entries.c.card_id == enrolments.c.card_id)
    return denied(at).where(~exists().where(listed))


def _passed(at: int) -> Any:
    """Cards on the list that need not be refused any more."""
    still = denied(at).where(enrolments.c.card_id == deny_entries.c.card_id).correlate(deny_entries)
    return select(deny_entries.c.card_id).where(_OPEN, ~exists(still))


def _forget(connection: Connection, before: Row[Any] | None, at: int) -> int:
    """Forget long removed entries; the oldest version that a delta can start from."""
    old = deny_entries.c.removed_at < at - DELTAS_KEPT_SECONDS
    last = connection.scalar(select(func.max(deny_entries.c.removed_version)).where(old)) or 0
    connection.execute(delete(deny_entries).where(old))
    return max(last, before.oldest_delta if before else 0)
