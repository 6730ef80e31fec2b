"""The in-memory twin of a device: signs in at the sandbox's pages, gives the files it was given."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import httpx

from app.personas.hosting import Personas
from services.device import Accessibility, PhotosRefused, PickedFile, Place, PlaceRefused
from services.errors import SignInRequired
from services.identity import Identity
from services.personas import Begin, Faults
from services.tokens import Tokens
from tests.support import sandbox

REDIRECT = "http://127.0.0.1:49152/callback"


class MemoryTokenStore:
    """Tokens in memory."""

    def __init__(self) -> None:
        self.tokens: Tokens | None = None

    async def load(self) -> Tokens | None:
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        self.tokens = tokens

    async def clear(self) -> None:
        self.tokens = None


class DeviceTwin:
    """What `app.device` does, without a device."""

    keeps_health_copies = True
    covers_switcher = False

    def __init__(self, identity: Identity, browser: httpx.AsyncClient, who: str) -> None:
        self.identity = identity
        self.stops_signing_in = False
        self.unused_left: float | None = None
        self._browser = browser
        self.who = who
        self.files: list[PickedFile] = []
        self.gives_photos = True
        self.place: Place | None = None
        self.places_asked = 0
        self.saved: dict[str, bytes] = {}
        self.opened: list[str] = []
        self.shared: list[str] = []
        self.replayed: list[str] = []
        self.host: Personas | None = None
        self.copied: list[str] = []
        self.preferences: dict[str, str | float] = {}
        self.brightness = self.usual_brightness = 0.4
        self.awake = False
        self.asks = Accessibility()

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        request = await self.identity.begin(REDIRECT, acr=acr, max_age=max_age)
        if self.stops_signing_in:
            raise SignInRequired("cancelled")
        back = await sandbox.sign_in(self._browser, request.url, self.who)
        await self.identity.complete(request, dict(parse_qsl(urlsplit(back).query)))
        return True

    async def sign_out(self) -> bool:
        await self.identity.sign_out()
        return True

    async def accessibility(self) -> Accessibility:
        return self.asks

    async def tokens(self) -> Tokens | None:
        """What the identity keeps on this device."""
        return await self.identity._store.load()

    def unused_ends_in(self) -> float | None:
        return self.unused_left

    async def leave(self, path: str) -> bool:
        return True

    async def pick_photos(self, limit: int) -> list[PickedFile]:
        if not self.gives_photos:
            raise PhotosRefused
        return self.files[:limit]

    async def pick_file(self, extensions: Sequence[str]) -> PickedFile | None:
        endings = tuple(f".{extension}" for extension in extensions)
        return next((file for file in self.files if file.name.endswith(endings)), None)

    async def find_place(self) -> Place:
        self.places_asked += 1
        if self.place is None:
            raise PlaceRefused
        return self.place

    async def save_file(self, name: str, data: bytes) -> bool:
        self.saved[name] = data
        return True

    async def open_link(self, url: str) -> None:
        self.opened.append(url)

    async def share_link(self, title: str, url: str) -> bool:
        self.shared.append(url)
        return True

    async def open_replay(self, code: str, bundle: bytes, case: str) -> str:
        self.replayed.append(code)
        return f"/replay/{code}"

    async def open_persona(self, begin: Begin, faults: Faults) -> str:
        return await self.host.prepare(self, begin, faults) if self.host else ""

    async def copy_text(self, text: str) -> None:
        self.copied.append(text)

    async def save_preferences(self, preferences: dict[str, str | float]) -> None:
        self.preferences = preferences

    async def brighten(self) -> bool:
        self.brightness = 1.0
        return True

    async def restore_brightness(self) -> None:
        self.brightness = self.usual_brightness

    async def keep_awake(self, on: bool) -> bool:
        self.awake = on
        return True
