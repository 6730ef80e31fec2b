"""How a session's page looks: theme, language and what the device asks for."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.palettes import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT
from app.state import Session
from app.theme import theme
from services.device import Device


def dress(page: ft.Page, session: Session) -> None:
    """Dress the page as the session says, now and whenever that changes."""
    session.platform_dark = page.platform_brightness == ft.Brightness.DARK

    def put_on(*_changed: Any) -> None:
        strong = session.strong_contrast
        light, dark = (HIGH_LIGHT, HIGH_DARK) if strong else (LIGHT, DARK)
        page.title = "iHaNoi"
        page.theme = theme(light, session.text_scale, session.width)
        page.dark_theme = theme(dark, session.text_scale, session.width)
        page.theme_mode = ft.ThemeMode(session.theme)
        locales = [ft.Locale("vi", "VN"), ft.Locale("en", "US")]
        chosen = locales[0] if session.language == "vi" else locales[1]
        page.locale_configuration = ft.LocaleConfiguration(locales, chosen)

    def brightened(_e: Any) -> None:
        session.platform_dark = page.platform_brightness == ft.Brightness.DARK

    put_on()
    # An observable holds its listeners weakly; the session's store keeps this one.
    page.session.store.set("dress", put_on)
    session.subscribe(put_on)  # type: ignore[attr-defined]
    page.fonts = {} if page.web else {"Be Vietnam Pro": "fonts/BeVietnamPro-Regular.ttf"}
    page.on_platform_brightness_change = brightened


async def adopt(session: Session, device: Device) -> None:
    """Take over what the device's own settings ask for: high contrast, less motion."""
    asked = await device.accessibility()
    session.platform_high_contrast = asked.high_contrast
    session.platform_reduced_motion = asked.reduced_motion
