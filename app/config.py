"""`flet.toml` → a frozen Config. An error names the key, its line, and what is allowed."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.state import FEATURES, Contacts, Offer
from services.city import FORMATS, City

EMBEDDED = "embedded"
DEFAULT_FILE = Path(__file__).parent.parent / "flet.toml"

_OVERRIDES = {
    "IHANOI_GATEWAY_URL": "gateway",
    "IHANOI_ISSUER": "issuer",
    "IHANOI_CLIENT_ID": "client_id",
}
_MOST = {"photos": 20, "idle_minutes": 1440}


class ConfigError(Exception):
    """One sentence: the file or variable, the line, the key, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What this profile bounds: the photos that a report may carry, and the minutes after which the
    web ends a sign-in that nobody uses.
    """

    photos: int = 5
    idle_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Config:
    """One profile. `gateway` and `issuer` are https addresses or the word `embedded`."""

    profile: str
    gateway: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...] = ("openid", "profile", "offline_access")
    sandbox: bool = False
    features: tuple[str, ...] = FEATURES
    tiles: str = ""
    geocoder: str = ""
    boundaries: str = ""
    fhir: str = ""
    georeport: City = field(default_factory=City)
    limits: Limits = field(default_factory=Limits)
    contacts: Contacts = field(default_factory=Contacts)

    @property
    def embedded(self) -> bool:
        """Whether the reference gateway runs in this process."""
        return EMBEDDED in (self.gateway, self.issuer)

    @property
    def offer(self) -> Offer:
        """What the views need to know of the profile."""
        return Offer(
            self.sandbox,
            self.features,
            self.tiles,
            self.geocoder,
            self.limits.photos,
            self.contacts,
        )


def load(path: Path = DEFAULT_FILE, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the chosen profile with its overrides. Raises ConfigError."""
    source = _read(path)
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}.") from error
    _refuse_unknown(path, source, document, ("default_profile", "profiles"), "the top level")
    profiles = document.get("profiles", {})
    name = environ.get("IHANOI_PROFILE") or str(document.get("default_profile", EMBEDDED))
    if not isinstance(profiles, dict) or name not in profiles:
        known = ", ".join(sorted(profiles)) if isinstance(profiles, dict) else "none"
        raise ConfigError(f"There is no profile {name!r} in {path.name}. Allowed: {known}.")
    return _Reader(path, source, name).config(dict(profiles[name]), environ)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    source: str
    profile: str

    def config(self, values: dict[str, Any], environ: Mapping[str, str]) -> Config:
        known = [name for name in Config.__slots__ if name != "profile"]
        _refuse_unknown(self.path, self.source, values, known, f"profile {self.profile!r}")
        for variable, key in _OVERRIDES.items():
            if environ.get(variable):
                values[key] = environ[variable]
        limits = self._limits(values.pop("limits", {}))
        contacts = self._contacts(values.pop("contacts", {}))
        georeport = self._georeport(values.pop("georeport", {}))
        for key, value in values.items():
            self._check(key, value)
        for key in ("gateway", "issuer", "client_id"):
            if key not in values:
                raise self._error(key, "is missing", "a value")
        if (values["gateway"] == EMBEDDED) != (values["issuer"] == EMBEDDED):
            raise self._error("issuer", "and gateway differ", '"embedded" for both or for neither')
        as_tuples: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return Config(
            profile=self.profile, limits=limits, contacts=contacts, georeport=georeport, **as_tuples
        )

    def _limits(self, values: Any) -> Limits:
        if not isinstance(values, dict):
            raise self._error("limits", "is not a table", "a table of numbers")
        _refuse_unknown(self.path, self.source, values, list(Limits.__slots__), "limits")
        for key, value in values.items():
            most = _MOST[key]
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
                raise self._error(key, f"is {value!r}", f"a whole number from 1 to {most}")
        return Limits(**values)

    def _contacts(self, values: Any) -> Contacts:
        if not isinstance(values, dict):
            raise self._error("contacts", "is not a table", "a table of texts")
        _refuse_unknown(self.path, self.source, values, list(Contacts.__slots__), "contacts")
        neighbours = values.pop("neighbours", {})
        if not isinstance(neighbours, dict):
            raise self._error("neighbours", "is not a table", "a table of numbers by province")
        for key, value in [*values.items(), *neighbours.items()]:
            if not isinstance(value, str):
                raise self._error(key, f"is {value!r}", "a text")
        return Contacts(**values, neighbours=tuple(neighbours.items()))

    def _georeport(self, values: Any) -> City:
        if not isinstance(values, dict):
            raise self._error("georeport", "is not a table", "a table of format, extended and more")
        _refuse_unknown(self.path, self.source, values, list(City.__slots__), "georeport")
        for key, value in values.items():
            wanted = bool if key == "extended" else str
            if not isinstance(value, wanted):
                allowed = "true or false" if wanted is bool else "a text"
                raise self._error(key, f"is {value!r}", allowed)
        found = City(**values)
        if found.format not in FORMATS:
            raise self._error("format", f"is {found.format!r}", " or ".join(FORMATS))
        if found.extended and found.format != "json":
            raise self._error("format", "is xml with our extension", "json, or extended = false")
        return found

    def _check(self, key: str, value: Any) -> None:
        if key in ("gateway", "issuer") and value != EMBEDDED:
            self._check_address(key, value, '"embedded" or an https address')
        elif key in ("tiles", "geocoder", "fhir") and value:
            self._check_address(key, value, "an https address, or nothing")
        elif key == "boundaries" and isinstance(value, str) and "://" in value:
            self._check_address(key, value, "a path, an https address, or nothing")
        elif key == "boundaries" and not isinstance(value, str):
            raise self._error(key, f"is {value!r}", "a path, an https address, or nothing")
        elif key == "client_id" and (not isinstance(value, str) or not value):
            raise self._error(key, f"is {value!r}", "a text that is not empty")
        elif key == "sandbox" and not isinstance(value, bool):
            raise self._error(key, f"is {value!r}", "true or false")
        elif key == "features":
            self._check_list(key, value, FEATURES)
        elif key == "scopes":
            self._check_list(key, value, None)
            if "openid" not in value:
                raise self._error(key, "lacks openid", 'a list of texts with "openid" among them')

    def _check_address(self, key: str, value: Any, allowed: str) -> None:
        parts = urlsplit(value) if isinstance(value, str) else None
        loopback = parts is not None and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts is None or not parts.hostname or parts.scheme not in ("https", "http"):
            raise self._error(key, f"is {value!r}", allowed)
        if parts.scheme == "http" and not loopback:
            raise self._error(key, f"is {value!r}", f"{allowed}; http only for this machine")

    def _check_list(self, key: str, value: Any, allowed: tuple[str, ...] | None) -> None:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._error(key, f"is {value!r}", "a list of texts")
        for item in value:
            if allowed is not None and item not in allowed:
                raise self._error(key, f"holds {item!r}", ", ".join(allowed))

    def _error(self, key: str, wrong: str, allowed: str) -> ConfigError:
        place = _line_of(self.source, key, self.profile)
        return ConfigError(
            f"{self.path.name}{place}: {key} of profile {self.profile!r} {wrong}. Allowed: {allowed}."
        )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error


def _refuse_unknown(
    path: Path, source: str, values: dict[str, Any], known: Any, where: str
) -> None:
    for key in values:
        if key not in known:
            place = _line_of(source, key, "")
            raise ConfigError(
                f"{path.name}{place}: unknown key {key!r} in {where}. Allowed: {', '.join(known)}."
            )


def _line_of(source: str, key: str, profile: str) -> str:
    """`, line 12` of the key inside its profile's tables; nothing when an override set it."""
    inside = not profile
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if text.startswith("["):
            inside = not profile or text.strip("[]").startswith(f"profiles.{profile}")
            if profile and text == f"[profiles.{profile}.{key}]":
                return f", line {number}"
        elif inside and text.split("=")[0].strip() == key:
            return f", line {number}"
    return ""
