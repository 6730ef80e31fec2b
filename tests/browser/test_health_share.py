"""A doctor's browser opens a resident's health link; what a record holds is never markup there."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app import paths
from gateway.database import Database
from gateway.health_records.store import find_patient
from gateway.health_sharing import shares
from gateway.health_sharing.shares import NewShare
from gateway.settings import utc_now
from services.health_sharing.jwe import encode, encrypt
from services.health_sharing.links import HealthLink, parse_link

from .browser import App, new_page
from .resident import signed_in
from .server import Product

pytestmark = pytest.mark.browser
DOCTOR = "BS. Lê Thu Trang"


class Watched:
    """A stranger's page, with all that it sent and all that went wrong in it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.page: Page = new_page(browser)
        self.sent: list[str] = []
        self.outside: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda r: self._note(r.url, r.post_data or "", address))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("console", lambda m: self.wrong.append(m.text) if _policy(m.text) else None)

    def _note(self, url: str, body: str, address: str) -> None:
        self.sent.append(url + body)
        if not url.startswith(address):
            self.outside.append(url)

    def open(self, link: str, passcode: str = "") -> Page:
        """Go to a link, write a name and the passcode where one is asked for, and press."""
        self.page.goto(link)
        self.page.get_by_label("Họ tên và nơi làm việc của bạn").fill(DOCTOR)
        if passcode:
            self.page.get_by_label("Mã mở 6 số").fill(passcode)
        self.page.get_by_role("button", name="Mở hồ sơ").click()
        return self.page


def _policy(text: str) -> bool:
    return "Content Security Policy" in text or "Trusted" in text


def test_a_doctor_opens_a_share_in_a_second_browser_until_it_is_stopped(
    chromium: Browser, product: Product
) -> None:
    """Picture 13 as two people live it: scan, name, passcode, read; listed; stopped."""
    app = signed_in(chromium, product.address, "Nguyễn Minh Anh", paths.HEALTH_SHARE)
    app.sees("Tạo mã chia sẻ")
    app.go(app.button("Tạo mã chia sẻ"), re.compile("/shares/"))
    app.sees("Chưa ai mở")
    link, passcode = scanned(app), figures(app)

    doctor = Watched(chromium, product.address)
    wrong = "000000" if passcode != "000000" else "111111"
    page = doctor.open(link, wrong)
    expect(page.get_by_role("alert")).to_contain_text("Còn 2 lần thử")
    page.get_by_label("Mã mở 6 số").fill(passcode)
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.get_by_role("heading", name="Nguyễn Minh Anh")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Penicillin")
    expect(page.locator("main")).not_to_contain_text("Tiêm chủng")
    page.get_by_role("button", name="English").click()
    expect(page.locator("main")).to_contain_text("Current medicines")
    page.get_by_role("button", name="Tiếng Việt").click()

    app.sees(DOCTOR)
    app.sees("Nhập sai mã mở")
    app.press(app.button("Dừng chia sẻ ngay"), "Dừng chia sẻ?")
    app.press(app.button("Có, dừng lại"), "Đã dừng chia sẻ")
    expect(page.get_by_role("alert")).to_contain_text("Đã dừng chia sẻ", timeout=15_000)
    expect(page.locator("main")).not_to_contain_text("Penicillin")

    key = encode(parse_link(link).key)
    assert not [one for one in doctor.sent if key in one.partition("#")[0]]
    assert key not in page.url
    assert (doctor.outside, doctor.wrong, app.errors, app.outside) == ([], [], [], [])


def test_what_a_record_holds_is_shown_and_never_run(chromium: Browser, product: Product) -> None:
    """A record comes from anywhere; in a doctor's browser it must not become a program."""
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    link = shared(product, bundle_with(attack))
    doctor = Watched(chromium, product.address)
    page = doctor.open(link)
    expect(page.get_by_role("heading", name=attack).first).to_be_visible()
    assert page.locator("main").inner_text().count("onerror=alert(1)") >= 4
    assert page.locator("main img, main script, main a, main iframe").count() == 0
    expect(page.locator("main")).to_contain_text("không đọc được 2 mục")
    expect(page.locator("section", has_text="Thuốc đang dùng")).to_contain_text("Không có")
    expect(page.locator("section", has_text="Tiêm chủng")).to_contain_text("Chưa có thông tin")
    assert (doctor.outside, doctor.wrong) == ([], [])


def test_a_link_that_cannot_be_opened_says_why(chromium: Browser, product: Product) -> None:
    """Each way to fail has its own sentence with what to do."""
    damaged = shared(product, bundle_with("x"), other_key=True)
    page = Watched(chromium, product.address).open(damaged)
    expect(page.get_by_role("alert")).to_contain_text("Không đọc được tệp")
    nothing = HealthLink(f"{product.address}/api/shl/{secrets.token_urlsafe(32)}", bytes(32))
    page = Watched(chromium, product.address).open(nothing.text(f"{product.address}/share/"))
    expect(page.get_by_role("alert")).to_contain_text("Không mở được liên kết này")
    page = new_page(chromium)  # As over plain http: a browser gives no cryptography there.
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto(nothing.text(f"{product.address}/share/"))
    expect(page.get_by_role("alert")).to_contain_text("Trình duyệt không giải mã được")
    elsewhere = HealthLink("https://elsewhere.example/x", bytes(32))
    for link, words in (
        (f"{product.address}/share/", "Liên kết thiếu chìa khóa"),
        (elsewhere.text(f"{product.address}/share/"), "Liên kết của nơi khác"),
    ):
        page = new_page(chromium)
        page.goto(link)
        expect(page.get_by_role("alert")).to_contain_text(words)


def scanned(app: App) -> str:
    """The link in the QR code on the screen, as a camera reads it."""
    for _turn in range(40):
        image = Image.open(io.BytesIO(app.page.screenshot())).convert("L")
        if found := zxingcpp.read_barcodes(image):
            return str(found[0].text)
        app.page.wait_for_timeout(300)
    raise AssertionError("no code was drawn")


def figures(app: App) -> str:
    """The passcode, as a screen reader reads it."""
    app.sees(re.compile(r"Mã mở: \d"))
    named = app.semantics.locator("[aria-label*='Mã mở: ']")
    said = app.screen() if not named.count() else named.first.get_attribute("aria-label")
    found = re.search(r"Mã mở: ([\d ,]+)", said or "")
    assert found is not None
    return re.sub(r"\D", "", found[1])


def shared(product: Product, bundle: Any, *, other_key: bool = False) -> str:
    """A link to any content, laid down beside the gateway that serves it."""
    key, token = os.urandom(32), secrets.token_urlsafe(32)
    file = encrypt(json.dumps(bundle).encode(), key, "application/fhir+json")
    database = Database(f"sqlite:///{product.folder / 'gateway.sqlite3'}")
    new = NewShare(token, file, ("48765-2",), None, 60, None)
    with database.transaction() as connection:
        subject = "sandbox-nguyen-minh-anh"
        patient_id = find_patient(connection, subject)
        assert patient_id is not None
        shares.create(connection, subject, patient_id, new, utc_now())
    database.close()
    told = os.urandom(32) if other_key else key
    return HealthLink(f"{product.address}/api/shl/{token}", told).text(f"{product.address}/share/")


def bundle_with(text: str) -> dict[str, Any]:
    """A document with that text wherever a text can stand, and with broken things in it."""
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'

    def section(code: str, *entries: str, **more: Any) -> dict[str, Any]:
        return {
            "title": text,
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "text": {"status": "generated", "div": div},
            "entry": [{"reference": entry} for entry in entries],
            **more,
        }

    none = {"coding": [{"code": "no-known-medications"}]}
    resources: list[tuple[str, Any]] = [
        (
            "Composition/1",
            {
                "subject": {"reference": "Patient/1"},
                "section": [
                    section("48765-2", "AllergyIntolerance/1", "AllergyIntolerance/2", "Nothing/1"),
                    section("10160-0", "MedicationStatement/1"),
                    section("11369-6", emptyReason={"coding": [{"code": "unavailable"}]}),
                    section("99999-9", "Observation/1"),
                ],
            },
        ),
        ("Patient/1", {"name": [{"text": text}], "gender": text, "birthDate": text}),
        (
            "AllergyIntolerance/1",
            {
                "code": {"text": text},
                "text": {"status": "generated", "div": div},
                "reaction": [{"manifestation": [{"text": text}]}],
                "note": [{"text": text}],
            },
        ),
        ("AllergyIntolerance/2", {"code": 5}),
        ("MedicationStatement/1", {"status": "unknown", "medicationCodeableConcept": none}),
        ("Observation/1", {"code": {"text": text}, "valueString": text, "status": "final"}),
    ]
    entries = [
        {
            "fullUrl": f"http://a.test/{name}",
            "resource": {"resourceType": name.split("/", maxsplit=1)[0], "id": name[-1], **rest},
        }
        for name, rest in resources
    ]
    return {"resourceType": "Bundle", "type": "document", "entry": entries}
