"""Personas: staff open the sandbox's app as one of its residents, with faults switched on to see what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from services.errors import GatewayUnavailable
from services.reading import moment, one_object, words

SLOW_SECONDS = (0, 3, 10, 30)
"""How late answers may come; the last is later than the app waits."""
CLOCK_HOURS = (0, -24, -2, 2, 24)
"""How far the device's clock may be off."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is switched on. `slow_seconds`: answers come so late; `unavailable`: the gateway answers 503; `expired`: it
    takes the sign-in for over; `half_upload`: what is uploaded breaks off halfway; `clock_hours`: the device's
    clock is off and no answer sets it right; `no_storage`: the device keeps nothing more.
    """

    slow_seconds: int = 0
    unavailable: bool = False
    expired: bool = False
    half_upload: bool = False
    clock_hours: int = 0
    no_storage: bool = False

    @property
    def on(self) -> tuple[str, ...]:
        """The names of those that are switched on."""
        return tuple(name for name, value in asdict(self).items() if value)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Faults:
        """Read what the gateway wrote down; anything else counts as off."""
        usual = asdict(cls())
        known = {name: item[name] for name in usual if type(item.get(name)) is type(usual[name])}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class SandboxResident:
    """Somebody whom the app can be opened as: `resident` is their key, `about` a line by language."""

    resident: str
    name: str
    about: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> SandboxResident:
        """Read one element of `residents`."""
        about = {"vi": words(item, "about"), "en": words(item, "about_en")}
        return cls(words(item, "resident"), words(item, "name"), about)


@dataclass(frozen=True, slots=True)
class BegunPersona:
    """A persona that the gateway has logged: `answer` has the form of a token endpoint's."""

    persona_id: str
    name: str
    ends: datetime | None
    answer: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_json(cls, answer: Any) -> BegunPersona:
        """Read it; GatewayUnavailable if it brings no tokens."""
        item = one_object(answer)
        if not (words(item, "access_token") and words(item, "id_token")):
            raise GatewayUnavailable("broken_answer")
        return cls(words(item, "persona_id"), words(item, "name"), moment(item, "ends"), item)


Begin = Callable[[], Awaitable[BegunPersona]]
"""Begins a persona, or the next one of the same resident: each is logged."""
