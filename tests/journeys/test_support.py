"""Support, from the resident's choice to the answer: previewed, sent, opened by code, answered, deleted."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from app import paths
from app.entry import services_of, start
from services.diagnostics import Bundle, read
from services.support import Support
from tests.journeys.conftest import Home
from tests.support.bundles import example
from tests.support.device import DeviceTwin, MemoryTokenStore
from tests.support.phone import Phone

WHO, AGENT, SUPERVISOR = "nguyen-minh-anh", "bui-thu-ha", "vo-minh-chau"


async def recorded() -> Bundle:
    """The last minutes of a resident whose report met a busy server."""
    return example()


async def with_recording(home: Home, route: str) -> tuple[Phone, DeviceTwin]:
    """A phone that has recorded something, its holder signed in, at an address."""
    identity = home.process.identity_for(MemoryTokenStore())
    await identity.resume()
    usual = services_of(home.process, identity, keep_health_copies=True)
    parts = (usual.gateway, usual.vault, usual.outbox, usual.clock)
    services = replace(usual, support=Support(*parts, recorded))
    device = DeviceTwin(identity, home._browser, WHO)
    phone = Phone()
    home._phones.append(phone)

    def main(page: ft.Page) -> None:
        start(page, services, device, device.preferences, home.process.config)

    await phone.open(main, route)
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees_no("Đăng nhập bằng VNeID")
    return phone, device


async def sent(home: Home) -> tuple[Phone, DeviceTwin, str]:
    """A resident whose bundle was just sent, and its code."""
    phone, device = await with_recording(home, paths.SUPPORT)
    await phone.tap("Tạo gói hỗ trợ")
    await phone.sees("Xem trước khi gửi")
    await phone.type("Bạn gặp lỗi gì? (không bắt buộc)", "Bấm Gửi thì báo lỗi.")
    await phone.tap("Gửi 4 mục")
    await phone.sees("Đã gửi gói hỗ trợ")
    await phone.tap("Sao chép mã")
    [code] = device.copied
    return phone, device, code


async def test_a_resident_sees_everything_before_anything_is_sent(home: Home) -> None:
    """Nothing leaves by surprise: each item is shown with its stand-ins, and can be switched off."""
    phone, device = await with_recording(home, paths.NEW_BUNDLE)
    await phone.sees("Xem trước khi gửi")
    await phone.tap("Xem đủ 7 bước")
    await phone.sees("69 ký tự")
    shown = phone.text()
    for words in ("Máy và phiên bản", "7 bước vừa làm", "3 yêu cầu tới máy chủ", "Gặp lỗi 503"):
        assert words in shown, words
    for words in ("Họ tên 1", "Số định danh 1", "Màn hình dựng lại"):
        assert words in shown, words
    assert "Ngô Thu Hà" not in shown
    await phone.turn_on(named(phone, "Máy và phiên bản"), on=False)
    await phone.sees("Gửi 3 mục")
    await phone.sees("Đang tắt, không gửi.")
    await phone.tap("Lưu thành tệp")
    await phone.sees("Đã lưu thành tệp.")
    [data] = device.saved.values()
    assert read(data).manifest.items == ("steps", "requests", "screens")


def named(phone: Phone, words: str) -> str:
    """The whole name of the switch that begins with the words."""
    names = (str(n.get("label") or "") for n in phone.visible() if n["_c"] == "Semantics")
    return next(name for name in names if name.startswith(words))


async def test_with_everything_off_the_button_waits(home: Home) -> None:
    """An empty bundle helps nobody."""
    phone, _device = await with_recording(home, paths.NEW_BUNDLE)
    await phone.sees("Gửi 4 mục")
    for item in ("Máy và phiên bản", "7 bước vừa làm", "3 yêu cầu", "Màn hình dựng lại"):
        await phone.turn_on(named(phone, item), on=False)
    await phone.sees("Bật ít nhất một mục")
    await phone.sees_no("Lưu thành tệp")


async def test_a_bundle_is_opened_by_its_code_answered_and_the_resident_reads_who_looked(
    home: Home,
) -> None:
    """The whole point: a stranger helps with what happened, sees no person, and leaves a trace."""
    resident, _device, code = await sent(home)
    agent, desk = await home.another_vault().signed_in(AGENT, paths.SUPPORT_DESK)
    await agent.type("Mã hỗ trợ", code.replace("-", " ").lower())
    await agent.tap("Mở gói")
    await agent.sees("Chọn mục đích mở gói.")
    await agent.tap("Tìm nguyên nhân lỗi")
    await agent.tap("Mở gói")
    await agent.sees("Bấm Gửi thì báo lỗi.")
    assert "Minh Anh" not in agent.text()
    await agent.tap("Phát lại")
    await agent.settle()
    assert (desk.replayed, desk.opened) == ([code], [f"/replay/{code}"])
    await agent.type("Trả lời của bạn cho người dân", "Máy chủ đang bận, mời bạn gửi lại.")
    await agent.tap("Trả lời người dân")
    await agent.sees("Chờ người dân")
    await resident.go(paths.INBOX)
    await resident.sees("Hỗ trợ đã trả lời bạn")
    assert "Hỗ trợ đã mở gói của bạn" in resident.text()
    await resident.tap("Hỗ trợ đã trả lời bạn")
    await resident.sees("Máy chủ đang bận, mời bạn gửi lại.")
    for words in ("Bùi Thu Hà", "Tìm nguyên nhân lỗi", "Lấy gói để phát lại"):
        assert words in resident.text(), words
    await resident.tap("Việc này đã xong")
    await resident.sees("Bạn đã đóng việc này.")


async def test_a_supervisor_reads_who_opened_what_and_opens_nothing(home: Home) -> None:
    """Whoever watches the watchers has a list, and no way into a bundle."""
    _resident, _device, code = await sent(home)
    agent, _desk = await home.another_vault().signed_in(AGENT, paths.SUPPORT_DESK)
    await agent.type("Mã hỗ trợ", "HT-2222-22")
    await agent.tap("Kiểm tra lỗi đã hết")
    await agent.tap("Mở gói")
    await agent.sees("Không có gói nào mang mã này.")
    await agent.type("Mã hỗ trợ", code)
    await agent.tap("Mở gói")
    await agent.sees("Bấm Gửi thì báo lỗi.")
    above, _twin = await home.another_vault().signed_in(SUPERVISOR, paths.SUPPORT_DESK)
    await above.sees("Gõ mã không mở được gì")
    assert f"Mở gói · {code}" in above.text()
    assert "Mở một gói" not in above.text()


async def test_a_deleted_bundle_is_gone_for_the_staff_too(home: Home) -> None:
    """Whoever thinks better of it takes it back; asked once, done at once."""
    resident, _device, code = await sent(home)
    agent, _desk = await home.another_vault().signed_in(AGENT, paths.SUPPORT_DESK)
    await agent.type("Mã hỗ trợ", code)
    await agent.tap("Người dân gọi hoặc nhắn")
    await agent.tap("Mở gói")
    await agent.sees("Phát lại")
    await resident.tap("Xóa gói này ngay")
    await resident.sees("Xóa gói này?")
    await resident.tap("Xóa gói")
    await resident.sees("Bạn đã xóa gói.")
    await agent.tap("Phát lại")
    await agent.sees("Gói đã bị xóa.")


@pytest.mark.parametrize(("who", "words"), [(WHO, "Bàn này dành cho nhân viên hỗ trợ")])
async def test_the_desk_is_shown_to_its_staff_alone(home: Home, who: str, words: str) -> None:
    """A resident who guesses the address sees no list of other people's troubles."""
    phone, _device = await home.signed_in(who, paths.SUPPORT_DESK)
    await phone.sees(words)
    await phone.go(paths.SUPPORT_LOG)
    await phone.sees(words)


async def test_what_the_app_recorded_itself_goes_to_support(home: Home) -> None:
    """From the first tap on something is kept, and it holds nobody's name."""
    phone, device = await home.signed_in(WHO, paths.SUPPORT)
    await phone.tap("Tạo gói hỗ trợ")
    await phone.sees("Xem trước khi gửi")
    await phone.tap("Lưu thành tệp")
    await phone.sees("Đã lưu thành tệp.")
    [data] = device.saved.values()
    bundle = read(data)
    assert any(step.kind == "act" for step in bundle.steps)
    assert "Minh Anh" not in str(bundle)
    await phone.tap("Gửi 4 mục")
    await phone.sees("Đã gửi gói hỗ trợ")


async def test_an_error_leads_to_a_bundle_that_names_it(home: Home) -> None:
    """Where the app shows an error code, help is one tap away, and support finds the same error."""
    phone, _device = await with_recording(home, paths.support_case("HT-2222-22"))
    await phone.sees("Mã lỗi")
    reference = phone.text().partition("Mã lỗi ")[2].partition(".")[0]
    await phone.tap("Gửi gói hỗ trợ")
    await phone.sees(f"Về mã lỗi {reference}.")
