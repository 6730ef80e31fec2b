"""What the display of a gate shows: the last answer, how the gate stands, and what to say at rest."""

from __future__ import annotations

import threading
from typing import Any

from gate.keys import GateError
from gate.station import Standing, Station
from gate.words import LANGUAGES, shown

_TEXTS = {
    "vi": {
        "idle": {
            "word": "Đưa mã QR vào đây",
            "hint": "Mở thẻ trong ứng dụng, để mã vào trước máy đọc.",
        },
        "camera": "Chụp hoặc thả ảnh mã",
        "gone": "Cổng không trả lời",
        "ages": "{gate} · khóa {keys} · danh sách khóa thẻ {deny} ({denied} thẻ) · đồng hồ {clock}"
        " · chờ gửi {waiting}",
        "never": "chưa có",
        "hours": "{hours} giờ trước",
        "minutes": "{minutes} phút trước",
    },
    "en": {
        "idle": {"word": "Hold your QR code here", "hint": "Open the card in the app."},
        "camera": "Take or drop a picture",
        "gone": "The gate does not answer",
        "ages": "{gate} · keys {keys} · deny list {deny} ({denied} cards) · clock {clock}"
        " · {waiting} to upload",
        "never": "never",
        "hours": "{hours} h ago",
        "minutes": "{minutes} min ago",
    },
}


class Board:
    """One display; several threads may use it."""

    def __init__(self, station: Station, language: str = "vi") -> None:
        self._station, self._language, self._lock = station, language, threading.Lock()
        self._number, self._answer = 0, None

    _answer: dict[str, Any] | None

    def take(self, text: str) -> dict[str, Any]:
        """Check one code and show the answer; a gate whose memory fails lets nobody pass."""
        with self._lock:
            try:
                answer = self._station.answer(text)
            except GateError as error:
                answer = str(error)
            self._answer = shown(answer, self._language, self._station.setup.groups)
            self._number += 1
            return self._answer

    def state(self) -> dict[str, Any]:
        """Everything the page draws."""
        texts: dict[str, Any] = _TEXTS[self._language]
        with self._lock:
            standing = self._station.standing()
            closed = LANGUAGES[self._language]["not_ready"] if standing.troubles else None
            return {
                "number": self._number,
                "answer": self._answer,
                "closed": closed and {"word": closed.word, "hint": closed.hint},
                "standing": " · ".join([_standing(standing, texts), *standing.troubles]),
                "language": self._language,
                **{name: texts[name] for name in ("idle", "camera", "gone")},
            }


def _standing(standing: Standing, texts: dict[str, str]) -> str:
    return texts["ages"].format(
        gate=standing.gate_id,
        keys=_ago(standing.keys_age, texts),
        deny=_ago(standing.deny_age, texts),
        denied=standing.denied,
        clock=_ago(standing.clock.measured_ago, texts),
        waiting=standing.waiting,
    )


def _ago(seconds: float | None, texts: dict[str, str]) -> str:
    if seconds is None:
        return texts["never"]
    minutes = max(0, int(seconds // 60))
    if minutes >= 120:
        return texts["hours"].format(hours=minutes // 60)
    return texts["minutes"].format(minutes=minutes)
