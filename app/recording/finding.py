"""What was found for typed words, told to the session's recorder: places in a list, no word."""

from __future__ import annotations

from services.diagnostics import Recorder


class RecordedFinder:
    """Leaves everything as it was found; tells of a search when it finds something else than before."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._last: dict[str, tuple[int, ...]] = {}

    def found(self, where: str, places: tuple[int, ...]) -> tuple[int, ...]:
        """Return the places."""
        if self._last.get(where) != places:
            self._last[where] = places
            self._recorder.step("found", where=where, places=list(places))
        return places
