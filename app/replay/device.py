"""A device that does nothing: it answers what was recorded, call by call, and otherwise nothing came of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from PIL import Image

from app.replay.resident import ReplayedIdentity
from services.device import Accessibility, PhotosRefused, PickedFile, Place, PlaceRefused
from services.diagnostics import Step
from services.errors import SignInRequired

GREY = (186, 194, 190)
LARGEST_SIDE = 4000
"""Pixels: a recording that claims a larger picture is given one of this size."""


class ReplayedDevice:
    """The Device of a replay, made from the recording's `device` steps.

    It answers when the device did; `begun` is the loop's time at the recording's start.
    """

    covers_switcher = False

    def __init__(
        self,
        identity: ReplayedIdentity,
        steps: Iterable[Step],
        begun: float = 0.0,
        *,
        keeps_health_copies: bool,
    ) -> None:
        self.keeps_health_copies = keeps_health_copies
        self._begun = begun
        self._identity = identity
        self._given: defaultdict[str, deque[Step]] = defaultdict(deque)
        for step in steps:
            if step.kind == "device":
                self._given[str(step.detail.get("call"))].append(step)

    async def accessibility(self) -> Accessibility:
        """Nothing: what was in force is in the recorded preferences."""
        return Accessibility()

    async def sign_in(self, next_path: str, acr: str | None = None, **_more: Any) -> bool:
        """Be who the recording says, or not, as the recording says. Raises SignInRequired."""
        given = await self._next("sign_in")
        if given.get("refused"):
            raise SignInRequired("cancelled")
        if not given.get("answer", False):
            return False
        await self._identity.sign_in()
        return True

    async def sign_out(self) -> bool:
        """Forget who is signed in."""
        await self._identity.sign_out()
        return bool((await self._next("sign_out")).get("answer", True))

    def unused_ends_in(self) -> float | None:
        """A replay ends with its recording."""
        return None

    async def pick_photos(self, limit: int) -> list[PickedFile]:
        """Grey pictures of the recorded sizes; none when nothing was recorded. Raises PhotosRefused."""
        given = await self._next("pick_photos")
        if given.get("refused"):
            raise PhotosRefused
        sizes = given.get("answer")
        pictures = sizes if isinstance(sizes, list) else []
        return [_picture(number, size) for number, size in enumerate(pictures[:limit], start=1)]

    async def pick_file(self, extensions: Sequence[str]) -> PickedFile | None:
        """An empty file where one was chosen."""
        given = (await self._next("pick_file")).get("answer")
        ending = next(iter(extensions), "bin")
        return PickedFile(f"file.{ending}", b"") if given else None

    async def find_place(self) -> Place:
        """The recorded stand-in of the place. Raises PlaceRefused."""
        given = (await self._next("find_place")).get("answer")
        if not isinstance(given, Mapping):
            raise PlaceRefused
        lat, long, accuracy = (float(given.get(name, 0.0)) for name in ("lat", "long", "accuracy"))
        return Place(lat, long, accuracy)

    async def save_file(self, name: str, data: bytes) -> bool:
        """Save nothing."""
        return await self._said("save_file")

    async def open_link(self, url: str) -> None:
        """Open nothing."""

    async def share_link(self, title: str, url: str) -> bool:
        """Share nothing."""
        return await self._said("share_link")

    async def copy_text(self, text: str) -> None:
        """Nothing is copied."""

    async def save_preferences(self, preferences: dict[str, str | float]) -> None:
        """Keep nothing."""

    async def brighten(self) -> bool:
        """Leave the brightness as it is."""
        return await self._said("brighten")

    async def restore_brightness(self) -> None:
        """It was never raised."""

    async def keep_awake(self, on: bool) -> bool:
        """Leave the screen as it is."""
        return await self._said("keep_awake")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Whatever a device learns later: the recorded answer, or that it could not."""
        if name.startswith("_"):
            raise AttributeError(name)

        async def answer(*_given: Any, **_named: Any) -> Any:
            return (await self._next(name)).get("answer", False)

        return answer

    async def _said(self, call: str) -> bool:
        return bool((await self._next(call)).get("answer", False))

    async def _next(self, call: str) -> Mapping[str, Any]:
        """What the device answered to this call, at the time it did; empty beyond the recording."""
        waiting = self._given[call]
        if not waiting:
            return {}
        step = waiting.popleft()
        now = asyncio.get_running_loop().time() - self._begun
        await asyncio.sleep(max(0.0, step.at - now))
        return step.detail


def _picture(number: int, size: Any) -> PickedFile:
    known = size if isinstance(size, Mapping) else {}
    width, height = (
        max(1, min(LARGEST_SIDE, int(known.get(name) or 0))) for name in ("width", "height")
    )
    out = BytesIO()
    Image.new("RGB", (width, height), GREY).save(out, "JPEG", quality=70)
    return PickedFile(f"photo-{number}.jpg", out.getvalue())
