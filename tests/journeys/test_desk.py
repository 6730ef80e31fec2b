"""The officers' desk over the real gateway: from a report to its proof, and two officers at once."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app import paths
from app.entry import services_of
from services import Services
from services.device import PickedFile
from services.photos import prepare
from services.service_requests import ServiceRequestDraft
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin
from tests.support.once import PUBLIC_URL
from tests.support.phone import Phone

RESIDENT = "le-hoang-nam"
OFFICER, COLLEAGUE = "hoang-duc-quan", "dang-thu-huong"
WORDS = "Ổ gà sâu giữa đường, xe máy phải tránh gấp."
QUESTION = "Ổ gà nằm ở làn đường bên nào?"
ANSWER = "Làn bên phải, ngay trước cửa hàng hoa."
PROOF = "Đã vá mặt đường sáng nay, xe đi lại bình thường."


def services(home: Home, device: DeviceTwin) -> Services:
    """What a resident's device calls, without its screens."""
    return services_of(home.process, device.identity, keep_health_copies=True)


async def officer(
    home: Home, route: str, who: str = OFFICER, text_scale: float = 1.0
) -> tuple[Phone, DeviceTwin]:
    """An officer's phone at an address of the desk."""
    phone, device = await home.phone_of(who, paths.HOME, text_scale=text_scale)
    await phone.tap("Đăng nhập bằng VNeID")
    await phone.sees("Gửi phản ánh")
    await phone.go(route)
    return phone, device


async def reported(home: Home, *photos: PickedFile) -> tuple[Services, str, Phone]:
    """A resident who has sent a report of Hoàn Kiếm ward: their services, its id, their phone."""
    phone, device = await home.signed_in(RESIDENT)
    draft = ServiceRequestDraft(
        service_code="pothole",
        description=WORDS,
        address="Trước số 28 Hàng Trống",
        ward_code="00070",
        lat=21.0302,
        long=105.8501,
        hide_name=True,
        photos=tuple([await prepare(one.data) for one in photos]),
    )
    mine = services(home, device)
    receipt = await mine.service_requests.submit(draft)
    assert receipt.service_request_id is not None
    return mine, receipt.service_request_id, phone


def photo() -> PickedFile:
    """A picture as a phone takes it."""
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(file, "JPEG")
    return PickedFile("sau.jpg", file.getvalue())


async def do(phone: Phone, act: str, send: str) -> None:
    """Open an act's form and send it."""
    await phone.tap(act)
    await phone.sees("Người dân")
    await phone.tap(send)


async def test_an_officer_takes_a_report_on_and_asks_and_its_resident_follows(home: Home) -> None:
    """Every step is told within seconds, and the resident's answer comes by itself."""
    mine, code, resident = await reported(home)
    await resident.go(paths.service_request(code))
    phone, _device = await officer(home, paths.DESK)
    await phone.type("Tìm theo mã, chữ hoặc tên phố", code)
    await phone.sees("1 phản ánh")
    await phone.tap("Hàng Trống")
    await phone.sees("Người gửi ẩn tên")
    assert "Lê Hoàng Nam" in phone.text(), "officers see a hidden name"

    await do(phone, "Tiếp nhận", "Tiếp nhận phản ánh")
    await phone.sees("Đã tiếp nhận.")
    await resident.sees("Đang xử lý")

    await phone.tap("Hỏi người dân")
    await phone.type("Câu hỏi của bạn", QUESTION)
    await phone.sees(f"Cán bộ hỏi: “{QUESTION}”")
    await phone.tap("Gửi câu hỏi")
    await phone.sees("Tạm dừng, chờ người dân trả lời")
    await resident.sees(QUESTION)
    await mine.service_requests.answer(code, ANSWER)
    await phone.sees(ANSWER)


async def test_a_report_is_closed_with_proof_and_its_resident_sees_it(home: Home) -> None:
    """The heart of it: the end is shown, not claimed, also to those who cannot see a photo."""
    mine, code, resident = await reported(home)
    await resident.go(paths.service_request(code))
    phone, device = await officer(home, paths.desk_report(code))
    await do(phone, "Tiếp nhận", "Tiếp nhận phản ánh")
    await phone.sees("Đã tiếp nhận.")
    await phone.tap("Đóng kèm bằng chứng")
    await phone.type("Đã làm gì", PROOF)
    await phone.tap("Đóng với bằng chứng này")
    await phone.sees("Thêm ít nhất một ảnh hoặc một văn bản.")
    device.files = [photo()]
    await phone.tap("Chụp hoặc chọn ảnh")
    await phone.tap("Đóng với bằng chứng này")
    await phone.sees("Ghi rõ mỗi ảnh cho thấy gì.")
    await phone.type("Ảnh 1 cho thấy gì, bằng lời", "Mặt đường đã bằng phẳng")
    await phone.tap("Đóng với bằng chứng này")
    await phone.sees("Đã đóng kèm bằng chứng.")
    await resident.sees(PROOF)

    report = (await mine.service_requests.get(code)).value
    assert report.status_code == "done"
    assert [(one.stage, one.description) for one in report.media] == [
        ("after", "Mặt đường đã bằng phẳng")
    ]


async def test_a_report_passed_on_leaves_the_desk_and_says_where_to(home: Home) -> None:
    """The resident reads who has it now and why; the officer sees that it has gone."""
    mine, code, _resident = await reported(home)
    phone, _device = await officer(home, paths.desk_report(code))
    await phone.tap("Chuyển đơn vị khác")
    await phone.type("Tìm", "chieu sang")
    await phone.tap("Đơn vị chiếu sáng đô thị")
    await phone.tap("Việc này thuộc lĩnh vực của đơn vị khác.")
    await phone.sees("Không thuộc thẩm quyền, đã chuyển")
    await phone.tap("Chuyển đơn vị khác")
    await phone.sees("Đã chuyển.")
    await phone.sees("Phản ánh này không ở đơn vị bạn")
    report = (await mine.service_requests.get(code)).value
    assert report.status_code == "transferred"
    assert "hiếu sáng" in report.agency.name


async def test_two_officers_see_each_other_and_do_not_overwrite(home: Home) -> None:
    """Whoever is second is told who was first, and loses nothing that was typed."""
    _mine, code, _resident = await reported(home)
    first, _device = await officer(home, paths.desk_report(code))
    await first.tap("Hỏi người dân")
    await first.type("Câu hỏi của bạn", QUESTION)
    second, _other = await officer(home, paths.desk_report(code), COLLEAGUE)
    await second.sees("Hoàng Đức Quân cũng đang mở phản ánh này.")
    await do(second, "Tiếp nhận", "Tiếp nhận phản ánh")
    await second.sees("Đã tiếp nhận.")
    await first.sees("Đặng Thu Hương: Đã tiếp nhận")
    assert QUESTION in first.text()
    await first.tap("Gửi câu hỏi")
    await first.sees("Đã gửi câu hỏi.")


async def test_an_unfinished_form_is_found_again(home: Home) -> None:
    """An officer is called to the counter in the middle of a sentence."""
    _mine, code, _resident = await reported(home)
    phone, _device = await officer(home, paths.desk_report(code))
    await phone.tap("Từ chối")
    await phone.type("Nói rõ lý do và người dân nên làm gì tiếp", "Chưa rõ chỗ nào, mời bạn")
    await phone.go(paths.HOME)
    await phone.go(paths.desk_report(code))
    await phone.tap("Từ chối")
    await phone.sees("Cách khiếu nại:")
    assert "Chưa rõ chỗ nào, mời bạn" in phone.text()


async def test_a_resident_at_the_desks_address_reads_why_there_is_nothing(home: Home) -> None:
    """Neither reports nor that there are any."""
    phone, _device = await home.signed_in(RESIDENT)
    await phone.go(paths.DESK)
    await phone.sees("Bàn xử lý dành cho cán bộ")
    await phone.go(paths.ME)
    await phone.sees("Cài đặt")
    assert "Bàn xử lý" not in phone.text()


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_every_form_opens_in_every_size_of_text(home: Home, scale: float) -> None:
    """A form that cannot be drawn would take the whole app with it."""
    _mine, code, _resident = await reported(home)
    phone, _device = await officer(home, paths.desk_report(code), text_scale=scale)
    for act in ("Hỏi người dân", "Chuyển đơn vị khác", "Từ chối", "Gộp", "Tách làm hai"):
        await phone.tap(act)
        await phone.sees("Về phản ánh")
        await phone.tap("Về phản ánh")
        await phone.sees("Nên làm gì")


async def test_a_photo_is_public_only_once_an_officer_has_covered_and_cleared_it(
    home: Home,
) -> None:
    """Whoever walked through the picture never agreed to be shown."""
    mine, code, _resident = await reported(home, photo())
    [media] = (await mine.service_requests.get(code)).value.media
    assert not media.cleared
    phone, _device = await officer(home, paths.desk_photo(code, media.media_id))
    await phone.sees("Chỉ người gửi và cán bộ xem được ảnh này.")
    await phone.tap("Thêm khung")
    await phone.tap("Đưa khung sang trái")
    await phone.tap("Cho khung rộng ra")
    await phone.sees("Khung 1 trên 1")

    await phone.go(paths.desk_report(code))
    await phone.sees("Đang ẩn với mọi người")
    await phone.tap("Cho mọi người xem…")
    await phone.sees("1 khung. Chạm vào khung để sửa.")
    await phone.tap("Cho xem, che 1 khung")
    await phone.sees("Mọi người xem được")
    assert phone.route == paths.desk_report(code)

    [cleared] = (await mine.service_requests.get(code)).value.media
    assert cleared.cleared
    assert cleared.boxes == ((0.33, 0.35, 0.32, 0.3),)
    public = await home._browser.get(f"{PUBLIC_URL}/api/media/{media.media_id}/public.jpg")
    assert public.status_code == 200

    await phone.tap("Cho mọi người xem…")
    await phone.sees("Mọi người đang xem được ảnh này.")
    await phone.tap("Giữ ẩn với mọi người")
    await phone.sees("Đang ẩn với mọi người")
    public = await home._browser.get(f"{PUBLIC_URL}/api/media/{media.media_id}/public.jpg")
    assert public.status_code == 404
