"""The words of the checking page, Vietnamese and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["vi", "en"]
Words = dict[str, tuple[str, str]]

PAGE: Words = {
    "title": ("Kiểm tra giấy", "Check a document"),
    "label": ("Bản mở · không chính thức", "Open build · not official"),
    "sandbox": (
        "Phiếu của môi trường thử, không có giá trị pháp lý.",
        "Certificates of the test environment, without legal force.",
    ),
    "heading": ("Kiểm tra phiếu lý lịch tư pháp", "Check a criminal record certificate"),
    "intro": (
        "Ai cũng kiểm tra được, không cần tài khoản. Tệp bạn gửi không được giữ lại.",
        "Anyone can check, without an account. The file you send is not kept.",
    ),
    "file": ("Tệp phiếu (PDF)", "Certificate file (PDF)"),
    "check_file": ("Kiểm tra tệp", "Check the file"),
    "code": ("Mã kiểm tra trên phiếu", "Checking code on the certificate"),
    "code_hint": ("8 chữ và số, ví dụ ABCD-2345", "8 letters and digits, such as ABCD-2345"),
    "check_code": ("Kiểm tra mã", "Check the code"),
    "other_language": ("English", "Tiếng Việt"),
    "another": ("Kiểm tra phiếu khác", "Check another certificate"),
    "what_to_do": ("Nên làm gì", "What to do"),
    "number": ("Số phiếu", "Number"),
    "name": ("Cấp cho", "Issued to"),
    "issued": ("Ngày cấp", "Issued on"),
    "checked": ("Kiểm tra lúc {time}", "Checked at {time}"),
    "checks": ("Các bước kiểm tra", "Checks"),
    "details": ("Thông tin phiếu", "Certificate details"),
}

PROBLEMS: Words = {
    "nothing": (
        "Chọn tệp PDF hoặc nhập mã kiểm tra trước.",
        "Choose a PDF or type a checking code first.",
    ),
    "too_large": (
        "Tệp quá lớn, không phải phiếu này. Chỉ nhận tệp đến {limit} MB.",
        "The file is too large to be a certificate. The limit is {limit} MB.",
    ),
    "malformed": (
        "Không đọc được thứ bạn gửi. Hãy thử lại.",
        "What you sent could not be read. Please try again.",
    ),
    "unchecked": (
        "Chưa kiểm tra được. Thử lại sau ít phút.",
        "Could not check. Try again in a few minutes.",
    ),
}

VERDICTS: Words = {
    "valid": ("Phiếu hợp lệ", "Certificate is valid"),
    "altered": ("Nội dung đã bị sửa", "Content was changed"),
    "revoked": ("Phiếu đã bị thu hồi", "Certificate was revoked"),
    "superseded": ("Phiếu đã được thay bằng phiếu mới", "A newer certificate replaced this one"),
    "unknown": ("Không tìm thấy số phiếu", "Number not found"),
    "unknown_file": ("Không nhận ra tệp này", "File not recognised"),
}

REASONS: Words = {
    "genuine": ("Đúng bản gốc, còn hiệu lực.", "The original, and in force."),
    "genuine_code": ("Số phiếu có thật, còn hiệu lực.", "The number is real, and in force."),
    "content_changed": ("Không dùng phiếu này.", "Do not accept it."),
    "revoked": ("Không còn giá trị từ {date}.", "Without force since {date}."),
    "superseded": ("Không còn giá trị từ {date}.", "Without force since {date}."),
    "unknown_code": (
        "Mã này không có trong sổ cấp phiếu.",
        "No certificate was issued with this code.",
    ),
    "not_issued_here": (
        "Phiếu này không có trong sổ cấp phiếu.",
        "This certificate is not in the register.",
    ),
    "other_authority": (
        "Chữ ký số không phải của nơi cấp phiếu.",
        "The signature is not the authority's.",
    ),
    "no_signature": ("Tệp không có chữ ký số.", "The file has no digital signature."),
}

CHECKS: dict[str, Words] = {
    "signature": {
        "passed": ("Chữ ký số đúng", "Signature is right"),
        "failed": ("Chữ ký số không khớp", "Signature does not match"),
        "not_checked": ("Chưa kiểm tra chữ ký số", "Signature not checked"),
    },
    "content": {
        "passed": ("Nội dung không bị sửa", "Content is unchanged"),
        "failed": ("Nội dung khác bản đã ký", "Content differs from what was signed"),
        "not_checked": ("Chưa kiểm tra nội dung tệp", "Content of the file not checked"),
    },
    "status": {
        "passed": ("Chưa bị thu hồi", "Not revoked"),
        "revoked": ("Đã bị thu hồi ngày {date}", "Revoked on {date}"),
        "superseded": ("Đã được thay từ {date}", "Replaced on {date}"),
        "not_checked": ("Chưa kiểm tra việc thu hồi", "Revocation not checked"),
    },
}

ADVICE: Words = {
    "valid": (
        "So tên trên phiếu với giấy tờ của người nộp trước khi nhận.",
        "Compare the name with the person's identity document before you accept it.",
    ),
    "valid_code": (
        "So số phiếu, tên và ngày cấp với phiếu bạn đang cầm. "
        "Để chắc nội dung không bị sửa, hãy gửi tệp PDF lên đây.",
        "Compare number, name and date with the certificate you hold. "
        "To be sure that its content is unchanged, send the PDF here.",
    ),
    "altered": (
        "Đề nghị người nộp gửi lại phiếu từ ứng dụng của họ. "
        "Nếu nghi giả mạo, báo công an nơi gần nhất.",
        "Ask the person to send it again from their app. "
        "If you suspect a forgery, tell the nearest police.",
    ),
    "revoked": (
        "Đề nghị người nộp xin phiếu mới. Người nộp xem được lý do thu hồi trong ứng dụng.",
        "Ask the person for a new certificate. They can see the reason in their app.",
    ),
    "unknown": (
        "Xem lại mã hoặc tệp. Nếu vẫn vậy, đề nghị người nộp gửi tệp PDF gốc từ ứng dụng của họ.",
        "Look at the code or file again. If it stays so, ask for the original PDF from their app.",
    ),
}
ADVICE["superseded"] = ADVICE["revoked"]


def say(words: Words, key: str, language: Language, **values: str) -> str:
    """One sentence in that language, with its values filled in."""
    vi, en = words[key]
    return (vi if language == "vi" else en).format(**values)
