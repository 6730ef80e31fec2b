"""What the device says by itself: a network is back, the app is in front again. Then what waits goes."""

from __future__ import annotations

import flet as ft

from services import Services

BACK = (ft.AppLifecycleState.RESUME, ft.AppLifecycleState.SHOW)


def listen(page: ft.Page, services: Services) -> ft.Connectivity:
    """Wake the outbox on a device of one's own; the caller keeps what this returns alive."""

    def network(e: ft.ConnectivityChangeEvent) -> None:
        if any(kind != ft.ConnectivityType.NONE for kind in e.connectivity):
            services.outbox.wake()

    def front(e: ft.AppLifecycleStateChangeEvent) -> None:
        if e.state in BACK:
            services.outbox.wake()

    page.on_app_lifecycle_state_change = front
    return ft.Connectivity(on_change=network)
