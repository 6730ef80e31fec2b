"""What the device says by itself lets what waits go."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import flet as ft

from app.signals import listen
from services import Services
from tests.support.phone import Phone


async def test_a_network_or_the_front_wakes_the_outbox() -> None:
    """The phone leaves the tunnel, the app is opened again: nobody presses Send."""
    woken: list[bool] = []
    outbox = SimpleNamespace(wake=lambda: woken.append(True))
    services = cast(Services, SimpleNamespace(outbox=outbox))
    kept: dict[str, Any] = {}

    def main(page: ft.Page) -> None:
        kept["network"] = listen(page, services)

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
