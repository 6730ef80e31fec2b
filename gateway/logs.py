"""What this server prints: when, where and what kind, never the words of an error.

An exception's text can quote what a resident wrote, and libraries put it into their messages. So a
traceback is printed as kinds and places, and of another's message only what stands before its first colon.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

OURS = ("app", "gateway", "services", "views", "gate")
_FRAMES = 6


def install(level: int = logging.WARNING) -> None:
    """Print to standard error from that level on, and nothing else anywhere."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutWords("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


class WithoutWords(logging.Formatter):
    """Formats records so that no text of an exception is in them."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and one more for a failure's places."""
        told = logging.makeLogRecord(record.__dict__)
        told.exc_text = None
        if told.name.split(".")[0] not in OURS:
            told.msg, told.args = told.getMessage().partition(":")[0].partition("\n")[0], None
        return super().format(told)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """`ValueError at views/home.py:12 < app/hooks.py:190`, the innermost place first."""
        kind, _error, trace = ei
        if kind is None:
            return ""
        frames = traceback.extract_tb(trace)[-_FRAMES:]
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        return f"{kind.__name__} at {places}"
