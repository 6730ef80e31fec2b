"""Applications in every state, as the gateway tells of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.certificates import CertificateApplication, CertificateForm

NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = ("unpaid", "submitted", "received", "checking", "signing", "ready")
AGENCY = "Công an TP. Hà Nội (bản thử)"
IDENTITY = {
    "name": "Nguyễn Minh Anh",
    "birthdate": "1988-03-08",
    "gender": "female",
    "identity_number": "•••••••••001",
    "address": "phường Hoàn Kiếm, Hà Nội",
}
PURPOSE = {"code": "employment", "vi": "Bổ sung hồ sơ xin việc", "en": "Job application"}


def moment(**after: float) -> str:
    """A moment so long after now."""
    return (NOW + timedelta(**after)).isoformat()


def payment(status: str = "pending", hours: float = 24) -> dict[str, Any]:
    """A payment in a state; with negative hours its time is over."""
    return {
        "payment_id": "P-1",
        "amount": 200_000,
        "currency": "VND",
        "status": status,
        "qr": "00020101021238570010A000000727012700069704360113LL2610007310208QRIBFTTA53037045405",
        "provider": "sandbox",
        "sandbox": True,
        "expires_datetime": moment(hours=hours),
        "paid_datetime": None,
    }


def application(status: str, **more: Any) -> CertificateApplication:
    """An application that went through every state up to this one."""
    passed = NAMES[1 : NAMES.index(status) + 1] if status in NAMES[1:] else ()
    if status not in NAMES:
        passed = (*NAMES[1:4], status)
    states = passed or ("unpaid",)
    days = [(NOW + timedelta(days=n)).date().isoformat() for n in (1, 2, 3)]
    return CertificateApplication.from_json(
        {
            "application_id": "LL-2611-00731",
            "certificate_type": 1,
            "purpose": PURPOSE,
            "contact_phone": "•••••••216",
            "fee": {"amount": 200_000, "currency": "VND"},
            "status": status,
            "note": None,
            "reason": None,
            "agency_responsible": AGENCY,
            "submitted_datetime": moment(hours=-2),
            "expected_datetime": moment(days=3),
            "working_days": days,
            "identity": IDENTITY,
            "history": [
                {"status": one, "datetime": moment(hours=-2), "actor": "resident"} for one in states
            ],
            "certificate": None,
            **more,
        }
    )


def certificate(status: str = "valid", **more: Any) -> dict[str, Any]:
    """A certificate in a state."""
    return {
        "number": "MẪU-000001",
        "code": "7HC4-K2QD",
        "verify_url": "http://127.0.0.1:8550/verify/?code=7HC4-K2QD",
        "status": status,
        "issued_datetime": moment(days=-1),
        "ended_date": None if status == "valid" else NOW.date().isoformat(),
        "name": "Nguyễn Minh Anh",
        "signer": AGENCY,
        "pages": 1,
        "size": 65_000,
        **more,
    }


def form(**more: Any) -> CertificateForm:
    """The form of somebody with two children, one of them too young."""
    children = [
        {
            "child_id": "9f00",
            "name": "Phạm Khánh Vy",
            "birthdate": "2010-02-03",
            "too_young": False,
        },
        {"child_id": "9f01", "name": "Phạm Gia Bảo", "birthdate": "2018-02-03", "too_young": True},
    ]
    return CertificateForm.from_json(
        {
            "identity": IDENTITY,
            "contact_phone": "•••••••216",
            "purposes": [PURPOSE, {"code": "study", "vi": "Du học, học tập", "en": "Study"}],
            "fee": {"amount": 200_000, "currency": "VND"},
            "working_days": 5,
            "minimum_age": 16,
            "expected_datetime": moment(days=5),
            "blocked_by": [],
            "certificate_types": [{"certificate_type": 1}, {"certificate_type": 2}],
            "person": {"relation": "self"},
            "children": children,
            "payment_hours": 24,
            "limits": {"former_names": 2, "former_addresses": 20, "text": 200},
            **more,
        }
    )


QUESTION = {
    "message_id": 1,
    "author": "authority",
    "kind": "question",
    "text": "Bạn từng ở xã nào?",
    "datetime": moment(hours=-1),
}
LATE = {
    "letter": 1,
    "kind": "apology",
    "datetime": moment(hours=-1),
    "expected_datetime": moment(days=4),
}
REFUSAL = {
    "reason": "other",
    "text": "Thiếu giấy ủy quyền.",
    "datetime": moment(hours=-1),
    "complain_to": AGENCY,
    "complain_until": "2027-02-24",
}
STATES: tuple[tuple[CertificateApplication, str], ...] = (
    (application("unpaid", payment=payment(), actions=["pay", "withdraw"]), "200.000 đ"),
    (application("unpaid", payment=payment("failed"), actions=["pay"]), "Chưa trả được tiền."),
    (application("unpaid", payment=payment("expired"), actions=["pay"]), "Mã đã hết giờ."),
    (application("unpaid", payment=payment(hours=-1), actions=["pay"]), "Mã đã hết giờ."),
    (application("submitted", actions=["withdraw", "ask"]), "Hỏi về hồ sơ này"),
    (application("received", note="register_down"), "Hệ thống tra cứu đang tạm ngừng."),
    (application("checking", note="needs_look"), "cán bộ"),
    (application("checking", note="register_error"), "Sẽ tự hỏi lại"),
    (
        application("checking", note="answer_needed", messages=[QUESTION], actions=["answer"]),
        "Gửi câu trả lời",
    ),
    (application("checking", late=LATE, letters=[LATE]), "Lưu thư xin lỗi"),
    (application("signing"), "Bạn không cần làm gì lúc này."),
    (application("refused", reason="other", refusal=REFUSAL), "Bạn có quyền khiếu nại."),
    (application("refused", reason="identity_mismatch"), "công an phường, xã"),
    (application("withdrawn", payment=payment("refund_due")), "Tiền đã trả sẽ được hoàn lại."),
    (application("closed"), "Phí chưa được trả đúng hạn."),
    (
        application(
            "ready",
            certificate=certificate(),
            actions=["open", "renew"],
            person={"relation": "child"},
        ),
        "Xin phiếu mới thay phiếu này",
    ),
    (
        application(
            "ready",
            certificate=certificate("revoked", ended_reason="court_decision"),
            actions=["open"],
        ),
        "quyết định của tòa án",
    ),
    (
        application("ready", certificate=certificate("superseded"), renewed_by="LL-2611-00999"),
        "Mở phiếu mới hơn",
    ),
)
