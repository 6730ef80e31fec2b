"""Where the recorded device refused to store, a replay refuses as well."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence

from services.diagnostics import Step

EARLY = 5.0
"""Seconds by which a busy device may have written later than its replay does."""
SURE = 0.2
"""Seconds before a recorded refusal from which a write is the refused one, whatever went before."""
LATE = 2.0
"""Seconds after which a recorded refusal is passed over."""


class Refusals:
    """The recorded refusals, by the tables that were written; `begun` is the loop's time at the start."""

    def __init__(self, steps: Iterable[Step] = (), begun: float = 0.0) -> None:
        self._begun = begun
        self._written: Counter[tuple[str, ...]] = Counter()
        self._due: defaultdict[tuple[str, ...], deque[Step]] = defaultdict(deque)
        for step in steps:
            if step.kind == "device" and step.detail.get("call") == "store":
                self._due[tuple(step.detail.get("tables") or ())].append(step)

    def of(self, tables: Sequence[str]) -> str:
        """The code with which this write of these tables is refused; empty if it is not."""
        written, due = tuple(tables), self._due[tuple(tables)]
        now = asyncio.get_running_loop().time() - self._begun
        while due and due[0].at < now - LATE:
            due.popleft()
        if due and self._is_due(due[0], self._written[written], now):
            refused = due.popleft().detail.get("refused") or {}
            return str(refused.get("code") or "storage_full")
        self._written[written] += 1
        return ""

    def _is_due(self, step: Step, written: int, now: float) -> bool:
        after = step.detail.get("after")
        in_its_turn = isinstance(after, int) and written >= after
        return now >= step.at - (EARLY if in_its_turn else SURE)
