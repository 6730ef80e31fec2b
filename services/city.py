"""How a city speaks GeoReport v2: ours with its extension, or any other, as the profile says."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.client import JSON

FORMATS = ("json", "xml")


@dataclass(frozen=True, slots=True)
class City:
    """The GeoReport endpoint below the gateway's address.

    `extended` says that our extension (`/reports`, docs/reports-extension.md) stands beside it.
    `jurisdiction_id` and `api_key` are what a plain city asks of its submitters.
    """

    path: str = "/open311/v2"
    format: str = "json"
    jurisdiction_id: str = ""
    api_key: str = field(default="", repr=False)
    extended: bool = True

    def address(self, resource: str) -> str:
        """Return the path of a resource such as `requests` in the city's format."""
        return f"{self.path.rstrip('/')}/{resource}.{self.format}"

    @property
    def accept(self) -> str:
        """The media type to ask for."""
        return "application/xml, text/xml" if self.format == "xml" else JSON

    @property
    def query(self) -> dict[str, str | None]:
        """What every read carries."""
        return {"jurisdiction_id": self.jurisdiction_id or None}

    @property
    def form(self) -> dict[str, str]:
        """What every submission carries."""
        given = {"jurisdiction_id": self.jurisdiction_id, "api_key": self.api_key}
        return {name: value for name, value in given.items() if value}
