"""One device of the campaign as a process of its own: real services over a vault on disk.

`python -m tests.campaigns.resident_process PLAN` lets its residents report, a few at a time, each
one report after the other. It may be killed at any moment; started again it goes on as the app
does: what is in the outbox goes out by itself, what has left is not sent again, and the report
that was being written is.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from services import Services, client, connect, transport
from services.clock import ServerClock
from services.errors import ServiceError
from services.identity import Identity, ProviderSettings
from services.photos import Photo
from services.reach import Reach
from services.service_requests import ServiceRequestDraft
from services.tokens import Tokens
from services.vault import Vault
from tests.support.device import MemoryTokenStore

ASSETS = Path(__file__).parents[2] / "assets"
AT_ONCE = 24
"""Residents of one process who report at the same time."""
PATIENCE = httpx.Timeout(5.0, connect=2.0)
"""Shorter than the app's, so that black holes do not make the campaign last a day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a process is told: where the gateway is, its folder, and {subject: token}."""

    gateway: str
    folder: Path
    tokens: dict[str, str]
    each: int
    photo_every: int

    @classmethod
    def read(cls, path: Path) -> Plan:
        plan = json.loads(path.read_text())
        return cls(**plan | {"folder": Path(plan["folder"])})


class Journal:
    """How far each resident is, in a file that survives a kill: one short line a step."""

    def __init__(self, path: Path) -> None:
        self.begun: dict[str, int] = {}
        self.finished: set[str] = set()
        with suppress(OSError):
            for line in path.read_text().splitlines():
                with suppress(ValueError):
                    self._take(*line.split(" "))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def _take(self, subject: str, step: str) -> None:
        if step == "end":
            self.finished.add(subject)
        else:
            self.begun[subject] = int(step)

    def write(self, subject: str, step: str) -> None:
        os.write(self._file, f"{subject} {step}\n".encode())


def words_of(subject: str, number: int) -> str:
    """The text of a report: no other has it."""
    return f"Phản ánh thử nghiệm của {subject} số {number}."


def draft_of(subject: str, number: int, photos: int) -> ServiceRequestDraft:
    dice = random.Random(f"{subject} {number}")
    return ServiceRequestDraft(
        service_code="pothole",
        description=words_of(subject, number),
        address="Ngõ thử nghiệm",
        ward_code="00070",
        lat=21.03 + dice.random() / 100,
        long=105.85 + dice.random() / 100,
        photos=tuple(_photo(dice, turn) for turn in range(photos)),
        draft_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{subject}/{number}")),
    )


def _photo(dice: random.Random, turn: int) -> Photo:
    image = Image.new("RGB", (24, 16), (dice.randrange(256), dice.randrange(256), turn))
    file = io.BytesIO()
    image.save(file, "JPEG")
    return Photo(file.getvalue(), 24, 16)


class Device:
    """What the residents of one process share: the vault, the client, the clock."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        plan.folder.mkdir(parents=True, exist_ok=True)
        self.journal = Journal(plan.folder / "journal")
        self.vault = Vault(plan.folder / "vault.sqlite3", bytes(32))
        self.http = transport.open_http()
        self.clock = ServerClock()
        self.reach = Reach()
        self.trouble: list[str] = []

    async def services(self, subject: str, token: str) -> Services:
        store = MemoryTokenStore()
        claims: dict[str, Any] = {"sub": subject, "name": "Người Thử", "acr": "loa2"}
        store.tokens = Tokens(token, None, "", 4e9, claims)
        settings = ProviderSettings("http://127.0.0.1:9", "ihanoi-app", ("openid",))
        identity = Identity(settings, self.http, store, self.clock)
        await identity.resume()
        return connect(
            gateway_url=self.plan.gateway,
            identity=identity,
            http=self.http,
            clock=self.clock,
            vault=self.vault,
            assets=ASSETS,
            keep_health_copies=False,
            reach=self.reach,
        )

    async def live(self, subject: str, token: str) -> None:
        """Let one resident write all their reports and wait until the last has gone."""
        if subject in self.journal.finished:
            return
        services = await self.services(subject, token)
        async with _sending(services):
            first = max(0, self.journal.begun.get(subject, 0))
            for number in range(first, self.plan.each):
                self.journal.write(subject, str(number))
                await self._report(services, subject, number)
            while await services.outbox.list():
                await asyncio.sleep(0.2)
                self._note(subject, await services.outbox.list())
        self.journal.write(subject, "end")

    async def _report(self, services: Services, subject: str, number: int) -> None:
        photos = 2 if self.plan.photo_every and number % self.plan.photo_every == 0 else 0
        draft = draft_of(subject, number, photos)
        if await _is_under_way(services, draft.draft_id):
            return
        await services.service_requests.save_draft(draft)
        try:
            await services.service_requests.submit(draft)
        except ServiceError as error:
            self.trouble.append(f"{subject} {number} {error.code}")
            print("TROUBLE", subject, number, type(error).__name__, error.code, flush=True)

    def _note(self, subject: str, items: list[Any]) -> None:
        for item in items:
            if item.state == "failed":
                print("FAILED", subject, item.last_error, flush=True)


async def _is_under_way(services: Services, draft_id: str) -> bool:
    """Whether it left before this process was killed, or goes by itself: then nobody sends again."""
    waiting = [item.id for item in await services.outbox.list()]
    return draft_id in waiting or draft_id in await services.outbox.answers()


@asynccontextmanager
async def _sending(services: Services) -> AsyncIterator[None]:
    """What `app.background` does: keep sending."""
    work = asyncio.create_task(services.outbox.work())
    try:
        yield
    finally:
        work.cancel()


async def main(plan: Plan) -> None:
    device, turn = Device(plan), asyncio.Semaphore(AT_ONCE)

    async def one(subject: str, token: str) -> None:
        async with turn:
            await device.live(subject, token)

    await asyncio.gather(*(one(subject, token) for subject, token in plan.tokens.items()))
    print("FINISHED", flush=True)


if __name__ == "__main__":
    for module, name in ((client, "CALL"), (client, "UPLOAD"), (transport, "CALL")):
        setattr(module, name, PATIENCE)
    asyncio.run(main(Plan.read(Path(sys.argv[1]))))
