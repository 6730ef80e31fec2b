"""What the reports extension adds to a service request, each part a value of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.reading import count, mapping, mappings, moment, sequence, text, words, yes

Box = tuple[float, float, float, float]
"""x, y, width, height as fractions of the picture."""


@dataclass(frozen=True, slots=True)
class Media:
    """One photo or document of a service request: its address, a smaller one, what it shows.

    `stage` is before or after the work, before where a city does not say; `kind` is photo or
    document; `cleared` says that an officer has cleared it for everyone, with `boxes` blurred.
    """

    url: str
    thumbnail_url: str | None = None
    description: str = ""
    stage: str = "before"
    media_id: str = ""
    kind: str = "photo"
    cleared: bool = False
    boxes: tuple[Box, ...] = ()

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Media:
        """Read one element of `extended_attributes.media`."""
        return cls(
            url=words(item, "url"),
            thumbnail_url=text(item, "thumbnail_url"),
            description=words(item, "description"),
            stage=text(item, "stage") or "before",
            media_id=words(item, "media_id"),
            kind=text(item, "kind") or "photo",
            cleared=yes(item, "cleared"),
            boxes=tuple(filter(None, map(_box, sequence(item.get("boxes"))))),
        )


@dataclass(frozen=True, slots=True)
class Agency:
    """Who handles a report, by the register's code and name."""

    code: str = ""
    name: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Agency:
        """Read `agency`; empty where there is none."""
        item = mapping(value)
        return cls(words(item, "code"), words(item, "name"))


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many working days a report is late, and why if the agency says so."""

    working_days: int
    reason: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Overdue | None:
        """Read `overdue`."""
        item = mapping(value)
        return cls(count(item, "working_days") or 0, words(item, "reason")) if item else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report was refused or handed over: a code, its sentence, and how to object."""

    code: str
    text: str = ""
    objection: str = ""

    @classmethod
    def from_json(cls, value: Any) -> Reason | None:
        """Read `reason`."""
        item = mapping(value)
        if not words(item, "code"):
            return None
        return cls(words(item, "code"), words(item, "text"), words(item, "objection"))


@dataclass(frozen=True, slots=True)
class Rating:
    """What the resident thought of the answer: satisfied, acceptable or unsatisfied."""

    value: str
    comment: str = field(default="", repr=False)

    @classmethod
    def from_json(cls, value: Any) -> Rating | None:
        """Read `rating`."""
        item = mapping(value)
        return cls(words(item, "value"), words(item, "comment")) if words(item, "value") else None


@dataclass(frozen=True, slots=True)
class Update:
    """One step in the life of a service request.

    `act` is what was done (accept, ask, answer, …), empty where a city has only states; `actor_role`
    is resident, officer, clock or city. `handed_to` names the agency a hand-over led to.
    """

    update_id: str
    status_code: str
    datetime: datetime | None
    description: str = field(default="", repr=False)
    agency: str = ""
    actor: str = ""
    act: str = ""
    actor_role: str = ""
    reason_code: str = ""
    media: tuple[Media, ...] = ()
    handed_to: str = ""

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Update:
        """Read one element of GET updates."""
        return cls(
            update_id=words(item, "update_id"),
            status_code=words(item, "status_code"),
            datetime=moment(item, "datetime"),
            description=words(item, "description"),
            agency=words(item, "agency"),
            actor=words(item, "actor"),
            act=words(item, "act"),
            actor_role=words(item, "actor_role"),
            reason_code=words(item, "reason_code"),
            media=media_of(item.get("media")),
            handed_to=words(mapping(item.get("handed_to")), "name"),
        )


def media_of(value: Any) -> tuple[Media, ...]:
    """Read a list of media; one without an address is left out."""
    return tuple(one for one in map(Media.from_json, mappings(value)) if one.url)


def _box(value: Any) -> Box | None:
    found = [one for one in sequence(value) if isinstance(one, (int, float))]
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None
