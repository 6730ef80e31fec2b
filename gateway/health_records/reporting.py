"""The line an import prints for a file."""

from __future__ import annotations

from gateway.health_records.arrivals import Kept


def report(kept: Kept, count: int, without_resource: int, *, unclaimed: bool = False) -> str:
    """Counts only: names and codes of a record do not belong on a terminal."""
    total = sum(kept.new.values())
    types = ", ".join(f"{count} {kind}" for kind, count in sorted(kept.new.items()))
    lines = [f"kept {total} of {count} resources" + (f" ({types})" if types else "")]
    lines += [f"left {count}: {reason}" for reason, count in sorted(kept.left.items())]
    if without_resource:
        lines.append(f"left {without_resource}: no resource in the entry")
    if unclaimed:
        lines.append("stored as unclaimed")
    return "; ".join(lines) + "."
