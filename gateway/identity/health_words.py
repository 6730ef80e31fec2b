"""The words of the SMART scopes on the consent page, in Vietnamese and English."""

from __future__ import annotations

from gateway.health_records.scopes import EVERYTHING, SCOPES

_PARTS = {
    "Patient": ("thông tin hành chính", "who you are"),
    "AllergyIntolerance": ("dị ứng", "allergies"),
    "Condition": ("bệnh", "conditions"),
    "MedicationStatement": ("thuốc đang dùng", "medicines"),
    "MedicationRequest": ("đơn thuốc", "prescriptions"),
    "Immunization": ("tiêm chủng", "vaccinations"),
    "Observation": ("kết quả và chỉ số", "results and measurements"),
    "DiagnosticReport": ("phiếu kết quả", "reports of results"),
    "Procedure": ("phẫu thuật, thủ thuật", "procedures"),
    "Encounter": ("lần khám", "visits"),
    "DocumentReference": ("danh sách giấy tờ", "list of documents"),
    "Binary": ("nội dung giấy tờ", "files of documents"),
    "Consent": ("sự đồng ý đã cho", "consents"),
    "Coverage": ("bảo hiểm y tế", "insurance"),
    "AuditEvent": ("nhật ký ai đã xem", "log of who looked"),
}


def health_words() -> dict[str, dict[str, str]]:
    """By language: a sentence for each SMART scope, after its key."""
    vi = {f"scope_{EVERYTHING}": "Xem sổ sức khỏe của bạn"}
    en = {f"scope_{EVERYTHING}": "See your health record"}
    for scope in SCOPES[1:]:
        kind = scope.removeprefix("patient/").removesuffix(".rs")
        here, there = _PARTS.get(kind, (f"mục {kind}", kind))
        vi[f"scope_{scope}"] = f"Xem trong sổ sức khỏe của bạn: {here}"
        en[f"scope_{scope}"] = f"See in your health record: {there}"
    return {"vi": vi, "en": en}
