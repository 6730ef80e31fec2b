"""Takes the pictures of docs/journeys from the running product: `python -m tests.browser.pictures`."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser

from .browser import DESKTOP, PHONE, App, find_chromium, launched
from .resident import open_app, signed_in
from .server import ROOT, Product
from .test_certificate import apply

FOLDER = ROOT / "docs" / "journeys"
LARGEST = 60_000
SETTLE_MS = 2500


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the address, who looks, and how."""

    name: str
    route: str
    who: str = "Nguyễn Minh Anh"
    size: tuple[int, int] = PHONE
    theme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("01-sign-in", "/", who=""),
    Shot("02-home", "/"),
    Shot("02-home-dark", "/", theme="dark"),
    Shot("03-new-report", "/reports/new"),
    Shot("06-reports", "/reports"),
    Shot("06-reports-desktop", "/reports", size=DESKTOP),
    Shot("08-card", "/cards"),
    Shot("09-code", "/cards/code"),
    Shot("09-code-dark", "/cards/code", theme="dark"),
    Shot("11-health", "/records"),
    Shot("11-health-dark", "/records", theme="dark"),
    Shot("21-me", "/me"),
    Shot("d1-home-desktop", "/", size=DESKTOP),
    Shot("d1-home-desktop-dark", "/", size=DESKTOP, theme="dark"),
)


def keep(app: App, name: str) -> None:
    """Save what the page shows as WebP of at most 60 kB."""
    app.page.wait_for_timeout(SETTLE_MS)
    image = Image.open(io.BytesIO(app.page.screenshot())).convert("RGB")
    for quality in (85, 75, 65, 50, 35):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST:
            break
    (FOLDER / f"{name}.webp").write_bytes(out.getvalue())


def with_card(browser: Browser, product: Product) -> None:
    """Add the card to this place, so that its code can be shown."""
    app = signed_in(browser, product.address, "Nguyễn Minh Anh", "/cards")
    app.sees(re.compile("Mở mã QR"), 20)
    if "Thẻ chưa có trên máy này" in app.screen():
        app.button("Dùng thẻ trên máy này").click()
        app.sees("Thẻ này nằm trên máy chủ của ứng dụng.", 20)
    app.page.context.close()


def certificate(browser: Browser, product: Product) -> None:
    """Apply, and picture the form, the status and the signed result."""
    app = signed_in(
        browser, product.address, "Nguyễn Minh Anh", "/records/certificates/new/details"
    )
    keep(app, "14-certificate-details")
    app.open("/records/certificates")
    apply(app)
    keep(app, "15-certificate-status")
    app.sees("Đã ký số, còn hiệu lực", 60)
    address = app.page.url.removeprefix(product.address)
    keep(app, "15-certificate-result")
    dark = signed_in(browser, product.address, "Nguyễn Minh Anh", address, theme="dark")
    dark.button("Hiện nội dung").click()
    dark.semantics.get_by_role("img", name=re.compile("Trang 1")).wait_for()
    keep(dark, "15-certificate-result-dark")


def main() -> None:
    """Start the product on a fresh folder and take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = find_chromium()
    assert executable, "no Chromium is installed"
    with tempfile.TemporaryDirectory() as folder, launched(executable) as browser:
        product = Product(Path(folder)).start()
        try:
            with_card(browser, product)
            certificate(browser, product)
            for shot in SHOTS:
                app = _open(browser, product, shot)
                keep(app, shot.name)
                app.page.context.close()
                print(shot.name, flush=True)
        finally:
            product.stop()


def _open(browser: Browser, product: Product, shot: Shot) -> App:
    look = {"size": shot.size, "theme": shot.theme}
    if not shot.who:
        return open_app(browser, product.address, shot.route, **look)
    return signed_in(browser, product.address, shot.who, shot.route, **look)


if __name__ == "__main__":
    main()
