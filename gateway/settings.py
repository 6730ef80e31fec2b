"""What the gateway is told when it starts: one frozen value, read from the environment once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import platformdirs

TAPS_KEPT_DAYS, FEWEST_DAYS = 180, 31
"""A parked stay may last thirty days, and a trip be set right for seven: both need their taps."""

ACCESS_SECONDS, FEWEST_SECONDS = 300, 35
"""How long the sandbox's access tokens live, at most and at least: clients renew them 30 s before."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long an answer may take.

    Urgent is Decision 1207's; the two others are not published, so they are ours.
    """

    urgent_hours: int = 4
    normal_days: int = 3
    complex_days: int = 15


@dataclass(frozen=True, slots=True)
class Handling:
    """How reports are handled. Seven days to reopen and fifteen minutes to correct are the
    product's promise; the rest is not published, so it is ours.

    `escalate_hours`: office hours after the deadline at which each level is told. `answer_days`:
    working days a question may stay unanswered. `reports_per_hour`: of one resident;
    `reports_per_hour_doubted` once an officer flagged `hoaxes_tolerated` of theirs in 90 days.
    """

    reopen_days: int = 7
    correct_minutes: int = 15
    escalate_hours: tuple[float, ...] = (0, 16)
    answer_days: int = 10
    reports_per_hour: int = 20
    reports_per_hour_doubted: int = 2
    hoaxes_tolerated: int = 3
    presence_seconds: int = 60
    uploads_kept_hours: int = 48


@dataclass(frozen=True, slots=True)
class SupportRules:
    """How bundles for support are handled. Seven days and one working day are the product's promise; the
    rest is not published, so it is ours.

    `bundle_limit` and `unpacked_limit` in bytes; `opening_hours`: how long one opening lasts;
    `thread_kept_days`: after its last word; `log_kept_days`: who opened what.
    """

    kept_days: int = 7
    answer_days: int = 1
    bundle_limit: int = 20 * 1024 * 1024
    unpacked_limit: int = 64 * 1024 * 1024
    bundles_per_day: int = 10
    messages_per_hour: int = 30
    unknown_codes_per_hour: int = 10
    opening_hours: int = 8
    personas_per_hour: int = 20
    thread_kept_days: int = 90
    log_kept_days: int = 730


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """The smallest rectangle around the city, in degrees (WGS 84)."""

    south: float = 20.53
    west: float = 105.28
    north: float = 21.39
    east: float = 106.03

    def holds(self, lat: float, long: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= long <= self.east


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything about this installation.

    Empty addresses are filled from the data folder and the public address. `correction_seconds` is
    the pace at which the sandbox's facility answers corrections of health records. How long taps
    are kept (at least `FEWEST_DAYS`) is not published, so it is ours. `also_at` are further
    addresses of the gateway, under which a caller may prove its key (`htu` of RFC 9449).
    """

    data_folder: Path
    database_url: str = field(default="", repr=False)
    public_url: str = "http://127.0.0.1:8550"
    also_at: tuple[str, ...] = ()
    issuer: str = ""
    audience: str = "ihanoi-gateway"
    token_algorithms: tuple[str, ...] = ("ES256",)
    sandbox: bool = True
    media_url: str = field(default="", repr=False)
    body_limit: int = 44_000_000
    photo_limit: int = 8_000_000
    photos_per_request: int = 5
    deadlines: Deadlines = field(default_factory=Deadlines)
    handling: Handling = field(default_factory=Handling)
    support: SupportRules = field(default_factory=SupportRules)
    correction_seconds: float = 20.0
    jurisdiction_id: str = "hanoi"
    taps_kept_days: int = TAPS_KEPT_DAYS
    access_seconds: int = ACCESS_SECONDS
    relays: frozenset[str] = frozenset({"in-process"})
    bounding_box: BoundingBox = field(default_factory=BoundingBox)
    clock: Callable[[], datetime] = field(default=utc_now, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fill the addresses that follow from others."""
        folder = self.data_folder
        fill = object.__setattr__
        fill(self, "public_url", self.public_url.rstrip("/"))
        fill(self, "issuer", self.issuer or f"{self.public_url}/identity")
        fill(self, "database_url", self.database_url or f"sqlite:///{folder / 'gateway.sqlite3'}")
        fill(self, "media_url", self.media_url or (folder / "media").absolute().as_uri())

    @property
    def api_url(self) -> str:
        """The gateway's public address."""
        return f"{self.public_url}/api"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read IHANOI_DATA, IHANOI_PUBLIC_URL, IHANOI_ALSO_AT (by commas), PORT, IHANOI_ISSUER,
        DATABASE_URL, MEDIA_URL, IHANOI_SANDBOX, IHANOI_TAPS_KEPT_DAYS, IHANOI_REPORTS_PER_HOUR,
        IHANOI_ESCALATE_HOURS and IHANOI_CORRECTION_SECONDS.

        Raises ValueError when PORT is not a port number, IHANOI_SANDBOX is neither 0 nor 1, taps
        would be kept for too few days, or one of the last three is no number.
        """
        folder = environ.get("IHANOI_DATA") or platformdirs.user_data_dir("ihanoi")
        return cls(
            data_folder=Path(folder),
            database_url=environ.get("DATABASE_URL", ""),
            public_url=environ.get("IHANOI_PUBLIC_URL") or f"http://127.0.0.1:{port_of(environ)}",
            also_at=tuple(
                address.strip().rstrip("/")
                for address in environ.get("IHANOI_ALSO_AT", "").split(",")
                if address.strip()
            ),
            issuer=environ.get("IHANOI_ISSUER", ""),
            media_url=environ.get("MEDIA_URL", ""),
            sandbox=_sandbox_of(environ),
            handling=_handling_of(environ),
            correction_seconds=float(environ.get("IHANOI_CORRECTION_SECONDS") or 20.0),
            taps_kept_days=_kept_days_of(environ),
            access_seconds=_access_seconds_of(environ),
            relays=frozenset({"in-process", *environ.get("IHANOI_RELAYS", "").split()}),
        )


def port_of(environ: Mapping[str, str]) -> int:
    """The port to listen on: PORT, or 8550. Raises ValueError when it is not a port number."""
    text = environ.get("PORT") or "8550"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def _sandbox_of(environ: Mapping[str, str]) -> bool:
    text = environ.get("IHANOI_SANDBOX") or "1"
    if text not in {"0", "1"}:
        raise ValueError(f"IHANOI_SANDBOX must be 0 or 1, not {text!r}")
    return text == "1"


def _access_seconds_of(environ: Mapping[str, str]) -> int:
    text = environ.get("IHANOI_ACCESS_SECONDS") or str(ACCESS_SECONDS)
    if not (text.isascii() and text.isdigit() and FEWEST_SECONDS <= int(text) <= ACCESS_SECONDS):
        raise ValueError(
            f"IHANOI_ACCESS_SECONDS must be from {FEWEST_SECONDS} to {ACCESS_SECONDS}, not {text!r}"
        )
    return int(text)


def _kept_days_of(environ: Mapping[str, str]) -> int:
    text = environ.get("IHANOI_TAPS_KEPT_DAYS") or str(TAPS_KEPT_DAYS)
    if not (text.isascii() and text.isdigit() and int(text) >= FEWEST_DAYS):
        raise ValueError(
            f"IHANOI_TAPS_KEPT_DAYS must be a number of days from {FEWEST_DAYS} on, not {text!r}"
        )
    return int(text)


def _handling_of(environ: Mapping[str, str]) -> Handling:
    usual = Handling()
    limit, hours = environ.get("IHANOI_REPORTS_PER_HOUR"), environ.get("IHANOI_ESCALATE_HOURS")
    return Handling(
        reports_per_hour=int(limit) if limit else usual.reports_per_hour,
        escalate_hours=(
            tuple(float(part) for part in hours.split(",")) if hours else usual.escalate_hours
        ),
    )
