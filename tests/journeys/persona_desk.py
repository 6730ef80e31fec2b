"""An agent at the page that opens personas, and the tabs that show them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import flet as ft

from app import paths
from app.personas.hosting import LEAD, Personas
from app.personas.stage import Stage
from app.replay.opening import ticket_of
from tests.journeys.conftest import Home
from tests.support.device import DeviceTwin
from tests.support.phone import Phone

AGENT, SUPERVISOR = "bui-thu-ha", "vo-minh-chau"
OPEN = "Mở trong thẻ mới"


class Waits:
    """Takes the seconds of slow answers without waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Desk:
    """An agent at the page that opens personas, and the host that shows them."""

    home: Home
    agent: Phone
    device: DeviceTwin
    host: Personas
    waits: Waits

    async def opened(self, name: str = "Nguyễn Minh Anh", *switches: str) -> tuple[Phone, Stage]:
        """Choose a resident, switch faults on by their words, and open the tab."""
        await self.agent.tap(name)
        for words in switches:
            await self.agent.turn_on(words)
        await self.agent.tap("Tìm nguyên nhân lỗi")
        await self.agent.tap(OPEN)
        await self.agent.settle()
        return await self.tab(self.device.opened[-1])

    async def tab(self, address: str, owner: Any = None) -> tuple[Phone, Any]:
        """A tab of a browser at an address; of the agent's own unless it is another's."""
        tab = Phone(web=True)
        self.home._phones.append(tab)
        ticket = ticket_of(address, LEAD)
        assert ticket is not None
        stages: list[Stage | None] = []

        async def main(page: ft.Page) -> None:
            stages.append(await self.host.open(page, owner or self.device, ticket, {}))

        await tab.open(main, address)
        return tab, stages.pop()


async def at_the_desk(home: Home) -> Desk:
    """The staff area of an agent."""
    waits = Waits()
    agent, device = await home.another_vault().signed_in(AGENT, paths.PERSONAS)
    device.host = Personas(home.process, waits)
    await agent.sees("Lỗi gì xảy ra?")
    return Desk(home, agent, device, device.host, waits)
