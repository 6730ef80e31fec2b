"""The pictures a resident took or chose lately, in memory alone: theirs to send, and off until they say so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from services.diagnostics.ring import LASTS

MOST = 10
LARGEST = 3 * 1024 * 1024
"""Bytes of all of them: ten photos as they are prepared for a report."""


class Album:
    """Takes prepared pictures (no metadata, small) and forgets those that are older than the recording."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: deque[tuple[datetime, bytes]] = deque()

    def add(self, jpeg: bytes) -> None:
        """Keep a picture; the oldest make room."""
        self._kept.append((self._now(), jpeg))
        while len(self._kept) > MOST or sum(len(one) for _at, one in self._kept) > LARGEST:
            self._kept.popleft()

    def pictures(self) -> dict[str, bytes]:
        """The pictures of the recorded minutes by the names of their files, each once."""
        since = self._now() - LASTS
        while self._kept and self._kept[0][0] < since:
            self._kept.popleft()
        each = dict.fromkeys(one for _at, one in self._kept)
        return {f"photo-{n}.jpg": jpeg for n, jpeg in enumerate(each, start=1)}

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
