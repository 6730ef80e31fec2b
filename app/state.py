"""The few observables that outlive a screen. One of each a session, made in `app.entry`; never at module level."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import flet as ft

from app.theme import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Look, Palette
from services.desk_records import Filters
from services.identity import Person
from services.lock import Needs
from services.personas import Faults

FEATURES = ("service_requests", "health_records", "certificates", "cards")
THEMES = ("system", "light", "dark")
LANGUAGES = ("vi", "en")
TEXT_SCALES = (1.0, 1.25, 1.5, 2.0)
ONLY_AT_START = -1.0
LOCKS_AFTER = (0.0, 60.0, 300.0, 900.0, ONLY_AT_START)
"""Seconds away after which the app locks itself; at once, or only when it starts."""


KEPT: Mapping[str, tuple[str | float | bool, ...]] = {
    "language": LANGUAGES,
    "theme": THEMES,
    "text_scale": TEXT_SCALES,
    "high_contrast": (False, True),
    "reduced_motion": (False, True),
    "lock_after": LOCKS_AFTER,
    "lock_offered": (False, True),
}
"""Preferences with the values they may have."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Whom to call: this city's numbers; `reception` is where citizens are received in person.

    `neighbours` are (province, number) of those around the city.
    """

    hotline: str = "1022"
    police: str = "113"
    fire: str = "114"
    ambulance: str = "115"
    reception: str = ""
    neighbours: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What this profile offers: features, map tiles and geocoder addresses, photos to a report."""

    sandbox: bool = True
    features: tuple[str, ...] = FEATURES
    tiles: str = ""
    geocoder: str = ""
    photos: int = 5
    contacts: Contacts = field(default_factory=Contacts)


UNRECORDED = "beside the app"
"""`data` of what is drawn beside the app and is no part of it: no recording tells of it."""


@dataclass(frozen=True, slots=True)
class Persona:
    """As which resident of the sandbox staff have the app open, with which faults, and how that changes or ends."""

    name: str
    faults: Faults
    change: Callable[[Faults], None] = field(repr=False)
    end: Callable[[], Awaitable[None]] = field(repr=False)


@ft.observable
@dataclass
class Session:
    """Who is signed in, and how this device shows the app. Width in dp."""

    offer: Offer = field(default_factory=Offer)
    person: Person | None = None
    guest: bool = False
    language: str = "vi"
    theme: str = "system"
    text_scale: float = 1.0
    platform_dark: bool = False
    width: float = 412.0
    high_contrast: bool = False
    reduced_motion: bool = False
    platform_high_contrast: bool = False
    platform_reduced_motion: bool = False
    """What the device asks for; the resident's own choice adds to it."""
    has_pin: bool = False
    locked: bool = False
    """Whether the lock stands before every screen; what was typed stays behind it."""
    lock_needs: Needs = ""
    """What opens it."""
    lock_after: float = 60.0
    pins_typed: int = 0
    """Goes up with each right PIN: what asked for it looks again."""
    covered: bool = False
    """Whether a picture stands before the screen, for the task switcher."""
    lock_offered: bool = False
    """Whether the resident was offered a PIN and said no."""
    unread: int = 0
    """Notices in the inbox that were not read; the badge."""
    over: str = ""
    """Why the sign-in on this screen is over though nobody signed out: see services.standing."""
    minutes_left: int = 0
    """Minutes until a sign-in left unused ends, once that is soon."""
    desk_filters: Filters = field(default_factory=Filters)
    """What an officer last looked for in the queue."""
    needs_you: int = 0
    """Reports that wait for the resident, as a screen last read them: the badge on Reports."""
    persona: Persona | None = None
    """Who plays the resident, where it is not the resident."""

    @property
    def dark(self) -> bool:
        """Whether the dark palette is on, by choice or by the device."""
        return self.theme == "dark" or (self.theme == "system" and self.platform_dark)

    @property
    def look(self) -> Look:
        """What components need to draw."""
        return Look(self.palette, self.text_scale, self.width, self.still)

    @property
    def palette(self) -> Palette:
        """The colours, with high contrast where the resident or the device asks for it."""
        if self.strong_contrast:
            return HIGH_DARK if self.dark else HIGH_LIGHT
        return DARK if self.dark else LIGHT

    @property
    def strong_contrast(self) -> bool:
        """Whether every pair of colours has 7:1."""
        return self.high_contrast or self.platform_high_contrast

    @property
    def still(self) -> bool:
        """Whether what moves for its own sake stands still."""
        return self.reduced_motion or self.platform_reduced_motion

    def preferences(self) -> dict[str, str | float]:
        """What is kept across restarts."""
        return {name: getattr(self, name) for name in KEPT}

    def restore(self, preferences: dict[str, object]) -> None:
        """Take over kept preferences; a value that is no longer allowed is left at its default."""
        for name, values in KEPT.items():
            if preferences.get(name) in values:
                setattr(self, name, preferences[name])


@ft.observable
@dataclass
class Revisions:
    """Counts up when a kind of record changes; what depends on it asks again."""

    service_requests: int = 0
    outbox: int = 0
    inbox: int = 0
    cards: int = 0
    parking: int = 0
    trips: int = 0
    certificates: int = 0
    health_records: int = 0
    health_people: int = 0
    own_health: int = 0
    """Own measurements and corrections: they may wait in the outbox."""
    health_shares: int = 0
    privacy: int = 0
    support: int = 0
    consents: int = 0
