"""Sharing one's own health record from the app, and opening it as a doctor does."""

from __future__ import annotations

import json
import zlib
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from app import paths
from services.health_records.summary import read_summary
from services.health_sharing.jwe import decrypt
from services.health_sharing.links import parse_link
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.once import PUBLIC_URL


async def test_a_resident_shares_sees_who_opened_and_stops(home: Home) -> None:
    """The whole promise of picture 13: chosen parts, a code, a name in the list, and the end."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.HEALTH_SHARE)
    await phone.sees("Xét nghiệm, lần khám trong")
    for _part in range(4):
        await phone.choose("Checkbox", {"value": False}, value=True)
    await phone.sees("Chọn ít nhất một phần")
    await phone.choose("Checkbox", {"value": True}, label="Dị ứng")
    await phone.tap("Xem đúng những gì sẽ chia sẻ")
    await phone.sees("Không kèm số thẻ bảo hiểm")
    assert "Penicillin" in phone.text()
    line = link_of(home.process.http)
    line.cut = True
    await phone.tap("Tạo mã chia sẻ")
    await phone.sees("Chia sẻ cần có mạng.")
    line.cut, line.lost_answers = False, 1
    await phone.tap("Tạo mã chia sẻ", times=2)
    await phone.sees("Bác sĩ quét mã, rồi nhập mã mở")
    await phone.sees("Chưa ai mở")
    await phone.tap("Gửi hoặc chép liên kết")
    link = parse_link(device.shared[-1])
    [figures] = [line for line in phone.text().splitlines() if line.startswith("Mã mở: ")]
    passcode = "".join(c for c in figures if c.isdigit())

    body = {"recipient": "BS. Lê Thu Trang"}
    wrong = "000000" if passcode != "000000" else "111111"
    refused = await home._browser.post(link.url, json={**body, "passcode": wrong})
    assert refused.json()["remainingAttempts"] == 2
    answer = await home._browser.post(link.url, json={**body, "passcode": passcode})
    [file] = answer.json()["files"]
    content_type, content = decrypt(file["embedded"], link.key)
    assert content_type == "application/fhir+json"
    seen = read_summary(json.loads(content))
    assert [item.title for item in seen.allergies.items] == ["Penicillin"]
    assert not seen.conditions.items
    assert seen.conditions.empty_reason == "withheld"
    assert not seen.patient.identifiers
    assert link.url.startswith(f"{PUBLIC_URL}/api/shl/")

    await phone.go(paths.HEALTH_SHARES)
    await phone.sees("đã mở 1 lần")
    assert phone.text().count("Dị ứng · từ") == 1, "a lost answer made a second share"
    await phone.tap("đã mở 1 lần")
    await phone.sees("BS. Lê Thu Trang")
    await phone.sees("Nhập sai mã mở")

    # Anybody can open the same link under "Kiểm tra giấy", without an account.
    guest, _device = await home.phone_of("nobody", paths.VERIFY)
    await guest.type("Mã kiểm tra", device.shared[-1])
    await guest.tap("Kiểm tra mã")
    await guest.type("Tên bạn", "Điều dưỡng Hoa")
    await guest.type("Mã mở", passcode)
    await guest.tap("Mở hồ sơ")
    await guest.sees("Không ký số.")
    assert "Penicillin" in guest.text()
    assert "Không nằm trong phần được chia sẻ" in guest.text()
    assert "Chưa có thông tin" not in guest.text()
    await guest.tap("Kiểm tra giấy khác")
    await guest.type("Mã kiểm tra", health_card("Ngô Thị Bình", "https://localhost/issuer"))
    await guest.tap("Kiểm tra mã")
    await guest.sees("Chưa kiểm tra được")
    assert "Ngô Thị Bình" in guest.text()
    assert "Chữ ký số đúng" not in guest.text()

    # The key never left the device that made it: another one can stop, and has nothing to draw.
    other, _device = await home.another_vault().signed_in("nguyen-minh-anh", phone.route)
    await other.sees("Mã không có trên máy này.")
    await other.tap("Dừng chia sẻ ngay")
    await other.sees("Dừng chia sẻ?")
    await other.tap("Có, dừng lại")
    await other.sees("Đã dừng chia sẻ")
    await phone.go(paths.HEALTH_SHARES)
    await phone.sees("Đã dừng chia sẻ")
    gone = await home._browser.post(link.url, json={**body, "passcode": passcode})
    assert (gone.status_code, gone.json()["reason"]) == (404, "stopped")


def health_card(name: str, issuer: str) -> str:
    """A signed SMART Health Card as the numbers of its QR code; its issuer publishes nothing."""
    patient = {"resourceType": "Patient", "name": [{"text": name}]}
    entry = {"fullUrl": "resource:0", "resource": patient}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [entry]}
    subject = {"fhirVersion": "4.0.1", "fhirBundle": bundle}
    claims: dict[str, Any] = {"iss": issuer, "nbf": 1_700_000_000}
    claims["vc"] = {"credentialSubject": subject}
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(json.dumps(claims).encode()) + packing.flush()
    key = ec.generate_private_key(ec.SECP256R1())
    jws = jwt.PyJWS().encode(packed, key, "ES256", {"zip": "DEF", "kid": "unknown"})
    return "shc:/" + "".join(f"{ord(letter) - 45:02}" for letter in jws)
