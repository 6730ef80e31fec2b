"""What the resident does to a report after sending it; every act goes through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from services.georeport import ServiceRequest
from services.photos import Photo

ACTS = ("answer", "withdraw", "reopen", "rate", "correct", "follow", "unfollow")
"""The kinds of outbox items that are acts; each is a path of the extension or a PUT, DELETE."""
RATINGS = ("satisfied", "acceptable", "unsatisfied")


@dataclass(frozen=True, slots=True)
class Sent:
    """What happened to an act: it waits in the outbox, or the report as it is now, if answered."""

    queued: bool
    request: ServiceRequest | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Correction:
    """What to change within the first minutes; None leaves a field as it is."""

    description: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    lat: float | None = field(default=None, repr=False)
    long: float | None = field(default=None, repr=False)
    hide_name: bool | None = None
    urgency: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Write what changes."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Act:
    """One act for editing or showing: `kind` is one of ACTS, `about` the report's id.

    `about` may be the draft's id of a report that waits itself.
    """

    kind: str
    about: str
    description: str = field(default="", repr=False)
    photos: tuple[Photo, ...] = ()
    rating: str = ""
    comment: str = field(default="", repr=False)
    correction: Correction = field(default_factory=Correction, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Write it for the outbox; the photos' pictures are kept beside it."""
        return {
            "description": self.description,
            "rating": self.rating,
            "comment": self.comment,
            "correction": self.correction.to_json(),
            "photos": [photo.to_json() | {"jpeg": ""} for photo in self.photos],
        }

    @classmethod
    def of(cls, kind: str, about: str, payload: Mapping[str, Any]) -> Act:
        """Read what `to_json` wrote, without pictures."""
        return cls(
            kind,
            about,
            payload["description"],
            tuple(map(Photo.from_json, payload["photos"])),
            payload["rating"],
            payload["comment"],
            Correction(**payload["correction"]),
        )

    def body(self, media_ids: list[str]) -> dict[str, Any]:
        """Return the JSON of the act's POST."""
        if self.kind in ("answer", "reopen"):
            return {"description": self.description, "media_ids": media_ids}
        if self.kind == "rate":
            return {"rating": self.rating, "comment": self.comment}
        return self.correction.to_json() if self.kind == "correct" else {}
