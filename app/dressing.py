"""Dresses a page as its resident set it: themes, language, text size."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.state import Session
from app.theme import DARK, LIGHT, theme


def dress(page: ft.Page, session: Session) -> None:
    """Dress the page now and whenever the session changes."""

    def dressed(*_changed: Any) -> None:
        page.title = "iHaNoi"
        page.theme = theme(LIGHT, session.text_scale, session.width)
        page.dark_theme = theme(DARK, session.text_scale, session.width)
        page.theme_mode = ft.ThemeMode(session.theme)
        locales = [ft.Locale("vi", "VN"), ft.Locale("en", "US")]
        chosen = locales[0] if session.language == "vi" else locales[1]
        page.locale_configuration = ft.LocaleConfiguration(locales, chosen)

    def brightened(_e: Any) -> None:
        session.platform_dark = page.platform_brightness == ft.Brightness.DARK

    dressed()
    # An observable holds its listeners weakly; the session's store keeps this one.
    page.session.store.set("dress", dressed)
    session.subscribe(dressed)  # type: ignore[attr-defined]
    page.fonts = {} if page.web else {"Be Vietnam Pro": "fonts/BeVietnamPro-Regular.ttf"}
    page.on_platform_brightness_change = brightened
