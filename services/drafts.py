"""What the resident has entered of a report, and how it becomes the form that is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from services.chance import new_id
from services.photos import Photo
from services.service_definitions import split_keys


@dataclass(frozen=True, slots=True)
class ServiceRequestDraft:
    """What the resident has entered so far. `lat`, `long` in WGS 84 degrees; `draft_id` stays.

    `urgency` is normal, complex or urgent; empty leaves it to the city. `attributes` answers the
    definition's questions by code. `place_from` says where the place came from: photo, device, map
    or address; `accuracy` is the radius in metres that the device gave with it.
    """

    service_code: str = ""
    description: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    ward_code: str = ""
    lat: float | None = field(default=None, repr=False)
    long: float | None = field(default=None, repr=False)
    urgency: str = ""
    photos: tuple[Photo, ...] = ()
    hide_name: bool = False
    draft_id: str = field(default_factory=new_id)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    place_from: str = ""
    accuracy: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it for the vault."""
        plain = asdict(replace(self, photos=()))
        return plain | {"photos": [photo.to_json() for photo in self.photos]}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> ServiceRequestDraft:
        """Read what `to_json` wrote, here or in another version of the app."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in item.items() if name in known}
        return cls(**{**values, "photos": tuple(map(Photo.from_json, item["photos"]))})

    def form(self) -> dict[str, str | list[str]]:
        """Return the fields of POST requests; what is not known is left out."""
        fields_sent: dict[str, str | list[str]] = {
            "service_code": self.service_code,
            "description": self.description,
            "address_string": self.address,
            "address_id": self.ward_code,
            "lat": "" if self.lat is None else f"{self.lat:.6f}",
            "long": "" if self.long is None else f"{self.long:.6f}",
            "attribute[urgency]": self.urgency,
            "attribute[hide_name]": "true" if self.hide_name else "",
        }
        for code, answer in self.attributes.items():
            keys = split_keys(answer)
            # GeoReport's way to send several keys of one list.
            several = len(keys) > 1
            fields_sent[f"attribute[{code}]" + "[]" * several] = [*keys] if several else answer
        return {name: value for name, value in fields_sent.items() if value}


def jpeg_files(name: str, jpegs: Sequence[bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Return JPEGs as multipart fields of one name."""
    return [
        (name, (f"photo-{number}.jpg", jpeg, "image/jpeg"))
        for number, jpeg in enumerate(jpegs, start=1)
    ]
