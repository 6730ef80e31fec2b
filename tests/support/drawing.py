"""Draws one component from values, in the contexts of the app: for states that no sandbox has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app.entry import Process, services_of
from app.hooks import DeviceContext, RevisionsContext, ServicesContext, SessionContext
from app.lock import Guard
from app.state import Revisions, Session
from app.theme import DARK, LIGHT, theme
from tests.support.device import DeviceTwin, MemoryTokenStore
from tests.support.phone import Phone

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {},
    "phone, 200 %, dark": {"text_scale": 2.0, "theme": "dark"},
    "desktop, dark": {"width": 1280.0, "theme": "dark"},
    "English": {"language": "en"},
}
BROKEN = ("Ứng dụng gặp lỗi", "Something went wrong in the app")


class Drawing:
    """A phone that shows one component; `revisions` and `session` are the ones it draws with."""

    def __init__(self, process: Process, **look: Any) -> None:
        identity = process.identity_for(MemoryTokenStore())
        self.services = services_of(process, identity, keep_health_copies=True)
        self.device = DeviceTwin(identity, process.http, "")
        self.session = Session(person=look.pop("person", None))
        for name, value in look.items():
            setattr(self.session, name, value)
        self.revisions = Revisions()
        self.guard = Guard(self.session, self.services, self.revisions)
        self.phone = Phone(width=self.session.width)

    async def show(self, draw: Callable[[], ft.Control]) -> Phone:
        """Draw it; a component that cannot be drawn is an error here."""

        def main(page: ft.Page) -> None:
            page.theme = theme(LIGHT, self.session.text_scale, self.session.width)
            page.dark_theme = theme(DARK, self.session.text_scale, self.session.width)
            chosen = ft.Locale(self.session.language)
            page.locale_configuration = ft.LocaleConfiguration([chosen], chosen)
            page.render_views(_Root, self, draw)

        await self.phone.open(main)
        await self.phone.settle()
        assert not any(words in self.phone.text() for words in BROKEN), self.phone.text()
        return self.phone


@ft.component
def _Root(drawing: Drawing, draw: Callable[[], ft.Control]) -> Any:
    def view() -> ft.View:
        return ft.View(route="/", controls=[draw()], scroll=ft.ScrollMode.AUTO)

    return SessionContext(
        drawing.session,
        lambda: RevisionsContext(
            drawing.revisions,
            lambda: DeviceContext(drawing.device, lambda: ServicesContext(drawing.services, view)),
        ),
    )
