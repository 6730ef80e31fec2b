"""Words that stand on the certificate itself, and the coded purposes in both languages."""

AUTHORITY = "Công an TP. Hà Nội (bản thử)"
TITLES = {1: "Phiếu lý lịch tư pháp số 1", 2: "Phiếu lý lịch tư pháp số 2"}
NOBODY_MAY_DEMAND = "Không ai được yêu cầu người có tên trên phiếu nộp phiếu số 2."
LAW = "Theo Luật Lý lịch tư pháp số 107/2025/QH15"
SANDBOX_MARK = "BẢN THỬ · không có giá trị pháp lý"
NOBODY = "Người có tên trên phiếu là người giả định của môi trường thử."
NO_RECORD = "Không có án tích"
HAS_RECORD = "Có án tích"
SPENT = "Đã được xóa án tích"
GENDERS = {"female": "Nữ", "male": "Nam", "other": "Khác"}

# code: (Vietnamese, English). Which purposes the authority lists is not published.
PURPOSES = {
    "employment": ("Bổ sung hồ sơ xin việc", "Job application"),
    "study": ("Du học, học tập", "Study"),
    "licence": ("Xin giấy phép, chứng chỉ hành nghề", "Licence or professional certificate"),
    "marriage": ("Đăng ký kết hôn", "Marriage registration"),
    "adoption": ("Nhận con nuôi", "Adoption"),
    "travel": ("Xuất cảnh, định cư", "Travel or settling abroad"),
    "nationality": ("Thủ tục quốc tịch", "Nationality procedure"),
    "other": ("Mục đích khác", "Another purpose"),
}


def title(certificate_type: int) -> str:
    """The form's name."""
    return TITLES[certificate_type]


def verify_url(public_url: str, code: str) -> str:
    """Where anyone checks the certificate of that code."""
    return f"{public_url}/verify/?code={code}"


def mask_name(name: str) -> str:
    """Only the given name and the first letter of the others: "N••••• M••• Anh"."""
    *others, given = name.split()
    return " ".join([part[0] + "•" * (len(part) - 1) for part in others] + [given])


def mask_number(number: str, shown: int = 3) -> str:
    """All but the last `shown` characters as dots: "•••••••••482"."""
    return "•" * max(0, len(number) - shown) + number[-shown:]
