"""What the device can do, as the views ask for it. `app.device` implements it, `tests.support` twins it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.personas import Begin, Faults


@dataclass(frozen=True, slots=True)
class PickedFile:
    """A file the resident chose, as bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where the device says it is: WGS 84 degrees and the radius of uncertainty in metres."""

    lat: float
    long: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What the device's own settings ask of every app."""

    high_contrast: bool = False
    reduced_motion: bool = False


class PlaceRefused(Exception):
    """The resident or the device did not give the place."""


class PhotosRefused(Exception):
    """The resident or the device gave no access to the camera or the pictures."""


class Device(Protocol):
    """One resident's device: a phone, a desktop or a browser tab."""

    keeps_health_copies: bool
    """False on the web, where a copy would lie on the server."""
    covers_switcher: bool
    """Whether the app draws a cover before it leaves the front, for the task switcher's picture."""

    async def accessibility(self) -> Accessibility:
        """What the device asks for; nothing where it does not say."""

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        """Send the resident to the identity provider: to sign in at the level `acr`, or no longer
        than `max_age` seconds ago.

        True when they are back and signed in; False when the page is being left for it (web).
        Raises ServiceError.
        """

    async def sign_out(self) -> bool:
        """End the session here and at the provider; False when the page is being left (web)."""

    def unused_ends_in(self) -> float | None:
        """Seconds until a sign-in that nobody uses ends here; None where it does not."""

    async def leave(self, path: str) -> bool:
        """Forget a sign-in that was ended elsewhere; False when the page is being left for `path`."""

    async def pick_photos(self, limit: int) -> list[PickedFile]:
        """Let the resident take or choose up to `limit` pictures; none when they cancel.

        Raises PhotosRefused.
        """

    async def pick_file(self, extensions: Sequence[str]) -> PickedFile | None:
        """Let the resident choose one file with one of the endings (`pdf`); None when they cancel."""

    async def find_place(self) -> Place:
        """Where the device is. Raises PlaceRefused."""

    async def save_file(self, name: str, data: bytes) -> bool:
        """Let the resident save a file; False when they cancel."""

    async def open_link(self, url: str) -> None:
        """Open an address outside the app."""

    async def share_link(self, title: str, url: str) -> bool:
        """Hand an address to the device's share sheet, or copy it: True when it was copied."""

    async def open_replay(self, code: str, bundle: bytes, case: str) -> str:
        """Make a support bundle ready to be watched and return the address that opens it, once.

        `case` is the address of its thread. Empty where this device cannot show one. Raises
        Rejected for a bundle that the reader refuses.
        """

    async def open_persona(self, begin: Begin, faults: Faults) -> str:
        """Open the sandbox's app as the resident that `begin` signs in, and return the address of its tab, once.

        Empty where this device cannot show one; then nothing was begun. Raises what `begin` raises.
        """

    async def copy_text(self, text: str) -> None:
        """Put a text on the clipboard."""

    async def save_preferences(self, preferences: dict[str, str | float]) -> None:
        """Keep language, theme and text size for the next start."""

    async def brighten(self) -> bool:
        """Raise the screen's brightness to its most for a scanner; False where that is not possible."""

    async def restore_brightness(self) -> None:
        """Put the brightness back as it was before `brighten`."""

    async def keep_awake(self, on: bool) -> bool:
        """Keep the screen from sleeping, or let it sleep again; False where that is not possible."""
