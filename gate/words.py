"""What a gate's display says, in Vietnamese and English: the word, and what to do."""

from __future__ import annotations

from typing import Any, NamedTuple

from gate.code import Answer, Verdict


class Words(NamedTuple):
    """Two lines: large, and below it."""

    word: str
    hint: str


VIETNAMESE = {
    "accepted": Words("Mời qua", ""),
    "malformed": Words("Không đọc được", "Tăng độ sáng màn hình và đưa lại mã."),
    "unknown_key": Words("Cổng chưa nhận mã này", "Báo nhân viên: cổng cần đồng bộ."),
    "too_old": Words("Mã đã cũ", "Mở thẻ trong ứng dụng để có mã mới."),
    "too_new": Words("Giờ không khớp", "Bật mạng trên điện thoại, mở lại thẻ."),
    "expired": Words("Thẻ hết hạn", "Gia hạn vé trong ứng dụng."),
    "revoked": Words("Thẻ đã khóa", "Thẻ đã khóa hoặc đã chuyển sang máy khác."),
    "wrong_product": Words("Vé không dùng ở đây", "Vé này không áp dụng tại cổng này."),
    "forged": Words("Mã không hợp lệ", "Mở thẻ trong ứng dụng. Nếu vẫn lỗi, báo nhân viên."),
    "replayed": Words("Mã đã dùng", "Chờ mã mới, tối đa 15 giây."),
    "passback": Words("Thẻ vừa qua cổng", "Mỗi thẻ một người. Chờ 5 phút giữa hai lần."),
    "not_ready": Words("Cổng tạm ngừng", "Mời dùng cổng khác hoặc gặp nhân viên."),
}
ENGLISH = {
    "accepted": Words("Please pass", ""),
    "malformed": Words("Cannot be read", "Make the screen brighter and hold the code again."),
    "unknown_key": Words("Gate does not know this code", "Tell the staff: the gate must sync."),
    "too_old": Words("Code too old", "Open the card in the app for a new code."),
    "too_new": Words("Clocks differ", "Turn on the network and open the card again."),
    "expired": Words("Card expired", "Renew the pass in the app."),
    "revoked": Words("Card blocked", "It is blocked or has moved to another phone."),
    "wrong_product": Words("Not valid here", "This pass does not count at this gate."),
    "forged": Words(
        "Not a valid code", "Open the card in the app. If it fails again, ask the staff."
    ),
    "replayed": Words("Code already used", "Wait for the next code, 15 seconds at most."),
    "passback": Words(
        "Card has just passed", "One card, one person. Five minutes between passages."
    ),
    "not_ready": Words("Gate closed", "Please use another gate or ask the staff."),
}
LANGUAGES = {"vi": VIETNAMESE, "en": ENGLISH}


def shown(answer: Answer | str, language: str, groups: dict[int, str]) -> dict[str, Any]:
    """What the display shows; a sentence instead of an answer is a gate that is not ready."""
    verdict = "not_ready" if isinstance(answer, str) else str(answer.verdict)
    words = LANGUAGES[language][verdict]
    found: dict[str, Any] = {"verdict": verdict, "word": words.word, "hint": words.hint}
    found["passes"] = verdict == Verdict.ACCEPTED
    found["group"] = ""
    if not isinstance(answer, str) and answer.code and verdict == Verdict.ACCEPTED:
        number = answer.code.group
        found["group"] = groups.get(number, str(number))
    return found
