"""What the device says by itself: a network is back, the app is in front again, or out of sight."""

from __future__ import annotations

from typing import Any

import flet as ft

from app.lock import Guard
from app.state import Session
from services import Services

State = ft.AppLifecycleState
BACK = (State.RESUME, State.SHOW)
HIDDEN = (State.HIDE, State.PAUSE, State.DETACH)


def listen(page: ft.Page, services: Services) -> ft.Connectivity:
    """Wake the outbox on a device of one's own; the caller keeps what this returns alive."""

    def network(e: ft.ConnectivityChangeEvent) -> None:
        if any(kind != ft.ConnectivityType.NONE for kind in e.connectivity):
            services.outbox.wake()

    return ft.Connectivity(on_change=network)


def watch(
    page: ft.Page, services: Services, session: Session, guard: Guard, *, covers: bool
) -> None:
    """Tell the lock when nobody is here, and the outbox when somebody is back.

    `covers` draws a cover for the task switcher's picture as soon as the app loses the front.
    """

    def moved(e: ft.AppLifecycleStateChangeEvent) -> None:
        back = e.state in BACK
        if covers and session.has_pin:
            session.covered = not back
        if back:
            guard.back()
            services.outbox.wake()
        else:
            guard.away(hidden=e.state in HIDDEN)

    def lost(_e: Any) -> None:
        guard.away(hidden=False)

    async def found(_e: Any) -> None:
        guard.back()
        await guard.signed_in_anew()

    page.on_app_lifecycle_state_change = moved
    page.on_disconnect = lost
    page.on_connect = found
