"""An answer that may be a saved copy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """A value and, when it is a copy kept for reading offline, the moment it was saved (UTC)."""

    value: T
    as_of: datetime | None = None
