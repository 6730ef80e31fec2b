"""The two pages of Data and privacy about others: who looked, and what was agreed to."""

from app import paths
from tests.journeys.conftest import Home


async def test_a_daughter_reads_who_looked_in_every_service_at_one_place(home: Home) -> None:
    """Her father read her record as a parent: name, right, what and why stand in one line."""
    his, _device = await home.signed_in("le-hoang-nam", paths.RECORDS)
    await his.tap("Lê Thu An")
    await his.sees("với quyền cha mẹ")
    hers, _device = await home.signed_in("le-thu-an", paths.PRIVACY)
    await hers.tap("Nhật ký truy cập")
    await hers.sees("Lê Hoàng Nam")
    await hers.sees("Đọc hồ sơ sức khỏe của bạn")
    await hers.sees("cho gia đình")
    await hers.tap("Thẻ")
    await hers.sees("Chưa có người khác xem")


async def test_a_consent_is_withdrawn_with_one_tap_and_every_decision_stays(home: Home) -> None:
    """What a withdrawal stops is said before; the earlier yes stays on record."""
    phone, _device = await home.signed_in("nguyen-minh-anh", paths.CONSENTS)
    services = home.services[phone]
    await phone.sees("Ghép các lần quét thẻ thành chuyến đi của tôi")
    for purpose in (await services.consents.ledger()).value.purposes:
        if purpose.purpose != "card_taps":
            await services.consents.decide(purpose, "withdrawn", "vi", way="privacy_page")
    await phone.go(paths.ME)
    await phone.go(paths.CONSENTS)
    await phone.sees("Khi rút lại: Danh sách chuyến đi không được lập nữa")
    await phone.tap("Rút lại ngay")
    await phone.sees_no("Rút lại ngay")
    await phone.sees("Đã rút: Ghép các lần quét thẻ thành chuyến đi của tôi")
    await phone.sees("Đã đồng ý: Ghép các lần quét thẻ thành chuyến đi của tôi")
    assert not await services.consents.is_given("card_taps")


async def test_a_father_withdraws_for_his_child(home: Home) -> None:
    """The child's ledger is a tap away, with what a parent may decide and no more."""
    phone, _device = await home.signed_in("le-hoang-nam", paths.CONSENTS)
    await phone.tap("Lê Minh Khôi")
    await phone.sees("Lưu bản sao hồ sơ sức khỏe trên máy")
    await phone.sees_no("Đọc vị trí của máy")
    await phone.tap("Rút lại ngay")
    await phone.sees("do cha mẹ")
