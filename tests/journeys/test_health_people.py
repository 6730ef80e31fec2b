"""A parent and a child's record; an adult, a carer, and the way back out."""

import re

from app import paths
from tests.journeys.conftest import Home
from tests.support.cut import link_of

CODE = re.compile(r"[2-9A-Z]{5}-[2-9A-Z]{5}")


async def test_a_parent_opens_a_childs_record_from_their_own(home: Home) -> None:
    """At the doctor's: two taps from one's own record to the child's, with its right in words."""
    phone, _device = await home.signed_in("le-hoang-nam", paths.RECORDS)
    await phone.sees("Hồ sơ của")
    await phone.sees("Lê Thu An tròn 16 tuổi ngày 20/12/2026.")
    await phone.tap("Lê Minh Khôi")
    await phone.sees("Bạn đang xem hồ sơ của Lê Minh Khôi với quyền cha mẹ.")
    await phone.sees("Sởi")
    await phone.tap("Lê Thu An")
    await phone.sees("Ngày 20/12/2026 Lê Thu An tròn 16 tuổi.")


async def test_an_adult_lets_another_read_and_withdraws(home: Home) -> None:
    """Two phones: the code goes from one to the other, the right comes, is used, and is gone."""
    hers, _device = await home.signed_in("pham-thi-lan", paths.health(None, "people"))
    await hers.sees("Chỉ mình bạn")
    await hers.tap("Mời người thân xem")
    await hers.tap("Tạo mã mời")
    await hers.sees("Hãy đọc nội dung và bật đồng ý trước.")
    await hers.type("Họ và tên người đó", "phạm quốc bảo")
    await hers.turn_on("Toàn bộ hồ sơ")
    await hers.turn_on("Tôi đã đọc và đồng ý")
    await hers.tap("Tạo mã mời")
    await hers.sees("Đã tạo mã")
    found = CODE.search(hers.text())
    assert found is not None
    his, _device = await home.signed_in("pham-quoc-bao", paths.health(None, "people/code"))
    await his.type("Mã", found[0].lower())
    await his.tap("Xem mã mở gì")
    await his.sees("Phạm Thị Lan")
    await his.tap("Nhận và xem")
    await his.sees("Tôi xem được hồ sơ của ai")
    await his.tap("Mở hồ sơ")
    await his.sees("Bạn đang xem hồ sơ của Phạm Thị Lan, được người đó đồng ý.")
    await hers.go(paths.health(None, "accesses"))
    await hers.sees("Phạm Quốc Bảo")
    await hers.sees("được bạn đồng ý")
    await hers.sees("bản tóm tắt")
    await hers.go(paths.health(None, "people"))
    await hers.sees("Đang xem được")
    await hers.tap("Rút lại ngay")
    await hers.sees("Bạn đã rút lại")
    await his.go(paths.health(None, "people"))
    await his.sees_no("Phạm Thị Lan")


async def test_a_resident_writes_down_changes_deletes_and_brings_back(home: Home) -> None:
    """A decimal comma is understood, a slip is named, and a deletion can be taken back."""
    phone, _device = await home.signed_in("pham-thi-lan", paths.health(None, "measurements"))
    await phone.sees("Chưa ghi gì")
    await phone.tap("Thêm dòng")
    await phone.tap("Cân nặng")
    await phone.type("Cân nặng (kg)", "555")
    await phone.tap("Lưu")
    await phone.sees("Số này không hợp lý.")
    await phone.type("Cân nặng (kg)", "55,5")
    await phone.tap("Lưu")
    await phone.sees("55,5 kg")
    await phone.sees("Bạn tự ghi")
    await phone.tap("Sửa")
    await phone.type("Cân nặng (kg)", "56")
    await phone.tap("Lưu")
    await phone.sees("56 kg")
    assert "55,5 kg" not in phone.text()
    await phone.tap("Xóa")
    await phone.sees("Chưa ghi gì")
    await phone.tap("Hoàn tác")
    await phone.sees("56 kg")


async def test_a_wrong_line_is_said_to_be_wrong_and_its_state_is_seen(home: Home) -> None:
    """The request stands beside the line and in the list; the line itself stays."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.health_section("allergies"))
    await phone.tap("Penicillin")
    await phone.tap("Dòng này có gì sai?")
    await phone.tap("Gửi yêu cầu")
    await phone.sees("Hãy viết vài chữ về chỗ sai.")
    await phone.type("Chỗ nào sai?", "Tôi chưa bao giờ dị ứng thuốc này.")
    await phone.tap("Gửi yêu cầu")
    await phone.sees("Hồ sơ giữ nguyên như đã nhận.")
    await phone.sees("Đã nhận yêu cầu")
    await phone.go(paths.health_section("allergies"))
    await phone.sees("Đang chờ sửa")
    await phone.tap("Penicillin")
    await phone.sees("Đã yêu cầu sửa: đã nhận yêu cầu.")
    assert "Dòng này có gì sai?" not in phone.text()


async def test_the_emergency_card_is_read_without_signing_in(home: Home) -> None:
    """A helper opens a stranger's phone: what the owner chose is there, and nothing else."""
    phone, device = await home.signed_in("nguyen-minh-anh", paths.health(None, "emergency"))
    await phone.sees("Ai cầm máy này cũng đọc được")
    assert "Lưu trên máy này" not in phone.text()
    await phone.turn_on("Dị ứng")
    await phone.turn_on("Gọi cho ai")
    await phone.type("Số điện thoại", "0900 000 099")
    await phone.tap("Lưu thành ảnh")
    assert device.saved["the-khan-cap.png"].startswith(b"\x89PNG")
    await phone.tap("Lưu trên máy này")
    await phone.sees("Thẻ này đang có trên máy.")
    helper, _device = await home.phone_of("nobody")
    await helper.tap("Thẻ khẩn cấp")
    await helper.sees("Penicillin")
    await helper.sees("0900 000 099")
    assert "Minh Anh" not in helper.text()
    assert "Tăng huyết áp" not in helper.text()
    await phone.tap("Gỡ khỏi máy này")
    await phone.sees_no("Thẻ này đang có trên máy.")
    await helper.go(paths.HOME)
    await helper.sees_no("Thẻ khẩn cấp")


async def test_without_a_network_lists_are_read_and_a_measurement_waits(home: Home) -> None:
    """In a hospital's cellar: who may look is still read, a line waits, a withdrawal is not pretended."""
    line = link_of(home.process.http)
    phone, _device = await home.signed_in("le-hoang-nam", paths.health(None, "people"))
    await phone.sees("Lê Minh Khôi")
    await phone.go(paths.health(None, "accesses"))
    await phone.sees("Chưa có người khác xem")
    await phone.go(paths.health(None, "measurements"))
    await phone.sees("Chưa ghi gì")
    line.cut = True
    for screen, words in (("people", "Lê Minh Khôi"), ("accesses", "Chưa có người khác xem")):
        await phone.go(paths.health(None, screen))
        await phone.sees("Không có mạng.")
        await phone.sees(words)
    await phone.go(paths.health(None, "people/invite"))
    await phone.sees("Thử lại")
    await phone.go(paths.health(None, "measurements/new"))
    await phone.type("Số trên (mmHg)", "128")
    await phone.type("Số dưới (mmHg)", "82")
    await phone.tap("Lưu")
    await phone.sees("128/82 mmHg")
    await phone.sees("Chờ gửi")
    line.cut = False
    await phone.go(paths.OUTBOX)
    await phone.sees("Số đo hoặc ghi chú của bạn")
    await phone.tap("Gửi ngay")
    await phone.go(paths.health(None, "measurements"))
    await phone.sees("Bạn tự ghi")
    await phone.sees_no("Chờ gửi")
