"""The words of the inventory: for one table whose its rows are, what they are for, how they leave
with an export, what an erasure does to them, and how long they are kept at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Table


class Becomes(Enum):
    """What a value turns into where a row stays behind without its resident."""

    PSEUDONYM = "pseudonym"
    """A name made for this erasure alone, which leads to nobody."""


PSEUDONYM = Becomes.PSEUDONYM
"""Stands in `values` for the erasure's own name."""

ERASED = "erased:"
"""What such a name begins with; no sign-in ever has it."""

When = Callable[[Table], ColumnElement[bool]]
"""Which rows of the table are meant."""


# Whose a row is


@dataclass(frozen=True, slots=True)
class By:
    """The rows whose `column` is the resident's subject."""

    column: str


@dataclass(frozen=True, slots=True)
class Through:
    """The rows whose `column` is the `key` (by default of the same name) of the resident's rows in
    `table`.
    """

    column: str
    table: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The rows that are the resident's in one of these ways."""

    ways: tuple[By | Through, ...]


Whose = By | Through | AnyOf


@dataclass(frozen=True, slots=True)
class Mention:
    """A column that names a resident in a row that is another's, or nobody's. At that resident's
    erasure `values` are written there; without any the name stays, for the reason in `why`.
    """

    column: str
    why: str
    values: Mapping[str, Any] = field(default_factory=dict)


# What an erasure does


@dataclass(frozen=True, slots=True)
class Delete:
    """The rows go."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The rows stay (those of `when`), with `values` written over; `reason` is a key of `REASONS`."""

    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    when: When | None = None


Erased = tuple[Delete | Keep, ...]
"""Done in this order: what a `Keep` does not mean is left to the next."""

GO: Erased = (Delete(),)


# How long


@dataclass(frozen=True, slots=True)
class For:
    """Rows go `time` after the moment in `column` (an instant, or numbers of `seconds` since 1970);
    a row without that moment stays.
    """

    column: str
    time: timedelta
    seconds: int = 1
    when: When | None = None


@dataclass(frozen=True, slots=True)
class ByItsFeature:
    """The feature has a job of its own: `job` names it (module:function) and `time` says how long."""

    job: str
    time: str


@dataclass(frozen=True, slots=True)
class With:
    """Kept as long as what it belongs to: the account, a report, an application, a record."""

    what: str


Kept = For | ByItsFeature | With


# How it leaves


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows stand in the export, but for the columns in `hides` (secrets' hashes, names of the
    city's own). `parsed` are texts that hold JSON; `files` are columns whose bytes become files,
    by the ending of their names.
    """

    hides: tuple[str, ...] = ()
    parsed: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotExported:
    """The rows tell a resident nothing, for the reason in `why`."""

    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One table. `holds` says what for; `objects` is the column whose values name files in the
    media store.

    Without `whose` the table is nobody's, and nothing of it is exported or erased.
    """

    table: str
    holds: str
    kept: Kept
    whose: Whose | None = None
    mentions: tuple[Mention, ...] = ()
    export: Exported | NotExported = NotExported("it is about nobody")
    erased: Erased = ()
    objects: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Something that is no table: a prefix of the media store, a file, a cache. `where` says which
    source file makes it; `erased` and `kept` say in words what happens to it.
    """

    name: str
    where: str
    holds: str
    erased: str
    kept: str
