"""What the privacy operations take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Erased(BaseModel):
    """How many things of an area are erased."""

    area: str
    number: int


class Kept(BaseModel):
    """How many things of an area stay, and why; `days` is how long, None where it is not a time."""

    area: str
    reason: str
    number: int
    days: int | None


class Preview(BaseModel):
    """What an erasure would do now. While there are `blockers` it cannot begin."""

    erased: list[Erased]
    kept: list[Kept]
    blockers: list[str]


class Confirmation(BaseModel):
    """That the resident was told what stays, and wants it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    confirmed: Literal[True]


class Erasure(BaseModel):
    """An erasure and, once it is done, its receipt."""

    erasure_id: str
    state: Literal["waiting", "done"]
    asked: datetime
    finished: datetime | None
    erased: list[Erased]
    kept: list[Kept]
