"""The words of the sign-in pages, in Vietnamese and English.

A test holds both to the same keys and places.
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.health_records.scopes import SCOPES as HEALTH_SCOPES
from gateway.identity.health_words import health_words

WORDS: Mapping[str, dict[str, str]] = {
    "vi": {
        "brand": "Đăng nhập thử",
        "open_build": "Bản mở · không chính thức",
        "other_language": "English",
        "sandbox_first": "Môi trường thử:",
        "sandbox_rest": "không phải VNeID, không nhập thông tin thật.",
        "stands_in": "Trang này thay cho VNeID khi chạy thử. Mọi người trong danh sách đều "
        "không có thật.",
        "sign_in": "Đăng nhập",
        "sign_in_for": "Để tiếp tục vào {client}.",
        "who": "Bạn muốn vào vai ai?",
        "age": "{age} tuổi",
        "level": "Định danh mức {level}",
        "passcode": "Mật mã",
        "passcode_help": "Mật mã chung của môi trường thử: {passcode}",
        "cancel": "Hủy, quay lại ứng dụng",
        "choose_someone": "Hãy chọn một người trong danh sách.",
        "wrong_passcode": "Mật mã chưa đúng. Bạn còn {tries} lần thử trước khi phải đợi.",
        "wait": "Mật mã đã sai nhiều lần liên tiếp. "
        "Hãy đợi {seconds} giây, đến {time}, rồi thử lại.",
        "consent": "Cho phép {client}?",
        "signed_in_as": "Bạn đang vào vai {name}.",
        "asks_for": "{client} xin phép:",
        "sensitive": "Dữ liệu nhạy cảm",
        "may_stop": "Bạn có thể dừng bất cứ lúc nào: "
        "đăng xuất trong ứng dụng thì quyền này hết hiệu lực.",
        "agree": "Đồng ý",
        "refuse": "Không đồng ý",
        "scope_openid": "Nhận ra bạn, bằng một mã riêng, không phải số định danh",
        "scope_profile": "Biết họ tên, ngày sinh, giới tính và phường của bạn",
        "scope_offline_access": "Giữ bạn đăng nhập trên máy này, lâu nhất 90 ngày",
        "scope_reports": "Gửi và xem phản ánh của bạn",
        "scope_health": "Xem sổ sức khỏe của bạn",
        "scope_certificates": "Xin và xem phiếu lý lịch tư pháp của bạn",
        "scope_cards": "Dùng thẻ vé và thẻ đỗ xe của bạn",
        "scope_desk": "Xử lý phản ánh của đơn vị bạn, với tư cách cán bộ",
        "scope_support": "Xem và trả lời gói hỗ trợ người dân gửi, với tư cách nhân viên hỗ trợ",
        "signed_out": "Bạn đã đăng xuất",
        "signed_out_do": "Bạn có thể đóng trang này.",
        "error_unknown_client": "Không nhận ra ứng dụng này",
        "error_unknown_client_do": "Ứng dụng đưa bạn tới đây chưa được đăng ký, "
        "nên chưa thể đăng nhập. Hãy mở lại ứng dụng iHaNoi.",
        "error_bad_redirect": "Địa chỉ quay về không đúng",
        "error_bad_redirect_do": "Ứng dụng muốn đưa bạn về một địa chỉ chưa được đăng ký. "
        "Để an toàn, chúng tôi dừng ở đây.",
        "error_bad_request": "Yêu cầu chưa đọc được",
        "error_bad_request_do": "Hãy quay lại ứng dụng và bấm Đăng nhập lần nữa.",
        "error_stale": "Lượt đăng nhập này không còn dùng được",
        "error_stale_do": "Lượt này đã hết hạn hoặc được bắt đầu ở trình duyệt khác. "
        "Hãy quay lại ứng dụng và bấm Đăng nhập lần nữa.",
        "error_sign_out": "Chưa đăng xuất được từ trang này",
        "error_sign_out_do": "Hãy quay lại ứng dụng và bấm Đăng xuất ở đó.",
        "error_not_found": "Không có trang này",
        "error_not_found_do": "Hãy quay lại ứng dụng và bấm Đăng nhập.",
        "error_server": "Có lỗi ở phía chúng tôi",
        "error_server_do": "Bạn chưa đăng nhập. Hãy quay lại ứng dụng và thử lại sau ít phút.",
    },
    "en": {
        "brand": "Sandbox sign-in",
        "open_build": "Open build · not official",
        "other_language": "Tiếng Việt",
        "sandbox_first": "Test environment:",
        "sandbox_rest": "this is not VNeID, enter nothing real.",
        "stands_in": "This page stands in for VNeID in tests. Nobody in the list is a real person.",
        "sign_in": "Sign in",
        "sign_in_for": "To go on to {client}.",
        "who": "Who do you want to be?",
        "age": "Age {age}",
        "level": "Identity level {level}",
        "passcode": "Passcode",
        "passcode_help": "The passcode everybody has in the test environment: {passcode}",
        "cancel": "Cancel, back to the app",
        "choose_someone": "Choose someone from the list.",
        "wrong_passcode": "That passcode is not right. Tries left before a wait: {tries}.",
        "wait": "The passcode was wrong several times in a row. "
        "Wait {seconds} seconds, until {time}, then try again.",
        "consent": "Allow {client}?",
        "signed_in_as": "You are acting as {name}.",
        "asks_for": "{client} asks to:",
        "sensitive": "Sensitive data",
        "may_stop": "You can stop at any time: signing out in the app ends this permission.",
        "agree": "Agree",
        "refuse": "Do not agree",
        "scope_openid": "Recognise you, by a code of its own, not your ID number",
        "scope_profile": "Know your name, date of birth, gender and ward",
        "scope_offline_access": "Keep you signed in on this device, 90 days at most",
        "scope_reports": "Send and see your reports",
        "scope_health": "See your health record",
        "scope_certificates": "Apply for and see your criminal record certificate",
        "scope_cards": "Use your transit and parking cards",
        "scope_desk": "Handle the reports of your agency, as its officer",
        "scope_support": "Open and answer bundles that residents sent, as support staff",
        "signed_out": "You are signed out",
        "signed_out_do": "You can close this page.",
        "error_unknown_client": "This app is not known here",
        "error_unknown_client_do": "The app that sent you is not registered, "
        "so it cannot sign you in. Open the iHaNoi app again.",
        "error_bad_redirect": "The return address is not right",
        "error_bad_redirect_do": "The app wants to send you to an address that is not registered. "
        "To keep you safe, we stop here.",
        "error_bad_request": "We could not read this request",
        "error_bad_request_do": "Go back to the app and choose Sign in again.",
        "error_stale": "This sign-in can no longer be used",
        "error_stale_do": "It has run out, or it was begun in another browser. "
        "Go back to the app and choose Sign in again.",
        "error_sign_out": "This page could not sign you out",
        "error_sign_out_do": "Go back to the app and choose Sign out there.",
        "error_not_found": "There is no such page",
        "error_not_found_do": "Go back to the app and choose Sign in.",
        "error_server": "Something went wrong on our side",
        "error_server_do": "You are not signed in. "
        "Go back to the app and try again in a few minutes.",
    },
}
"""By language, then by key; the places in braces are filled by the pages."""

for _language, _known in health_words().items():
    WORDS[_language].update(_known)

SENSITIVE_SCOPES = frozenset({"health", "certificates", *HEALTH_SCOPES})
"""What Law 91/2025 wants marked as sensitive when consent is asked."""
