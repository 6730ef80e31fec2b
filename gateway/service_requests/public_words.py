"""The words of a report's public page, Vietnamese and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["vi", "en"]
Words = dict[str, tuple[str, str]]

PAGE: Words = {
    "title": ("Phản ánh", "Report"),
    "open_build": ("Bản mở · không chính thức", "Open build · not official"),
    "sandbox": ("Phản ánh của môi trường thử.", "A report of the test environment."),
    "unnamed": (
        "Trang này không nêu tên người gửi.",
        "This page does not name who sent it.",
    ),
    "other_language": ("English", "Tiếng Việt"),
    "place": ("Địa điểm", "Place"),
    "agency": ("Đơn vị xử lý", "Handled by"),
    "sent": ("Ngày gửi", "Sent on"),
    "deadline": ("Thời hạn", "Deadline"),
    "before_time": ("Trước {time}", "Before {time}"),
    "paused": (
        "Tạm dừng, chờ người gửi bổ sung",
        "Paused until the sender answers",
    ),
    "late": ("Quá hạn {days} ngày làm việc", "{days} working days late"),
    "late_today": ("Quá hạn trong hôm nay", "Late since today"),
    "reason": ("Lý do", "Reason"),
    "timeline": ("Tiến trình", "Progress"),
    "photos": ("Ảnh", "Photos"),
    "before": ("Trước", "Before"),
    "after": ("Sau khi xử lý", "After"),
    "number": ("Mã phản ánh", "Number"),
    "merged": ("Xem phản ánh được gộp vào", "See the report it was merged into"),
    "missing": ("Không có phản ánh này", "There is no such report"),
    "missing_words": (
        "Mã không đúng, hoặc phản ánh không công khai. Xem lại đường dẫn bạn nhận được.",
        "The number is wrong, or the report is not public. Look at the link you were given again.",
    ),
}

STATES: Words = {
    "waiting": ("Đã gửi", "Sent"),
    "in_progress": ("Đang xử lý", "In progress"),
    "needs_resident": ("Chờ người gửi bổ sung", "Waiting for the sender"),
    "transferred": ("Đã chuyển đơn vị khác", "Passed on"),
    "done": ("Đã xử lý", "Fixed"),
    "rejected": ("Đã đóng", "Closed"),
    "reopened": ("Đã mở lại", "Reopened"),
    "merged": ("Đã gộp với phản ánh khác", "Merged with another report"),
}

ACTS: Words = {
    "submit": ("Đã gửi", "Sent"),
    "accept": ("Đang xử lý", "In progress"),
    "ask": ("Đơn vị hỏi thêm người gửi", "The agency asked the sender"),
    "answer": ("Người gửi đã trả lời", "The sender answered"),
    "resume": ("Thời hạn chạy tiếp khi chưa có trả lời", "The time runs on without an answer"),
    "transfer": ("Chuyển {place}", "Passed to {place}"),
    "split": ("Tách làm hai", "Parted in two"),
    "merge": ("Đã gộp với phản ánh khác", "Merged with another report"),
    "done": ("Đã xử lý", "Fixed"),
    "reject": ("Đã đóng", "Closed"),
    "reopen": ("Người gửi mở lại", "Reopened by the sender"),
    "correct": ("Đã sửa nội dung", "Corrected"),
    "rate": ("Người gửi đã đánh giá", "Rated by the sender"),
    "note": ("Tin từ đơn vị", "News from the agency"),
    "escalate": ("Đã báo lên cấp trên vì chậm", "Taken to a higher level, because it is late"),
}
"""What everybody is told of; an act that is not here (who works on it) is between officers."""


def say(words: Words, key: str, language: Language, **values: str) -> str:
    """One sentence in that language, with its values filled in."""
    vi, en = words[key]
    return (vi if language == "vi" else en).format(**values)
