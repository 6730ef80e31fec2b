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
    "fields": ("Số phiếu và năm thông tin", "Number and five details"),
    "fields_hint": (
        "Dùng khi chỉ có bản in. Phải đúng cả sáu ô.",
        "For a printed copy. All six must be right.",
    ),
    "file_code": ("Mã hồ sơ", "File code"),
    "full_name": ("Họ và tên", "Full name"),
    "birthdate": ("Ngày sinh (ngày/tháng/năm)", "Date of birth (day/month/year)"),
    "gender": ("Giới tính (nam, nữ)", "Sex (nam, nữ)"),
    "identity_number": ("Số định danh cá nhân", "Identity number"),
    "check_fields": ("Kiểm tra theo số", "Check by number"),
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

SHOWN: Words = {
    "title": ("Thông tin được cho xem", "Shown to you"),
    "heading": (
        "Một người cho bạn xem thông tin trên phiếu của họ",
        "Somebody shows you details of their certificate",
    ),
    "intro": (
        "Hãy ghi tên bạn hoặc tên cơ quan. Người cho xem thấy tên này và thời điểm bạn xem. "
        "Tên không được xác minh.",
        "Write your name or that of your organisation. Whoever shows you this sees that name and "
        "when you looked. Nobody verifies the name.",
    ),
    "name": ("Tên bạn hoặc cơ quan", "Your name or organisation"),
    "look": ("Xem", "Look"),
    "nothing": ("Không có gì để xem", "Nothing to see"),
    "unknown_link": (
        "Liên kết đã hết hạn, đã dừng hoặc không có.",
        "This link has ended, was stopped, or was never there.",
    ),
    "until": ("Xem được đến {time}", "Can be seen until {time}"),
    "only": (
        "Đây chỉ là những gì người đó chọn cho xem. Nơi cấp phiếu đã ký từng thông tin.",
        "These are only the details they chose. The authority signed each of them.",
    ),
    "no_name": ("Hãy ghi tên trước khi xem.", "Write a name before you look."),
}

CLAIMS: Words = {
    "number": ("Số phiếu", "Number"),
    "certificate_type": ("Loại phiếu", "Form"),
    "name": ("Họ và tên", "Full name"),
    "birthdate": ("Ngày sinh", "Date of birth"),
    "gender": ("Giới tính", "Sex"),
    "identity_number": ("Số định danh cá nhân", "Identity number"),
    "address": ("Nơi thường trú", "Address"),
    "purpose": ("Mục đích", "Purpose"),
    "result": ("Tình trạng án tích", "Result"),
    "entries": ("Bản án", "Judgments"),
    "issued_date": ("Ngày cấp", "Issued on"),
}

VALUES: Words = {
    "clear": ("Không có án tích", "No criminal record"),
    "has_entries": ("Có án tích", "Has a criminal record"),
    "female": ("Nữ", "Female"),
    "male": ("Nam", "Male"),
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
    "too_many": (
        "Đã kiểm tra quá nhiều lần. Đợi một phút rồi thử lại.",
        "Too many checks. Wait a minute, then try again.",
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
    "unchecked": ("Chưa kiểm tra được", "Could not check"),
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
    "unknown_number": (
        "Không có phiếu nào có đủ số và năm thông tin này.",
        "No certificate has this number together with these five details.",
    ),
    "unknown_link": (
        "Liên kết này đã hết hạn, đã dừng hoặc không có.",
        "This link has ended, was stopped, or was never there.",
    ),
    "expired": (
        "Dấu thời gian của tệp đã hết hạn nên không chứng minh được chữ ký nữa.",
        "The file's timestamp has ended, so its signature can no longer be proved.",
    ),
    "too_costly": (
        "Tệp này không kiểm tra được trong thời gian cho phép.",
        "This file cannot be checked in the time there is.",
    ),
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
DETAILS: Words = {
    "incremental_update": (
        "Tệp đã được ghi thêm sau khi ký.",
        "Something was added to the file after it was signed.",
    ),
    "shadow_content": (
        "Nội dung đã ký bị thay bằng nội dung khác ghi thêm phía sau.",
        "What was signed is replaced by other content added behind it.",
    ),
    "wrapped_range": (
        "Chữ ký chừa ra một phần tệp không được bảo vệ.",
        "The signature leaves out a part of the file.",
    ),
    "second_signature": (
        "Tệp mang thêm chữ ký của người khác.",
        "The file bears somebody else's signature as well.",
    ),
    "digest": (
        "Tệp khác với bản đã ký.",
        "The file differs from what was signed.",
    ),
    "unreadable": (
        "Chữ ký trong tệp đã hỏng.",
        "The signature in the file is damaged.",
    ),
    "untrusted_chain": (
        "Chứng thư ký không do nơi cấp phiếu công nhận.",
        "The signing certificate is not one that the authority recognises.",
    ),
    "expired_chain": (
        "Chứng thư ký đã hết hạn.",
        "The signing certificate has expired.",
    ),
    "other_signer": (
        "Khóa đã ký không được phép ký phiếu.",
        "The key that signed may not sign certificates.",
    ),
}

ADVICE["unchecked"] = (
    "Chưa biết phiếu thật hay giả, nên chưa nhận. Thử lại sau, hoặc đề nghị người nộp gửi tệp gốc.",
    "Nobody knows yet whether it is genuine, so do not accept it. Try again later, or ask for the "
    "original file.",
)
ADVICE["superseded"] = ADVICE["revoked"]


def say(words: Words, key: str, language: Language, **values: str) -> str:
    """One sentence in that language, with its values filled in."""
    vi, en = words[key]
    return (vi if language == "vi" else en).format(**values)
