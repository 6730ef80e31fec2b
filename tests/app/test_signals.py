"""What the device says by itself lets what waits go."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import flet as ft

from app.lock import Guard
from app.signals import listen, watch
from app.state import Revisions, Session
from services import Services
from tests.support.phone import Phone


async def test_a_network_or_the_front_wakes_the_outbox() -> None:
    """The phone leaves the tunnel, the app is opened again: nobody presses Send."""
    woken: list[bool] = []
    outbox = SimpleNamespace(wake=lambda: woken.append(True))
    clock = SimpleNamespace(steady=lambda: 0.0)
    services = cast(Services, SimpleNamespace(outbox=outbox, clock=clock))
    kept: dict[str, Any] = {}
    session = Session()
    guard = Guard(session, services, Revisions())

    def main(page: ft.Page) -> None:
        kept["network"] = listen(page, services)
        watch(page, services, session, guard, covers=False)

    phone = await Phone().open(main)
    network, page = kept["network"]._i, phone.page._i
    dispatch = phone.session.dispatch_event
    await dispatch(network, "change", {"connectivity": ["none"]})
    await dispatch(page, "app_lifecycle_state_change", {"state": "hide"})
    assert woken == []
    await dispatch(network, "change", {"connectivity": ["mobile", "vpn"]})
    assert len(woken) == 1
    await dispatch(page, "app_lifecycle_state_change", {"state": "resume"})
    assert len(woken) == 2
    await phone.close()
