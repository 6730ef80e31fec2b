"""Days and moments as the standard writes them: pydantic would take a bare number for Unix seconds."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

T = TypeVar("T")

_NUMBER = re.compile(r"\s*[+-]?[\d._]+([eE][+-]?\d+)?\s*")


def _written(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        raise PydanticCustomError("not_a_moment", "Write the date as in RFC 3339")
    return value


Written = Annotated[T, BeforeValidator(_written)]
"""A date or a moment of a query that has to be written as RFC 3339 writes it."""
