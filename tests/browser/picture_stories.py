"""Pictures that need something to happen first: a report, a stay, a certificate, a share, the desk."""

from __future__ import annotations

import re

from app import paths

from . import test_certificate as certificates
from . import test_persona as personas
from . import test_support as bundles
from .album import Album, Look, scroll
from .browser import DESKTOP, App
from .test_health_share import Watched, figures, scanned

POTHOLE = "Ổ gà sâu giữa đường, xe máy phải tránh gấp, trời mưa không nhìn thấy."
HANG_TRONG = (21.03033, 105.84970)
QUESTION = "Ổ gà nằm ở làn xe máy hay làn ô tô?"
PLATE = "30K-012.34"


def new_report(album: Album) -> None:
    """Photos, the place with a similar report, the review; then without a network, into the outbox."""
    app = album.app(Look("Vũ Khánh Linh"), "/reports/new")
    scenes = [album.scene("pothole_near"), album.scene("pothole", HANG_TRONG)]
    with app.page.expect_file_chooser() as chooser:
        app.button(re.compile("Chụp hoặc chọn ảnh")).click()
    chooser.value.set_files(scenes)
    app.button("Dùng nơi trong ảnh").click()
    app.type("Chuyện gì đang xảy ra?", POTHOLE)
    scroll(app, -2000)
    album.keep(app, "03-report-photos")
    app.go(app.button("Tiếp tục"), re.compile("/place"))
    app.button("Sửa vị trí").click()
    app.type("Số nhà, tên đường hoặc mốc dễ thấy", "Trước số 28 Hàng Trống")
    app.button("Đóng").click()
    chip = app.semantics.get_by_role("checkbox", name=re.compile("Ổ gà"))
    app.press(chip, "phản ánh giống")
    scroll(app, -2000)
    album.keep(app, "04-report-place")
    scroll(app, 420)
    album.keep(app, "04-report-similar")
    app.go(app.button("Việc của tôi khác, tiếp tục"), re.compile("/review"))
    app.sees("Xem lại trước khi gửi")
    album.keep(app, "05-report-review")
    app.go(app.button("Quay lại"), re.compile("/place"))
    album.product.link.cut()
    app.go(app.button(re.compile("tiếp tục", re.IGNORECASE)), re.compile("/review"))
    app.sees("Không có mạng")
    album.keep(app, "05-report-review-offline")
    app.button("Lưu vào Chờ gửi").click()
    app.page.wait_for_url(re.compile("/reports$"))
    app.open("/me/outbox")
    app.sees("Ổ gà")
    album.keep(app, "17-outbox")
    album.product.link.mend()
    app.page.context.close()


def reports(album: Album) -> None:
    """The list, and what became of two of its reports, in several looks."""
    for look, ending in ((Look(), ""), (Look(theme="dark"), "-dark"), (Look(large=True), "-large")):
        app = album.app(look, "/reports")
        app.sees("Của tôi")
        if not look.large:
            album.keep(app, f"06-reports{ending}")
        open_report(app, "Ổ gà")
        album.keep(app, f"07-report-in-progress{ending}")
        if look == Look():
            app.open("/reports")
            open_report(app, "Nắp cống")
            album.keep(app, "07-report-done")
        app.page.context.close()
    app = album.app(Look(size=DESKTOP), "/reports")
    open_report(app, "Ổ gà")
    album.keep(app, "d2-reports-desktop")
    app.page.context.close()


def open_report(app: App, words: str) -> None:
    """Press the list's card that begins with these words, and wait for its timeline."""
    card = app.button(re.compile(words)).first
    for _turn in range(8):
        if card.count():
            break
        scroll(app, 400)
        app.page.wait_for_timeout(500)
    app.go(card, re.compile("/reports/id/"))
    app.sees(re.compile(r"HN-\d{4}-\d{5}"))


def cards(album: Album) -> None:
    """A card put on this machine, a stay that runs since 84 minutes, the code."""
    app = album.app(Look(), "/cards")
    app.button("Dùng thẻ trên máy này").click()
    app.sees("Thẻ này nằm trên máy chủ của ứng dụng.")
    app.open("/cards/parking/new")
    app.sees("Loại xe")
    app.type("Biển số xe", PLATE)
    app.semantics.get_by_role("checkbox", name=re.compile("HK-014")).click()
    app.semantics.get_by_role("checkbox", name="2 giờ").click()
    app.button("Bắt đầu đỗ xe").click()
    app.sees("Kết thúc và thanh toán")
    stay = app.page.url.removeprefix(album.product.address)
    album.set_back("30K01234", 84)
    app.open("/cards")
    app.sees("Hết giờ lúc")
    album.keep(app, "08-cards")
    app.open(stay)
    app.sees("Đỗ thêm")
    album.keep(app, "10-parking")
    app.open("/cards/code")
    app.sees("Nguyễn Minh Anh")
    album.keep(app, "09-code")
    app.page.emulate_media(color_scheme="dark")
    album.keep(app, "09-code-dark")
    app.open(stay)
    app.sees("Đỗ thêm")
    album.keep(app, "10-parking-dark")
    app.page.context.close()


def certificate(album: Album) -> None:
    """Applied for, paid, issued, checked, forged, revoked; then a new one, and a part of it shown."""
    app = album.app(Look(), certificates.LIST)
    city = album.product.city
    guest = certificates.play(app, album.browser, city, album.scratch, album.keep)
    guest.page.context.close()
    app.open(certificates.LIST)
    certificates.apply(app, lambda shown, name: None)
    app.press(app.button("Thử: trả tiền"), "Còn 5 ngày làm việc")
    app.sees("Đã ký số, còn hiệu lực", 60)
    app.page.emulate_media(color_scheme="dark")
    app.button("Hiện nội dung").click()
    app.semantics.get_by_role("img", name=re.compile("Trang 1")).wait_for()
    album.keep(app, "15-certificate-result-dark")
    app.go(app.button("Gửi phiếu cho nơi cần"), re.compile("/send$"))
    app.go(app.button(re.compile("Chỉ một phần")), re.compile("/show$"))
    app.press(app.semantics.get_by_role("checkbox", name=re.compile("Kết quả")), "Kết quả")
    app.press(app.button("Tạo liên kết"), "Sẵn sàng cho xem")
    album.keep(app, "15-certificate-part-dark")
    app.page.context.close()


def health(album: Album) -> None:
    """A result over time, a visit with its paper, a parent's children."""
    for look, ending in ((Look(theme="dark", size=DESKTOP), "-desktop-dark"), (Look(), "")):
        app = album.app(look, paths.health_section("results"))
        app.go(app.button(re.compile("Cholesterol LDL")).first, re.compile("/results/"))
        app.sees("Từng lần đo")
        album.keep(app, f"12-trend{ending}")
    app.open(paths.RECORDS)
    app.go(app.button(re.compile("Khám tăng huyết áp")).first, re.compile("/visits/"))
    app.sees("Kết luận")
    album.keep(app, "12-visit")
    app.page.context.close()
    parent = album.app(Look("Lê Hoàng Nam"), paths.health(None, "people"))
    parent.sees("Lê Minh Khôi")
    album.keep(parent, "11-people")
    parent.page.context.close()


def sharing(album: Album) -> None:
    """A share is made; a doctor opens it in a browser of their own; its owner sees the name."""
    app = album.app(Look(), paths.HEALTH_SHARE)
    app.sees("Tạo mã chia sẻ")
    album.keep(app, "13-share")
    app.go(app.button("Tạo mã chia sẻ"), re.compile("/shares/"))
    app.sees("Chưa ai mở")
    link, passcode = scanned(app), figures(app)
    for theme, ending in (("light", ""), ("dark", "-dark")):
        doctor = Watched(album.browser, album.product.city)
        doctor.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        doctor.open(link, passcode)
        doctor.page.get_by_role("button", name="In hồ sơ").wait_for()
        album.keep(App(doctor.page, album.product.city), f"13-doctor{ending}")
        doctor.page.context.close()
    app.sees("BS. Lê Thu Trang")
    album.keep(app, "13-sharing")
    app.page.emulate_media(color_scheme="dark")
    album.keep(app, "13-sharing-dark")
    app.page.context.close()


def desk(album: Album) -> None:
    """An officer's queue and one report on a desktop; what is asked there comes into an inbox."""
    app = album.app(Look("Hoàng Đức Quân", DESKTOP), "/desk")
    app.sees("quá hạn")
    album.keep(app, "d5-desk-queue-desktop")
    app.go(app.button(re.compile("trước số 28 Hàng Trống")).first, re.compile("/desk/id/"))
    app.button("Hỏi người dân").first.click()
    app.type("Câu hỏi của bạn", QUESTION)
    app.button("Gửi câu hỏi").click()
    app.sees("Đã gửi câu hỏi.")
    app.go(app.button(re.compile("ngõ Hàng Hành")).first, re.compile("/desk/id/"))
    app.sees("Đóng kèm bằng chứng")
    album.keep(app, "d5-desk-report-desktop")
    app.page.context.close()
    app = album.app(Look(), "/me/inbox")
    app.sees(QUESTION)
    album.keep(app, "17-inbox")
    app.page.emulate_media(color_scheme="dark")
    album.keep(app, "17-inbox-dark")
    app.page.context.close()


def support(album: Album) -> None:
    """A report that fails, sent as a bundle, opened by its code, replayed, answered, made a test."""
    with bundles.faulty_product(album.scratch) as product:
        story = bundles.play(album.browser, product.address, album.scratch, album.keep)
        bundles.make_a_test(album.browser, story, album.keep)
    for app in story.apps:
        app.page.context.close()


def persona(album: Album) -> None:
    """The app opened as a resident of the sandbox whose server is down."""
    agent, _tab = personas.play(album.browser, album.product.address, album.keep)
    agent.page.context.close()
