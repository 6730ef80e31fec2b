"""Taking photos in: the device is asked, each picture is prepared, a refused one says why."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.hooks import as_service_error, use_device, use_services, use_state
from app.text import explain
from services.device import PhotosRefused, PickedFile
from services.photos import Photo, prepare


@dataclass(frozen=True, slots=True)
class Taking:
    """`take` asks for photos and prepares them; `refusals` say what was not kept, and why.

    `done` of `total` are prepared, both 0 while nothing is; `denied`: the device gave none.
    """

    take: Callable[[int], Awaitable[list[Photo]]]
    done: int
    total: int
    refusals: tuple[str, ...]
    denied: bool

    @property
    def preparing(self) -> bool:
        """Whether photos are being prepared."""
        return self.total > 0


def use_taking() -> Taking:
    """Ask the device for pictures and prepare them one by one."""
    device, recorder = use_device(), use_services().recorder
    progress, set_progress = use_state((0, 0))
    denied, set_denied = use_state(False)
    nothing: tuple[str, ...] = ()
    refusals, set_refusals = use_state(nothing)

    async def take(limit: int) -> list[Photo]:
        set_refusals(nothing)
        [files] = await asyncio.gather(device.pick_photos(limit), return_exceptions=True)
        set_denied(isinstance(files, PhotosRefused))
        if isinstance(files, PhotosRefused):
            return []
        if isinstance(files, BaseException):
            raise files
        photos: list[Photo] = []
        refused: list[str] = []
        # One after the other, for the memory's sake.
        for number, file in enumerate(files):
            set_progress((number, len(files)))
            result = await _prepared(file)
            if isinstance(result, Photo):
                photos.append(result)
                recorder.took(result.jpeg)
            else:
                refused.append(result)
        set_progress((0, 0))
        set_refusals(tuple(refused))
        return photos

    return Taking(take, *progress, refusals, denied)


async def _prepared(file: PickedFile) -> Photo | str:
    """The photo fit to send, or the words that say why it was not kept."""
    [result] = await asyncio.gather(prepare(file.data), return_exceptions=True)
    if isinstance(result, Photo):
        return result
    if isinstance(result, Exception):
        return f"{file.name}: {explain(as_service_error(result))}"
    raise result
