"""The album of docs/journeys: how a picture is taken, waited for and kept small."""

from __future__ import annotations

import io
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational
from playwright.sync_api import Browser

from gateway.service_requests.sandbox_photos import photo

from .browser import PHONE, App
from .resident import open_app, signed_in
from .server import ROOT, LinkedProduct

FOLDER = ROOT / "docs" / "journeys"
LARGEST = 60_000
QUALITIES = (85, 75, 65, 50, 35)
STILL_MS, STILL_TIMES, TRIES = 600, 3, 15


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, at what size, and how the app is set."""

    who: str = "Nguyễn Minh Anh"
    size: tuple[int, int] = PHONE
    theme: Literal["light", "dark"] = "light"
    english: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Album:
    """A browser before a running product; the pictures it keeps go to docs/journeys."""

    browser: Browser
    product: LinkedProduct
    scratch: Path

    def app(self, look: Look, route: str = "/") -> App:
        """The app as this look sees it, at an address; signed in unless `who` is empty."""
        how = {"size": look.size, "theme": look.theme}
        if not look.who:
            return open_app(self.browser, self.product.address, route, **how)
        app = signed_in(self.browser, self.product.address, look.who, route, **how)
        if look.english or look.large:
            _choose(app, look)
            app.open(route)
        return app

    def keep(self, app: App, name: str) -> None:
        """Save what the page shows as WebP of at most 60 kB, once it has come to rest."""
        image = Image.open(io.BytesIO(_still(app))).convert("RGB")
        for quality in QUALITIES:
            out = io.BytesIO()
            image.save(out, "WEBP", quality=quality, method=6)
            if out.tell() <= LARGEST:
                break
        (FOLDER / f"{name}.webp").write_bytes(out.getvalue())
        print(f"{name}: {out.tell()} bytes", flush=True)

    def scene(self, name: str, place: tuple[float, float] | None = None) -> Path:
        """A drawn street scene as a phone's photo, with the place (degrees) in it."""
        image = Image.open(io.BytesIO(photo(name).full))
        exif = Image.Exif()
        if place is not None:
            gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
            north, east = map(_degrees, place)
            gps[1], gps[2], gps[3], gps[4] = "N", north, "E", east
        path = self.scratch / f"{name}.jpg"
        image.save(path, "JPEG", exif=exif)
        return path

    def set_back(self, plate: str, minutes: int) -> None:
        """Let the stay of that plate have begun so many minutes ago."""
        with sqlite3.connect(self.product.folder / "gateway.sqlite3", timeout=30) as connection:
            seconds = minutes * 60
            changed = connection.execute(
                "UPDATE parking_sessions SET started_at = started_at - ?, until = until - ?"
                " WHERE plate = ?",
                (seconds, seconds, plate),
            )
            assert changed.rowcount == 1


def scroll(app: App, down: int) -> None:
    """Turn the wheel over the middle of the page."""
    size = app.page.viewport_size
    assert size is not None
    app.page.mouse.move(size["width"] * 0.6, size["height"] * 0.55)
    app.page.mouse.wheel(0, down)


def _still(app: App) -> bytes:
    """A screenshot that stayed the same; pixels lag semantics, photos come late, some never rest."""
    app.page.mouse.move(1, 1)  # Nothing is hovered.
    before, same = app.page.screenshot(), 0
    for _attempt in range(TRIES):
        app.page.wait_for_timeout(STILL_MS)
        after = app.page.screenshot()
        same = same + 1 if after == before else 0
        before = after
        if same == STILL_TIMES:
            break
    return before


def _choose(app: App, look: Look) -> None:
    app.open("/me/settings")
    app.sees("Cỡ chữ")
    if look.large:
        slider = app.semantics.get_by_role("slider")
        for percent in ("125%", "150%", "200%"):
            slider.focus()
            app.page.keyboard.press("ArrowRight")
            app.sees(percent)
    if look.english:
        english = app.button("English")
        english.focus()
        app.page.keyboard.press("Enter")
        app.sees("Text size")


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes = value % 1 * 60
    return (
        IFDRational(int(value)),
        IFDRational(int(minutes)),
        IFDRational(round(minutes % 1 * 60_000), 1000),
    )
