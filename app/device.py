"""What this device can do, behind the services' `Device` Protocol.

The phone's own abilities (secure storage, deep links back from sign-in) need a phone: they are
written here and untested, see docs/architecture.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import quote, urlencode

import flet as ft
import flet_geolocator as geo

from app.staged import Staged
from services.device import Accessibility, PhotosRefused, PickedFile, Place, PlaceRefused
from services.personas import Begin, Faults

if TYPE_CHECKING:
    from services.identity import Identity

PLACE_TIMEOUT = 10.0
ANSWERS_WITHIN = 3.0
"""Seconds for a platform to answer about its screen."""


class Ending(Protocol):
    """A web session that can be ended: app.web.sessions.WebSession."""

    def unused_ends_in(self) -> float:
        """Seconds until its sign-in ends unless somebody uses it."""

    async def end(self, onward: str | None = None) -> None:
        """Forget the session and close its sockets; the browser goes to `onward`."""


class FletDevice:
    """What every Flet client can do: choose files, find its place, open links."""

    keeps_health_copies = True
    covers_switcher = False

    def __init__(
        self, page: ft.Page, save: Callable[[dict[str, str | float]], Awaitable[None]]
    ) -> None:
        self._page = page
        self._save = save

    async def accessibility(self) -> Accessibility:
        """Ask the platform; one that does not answer asks for nothing."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found = await ft.SemanticsService().get_accessibility_features()
        except (TimeoutError, RuntimeError, TypeError, ft.FletException):
            return Accessibility()
        return Accessibility(found.high_contrast, found.reduce_motion or found.disable_animations)

    def unused_ends_in(self) -> float | None:
        """A device of one's own is kept by its lock, not by signing out."""
        return None

    async def leave(self, path: str) -> bool:
        """Nothing to leave: the app draws what comes next."""
        return True

    async def pick_photos(self, limit: int) -> list[PickedFile]:
        """Let the resident choose up to `limit` pictures; a phone's browser offers its camera too."""
        try:
            files = await ft.FilePicker().pick_files(
                allow_multiple=limit > 1, file_type=ft.FilePickerFileType.IMAGE, with_data=True
            )
        except (RuntimeError, ft.FletException) as error:
            raise PhotosRefused from error
        return [PickedFile(f.name, f.bytes) for f in files[:limit] if f.bytes]

    async def pick_file(self, extensions: Sequence[str]) -> PickedFile | None:
        """Let the resident choose one file with one of the endings."""
        files = await ft.FilePicker().pick_files(
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=list(extensions),
            with_data=True,
        )
        return next((PickedFile(f.name, f.bytes) for f in files if f.bytes), None)

    async def find_place(self) -> Place:
        """Ask the device's locator. Raises PlaceRefused."""
        locator = geo.Geolocator()
        try:
            async with asyncio.timeout(PLACE_TIMEOUT):
                permission = await locator.request_permission()
                allowed = (
                    geo.GeolocatorPermissionStatus.ALWAYS,
                    geo.GeolocatorPermissionStatus.WHILE_IN_USE,
                )
                if permission not in allowed:
                    raise PlaceRefused
                found = await locator.get_current_position()
        except (TimeoutError, RuntimeError, ft.FletException) as error:
            raise PlaceRefused from error
        if found.latitude is None or found.longitude is None:
            raise PlaceRefused
        return Place(found.latitude, found.longitude, found.accuracy or 0.0)

    async def save_file(self, name: str, data: bytes) -> bool:
        """Let the resident save a file; on the web the browser downloads it."""
        path = await ft.FilePicker().save_file(file_name=name, src_bytes=data)
        return self._page.web or path is not None

    async def open_link(self, url: str) -> None:
        """Open an address in the platform's browser."""
        await ft.UrlLauncher().launch_url(url)

    async def share_link(self, title: str, url: str) -> bool:
        """Copy the address; a phone opens its share sheet instead."""
        await ft.Clipboard().set(url)
        return True

    async def open_replay(self, code: str, bundle: bytes, case: str) -> str:
        """A phone and a desktop window have no tab to show it in: `make replay` does."""
        return ""

    async def open_persona(self, begin: Begin, faults: Faults) -> str:
        """Only a browser has a tab for it; nothing is begun."""
        return ""

    async def copy_text(self, text: str) -> None:
        """Put a text on the platform's clipboard."""
        await ft.Clipboard().set(text)

    async def save_preferences(self, preferences: dict[str, str | float]) -> None:
        """Keep the preferences where this place keeps them."""
        await self._save(preferences)

    async def brighten(self) -> bool:
        """Not in a browser nor on a desktop: Flet refuses the service there."""
        return False

    async def restore_brightness(self) -> None:
        """Nothing was raised."""

    async def keep_awake(self, on: bool) -> bool:
        """Ask the platform; a browser may say no."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await (ft.Wakelock().enable() if on else ft.Wakelock().disable())
        except (TimeoutError, RuntimeError, ft.FletException):
            return False
        return True


class WebDevice(FletDevice):
    """A browser tab; Python runs on the server, so copies of health data are never kept."""

    keeps_health_copies = False

    def __init__(
        self,
        page: ft.Page,
        save: Callable[[dict[str, str | float]], Awaitable[None]],
        session: Ending,
        identity: Identity,
        public_url: str,
        staged: Staged = Staged(),
    ) -> None:
        super().__init__(page, save)
        self._staged = staged
        self._public_url = public_url
        self._session = session
        self._identity = identity

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        """Leave the page for the web host's sign-in route."""
        asked = {"next": next_path, "acr": acr, "max_age": max_age}
        given = {name: value for name, value in asked.items() if value is not None}
        await self._leave(f"/sign-in?{urlencode(given, quote_via=quote, safe='')}")
        return False

    async def open_replay(self, code: str, bundle: bytes, case: str) -> str:
        """Make the replay ready for this browser and return the address of its tab."""
        if self._staged.replay is None:
            return ""
        return await self._staged.replay(self._session, code, bundle, case)

    async def open_persona(self, begin: Begin, faults: Faults) -> str:
        """Begin it, make it ready for this browser and return the address of its tab."""
        if self._staged.persona is None:
            return ""
        return await self._staged.persona(self._session, begin, faults)

    async def sign_out(self) -> bool:
        """Revoke the tokens and end the session; every tab leaves for the provider's own end."""
        onward = await self._identity.sign_out(f"{self._public_url}/signed-out")
        await self._session.end(onward)
        return False

    def unused_ends_in(self) -> float | None:
        """The session counts what any of its tabs does."""
        return self._session.unused_ends_in()

    async def leave(self, path: str) -> bool:
        """Every tab of the session leaves for the path, under a new cookie."""
        await self._session.end(path)
        return False

    async def _leave(self, path: str) -> None:
        await ft.UrlLauncher().launch_url(path, web_only_window_name="_self")


class DesktopDevice(FletDevice):
    """A desktop window: sign-in opens the browser and listens on the loopback (RFC 8252)."""

    def __init__(
        self,
        page: ft.Page,
        save: Callable[[dict[str, str | float]], Awaitable[None]],
        identity: Identity,
    ) -> None:
        super().__init__(page, save)
        self._identity = identity

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        """Open the provider in the browser and wait for its answer on a loopback port."""
        from app.loopback import LoopbackRedirect

        async with LoopbackRedirect() as redirect:
            request = await self._identity.begin(redirect.uri, acr=acr, max_age=max_age)
            redirect.expect(request.state)
            await self.open_link(request.url)
            await self._identity.complete(request, await redirect.answer())
        return True

    async def sign_out(self) -> bool:
        """Revoke the tokens; the provider's own session ends in its browser."""
        end_session = await self._identity.sign_out()
        if end_session:
            await self.open_link(end_session)
        return True


class PhoneDevice(DesktopDevice):
    """A phone: sign-in returns by the app's deep link `ihanoi://callback`. Untested: needs a phone."""

    covers_switcher = True

    async def share_link(self, title: str, url: str) -> bool:
        """Open the share sheet."""
        await ft.Share().share_text(f"{title}\n{url}", title=title)
        return False

    async def sign_in(
        self, next_path: str, acr: str | None = None, max_age: int | None = None
    ) -> bool:
        """Open the provider and wait for the deep link to come in as a route change."""
        from app.loopback import DEEP_LINK, parameters_of

        request = await self._identity.begin(DEEP_LINK, acr=acr, max_age=max_age)
        loop = asyncio.get_running_loop()
        came_back: asyncio.Future[str] = loop.create_future()
        before = cast("Callable[[ft.RouteChangeEvent], None] | None", self._page.on_route_change)

        def route_changed(e: ft.RouteChangeEvent) -> None:
            if "callback" in e.route and not came_back.done():
                came_back.set_result(e.route)
            elif before is not None:
                before(e)

        self._page.on_route_change = route_changed
        try:
            await self.open_link(request.url)
            await self._identity.complete(request, parameters_of(await came_back))
        finally:
            self._page.on_route_change = before
        return True

    async def brighten(self) -> bool:
        """Raise the app's own brightness, not the system's. Untested: needs a phone."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await ft.ScreenBrightness().set_application_screen_brightness(1.0)
        except (TimeoutError, RuntimeError, ft.FletException):
            return False
        return True

    async def restore_brightness(self) -> None:
        """Let the system's brightness count again. Untested: needs a phone."""
        with suppress(TimeoutError, RuntimeError, ft.FletException):
            async with asyncio.timeout(ANSWERS_WITHIN):
                await ft.ScreenBrightness().reset_application_screen_brightness()
