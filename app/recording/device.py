"""A device whose answers are told to the recorder: a replay has no device to ask."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, cast

from services.device import Accessibility, Device, PhotosRefused, PickedFile, Place, PlaceRefused
from services.diagnostics import Recorder
from services.diagnostics.pictures import size_of
from services.errors import ServiceError

REFUSALS = (PhotosRefused, PlaceRefused, ServiceError)


def recorded(device: Device, recorder: Recorder) -> Device:
    """Return the device, each of whose answers is recorded by its kind and size."""
    return cast("Device", RecordedDevice(device, recorder))


class RecordedDevice:
    """Passes everything on to the device; only what it answered is kept, never what it was given."""

    def __init__(self, device: Device, recorder: Recorder) -> None:
        self._device = device
        self._recorder = recorder

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._device, name)
        return self._heard(name, found) if inspect.iscoroutinefunction(found) else found

    def _heard(
        self, name: str, call: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        async def heard(*given: Any, **named: Any) -> Any:
            try:
                answer = await call(*given, **named)
            except REFUSALS as error:
                code = getattr(error, "code", "")
                self._recorder.step(
                    "device", call=name, refused={"type": type(error).__name__, "code": code}
                )
                raise
            self._recorder.step("device", call=name, answer=self._told(answer))
            return answer

        return heard

    def _told(self, answer: Any) -> Any:
        if answer is None or isinstance(answer, bool):
            return answer
        if isinstance(answer, Accessibility):
            return asdict(answer)
        if isinstance(answer, list | tuple):
            return [self._told(one) for one in answer]
        if isinstance(answer, PickedFile):
            return {"size": len(answer.data), **_picture(answer.data)}
        if isinstance(answer, Place):
            of = self._recorder.reducer.stand_ins.of
            place = {"lat": of("degrees", answer.lat), "long": of("degrees", answer.long)}
            return place | {"accuracy": answer.accuracy}
        return "•"


def _picture(data: bytes) -> dict[str, int]:
    """A picture's size in pixels; nothing for any other file."""
    width, height = size_of(data)
    return {"width": width, "height": height} if width else {}
