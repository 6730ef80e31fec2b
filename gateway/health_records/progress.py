"""A bar on a terminal that shows how far an import is; nothing where no terminal is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

_WIDTH = 30
_EVERY_SECONDS = 0.2


class Bar:
    """`with Bar(name, bytes) as bar:`, told of bytes read and resources kept."""

    def __init__(self, name: str, total: int) -> None:
        self._name, self._total = name, max(total, 1)
        self._read, self._kept, self._drawn_at = 0, 0, 0.0
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Nothing is drawn before there is something to say."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the line as if there had been no bar."""
        if self._shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def advance(self, count: int) -> None:
        """So many bytes more were read."""
        self._read += count
        self._draw()

    def count(self, kept: int) -> None:
        """So many resources are kept by now."""
        self._kept = kept
        self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        if not self._shown or now - self._drawn_at < _EVERY_SECONDS:
            return
        self._drawn_at = now
        part = min(self._read / self._total, 1)
        bar = "#" * int(part * _WIDTH)
        line = f"\r{self._name[:30]} [{bar:<{_WIDTH}}] {part:4.0%} {self._kept:,} kept\033[K"
        sys.stderr.write(line)
        sys.stderr.flush()
