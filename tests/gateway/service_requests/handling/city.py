"""What residents and officers do, in a line each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import insert, update

from gateway.database import Database
from gateway.service_requests.handling_tables import follows
from gateway.service_requests.tables import media, service_requests
from tests.gateway.conftest import RESIDENT, STRANGER, make_headers
from tests.gateway.service_requests.reports import SENT, send

QUAN = "test-quan"
HUONG = "test-huong"
HAI = "test-hai"
LIGHT = "test-light"
OFFICERS = {
    QUAN: ("Đức Quân", "ward-00070"),
    HUONG: ("Thu Hương", "ward-00070"),
    HAI: ("Văn Hải", "city-desk"),
    LIGHT: ("Ánh", "lighting"),
}
NEIGHBOUR = "test-khanh-linh"
"""A resident who follows what RESIDENT reported."""

WORDS = "Đã vá ổ gà và kẻ lại vạch đường."
BODIES: dict[str, dict[str, Any]] = {
    "accept": {},
    "ask": {"description": "Ổ gà ở gần số nhà nào?"},
    "transfer": {"agency_code": "lighting", "reason_code": "other-owner"},
    "reject": {"reason_code": "not-found", "description": "Đã đến nơi, không thấy ổ gà."},
    "note": {"description": "Chờ vật liệu, thứ Năm sẽ làm."},
    "hoax": {},
    "split": {
        "descriptions": ["Ổ gà sâu giữa đường.", "Đèn đường ở đó cũng tắt."],
        "service_codes": ["pothole", "street-light"],
    },
    "answer": {"description": "Trước cửa số 28."},
    "withdraw": {},
    "reopen": {"description": "Vẫn còn ổ gà."},
    "rate": {"rating": "satisfied", "comment": "Nhanh."},
    "correct": {"description": "Ổ gà rất sâu giữa đường."},
}
"""A body each act takes, where it names no other report, colleague or photo."""


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = SENT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def as_resident(subject: str = RESIDENT, **more: str) -> dict[str, str]:
    """The headers of a resident."""
    return make_headers(subject, "reports") | more


def as_officer(subject: str = QUAN, **more: str) -> dict[str, str]:
    """The headers of an officer, who is a resident too."""
    return make_headers(subject, "reports desk", roles=("officer",)) | more


@dataclass
class City:
    """The gateway, and what people do there."""

    client: httpx.AsyncClient
    database: Database
    clock: Clock

    async def report(self, subject: str = RESIDENT, **changes: Any) -> str:
        """Send a report; returns its id."""
        sent = await send(self.client, as_resident(subject), **changes)
        assert sent.status_code == 201, sent.text
        return str(sent.json()[0]["service_request_id"])

    async def see(self, found: str, subject: str = RESIDENT) -> httpx.Response:
        """Open a report as a resident."""
        return await self.client.get(f"/reports/{found}", headers=as_resident(subject))

    async def at_desk(self, found: str, officer: str = QUAN) -> httpx.Response:
        """Open a report as an officer."""
        return await self.client.get(f"/desk/{found}", headers=as_officer(officer))

    async def do(
        self, found: str, act: str, subject: str = RESIDENT, **body: Any
    ) -> httpx.Response:
        """A resident's act."""
        sent = body or BODIES[act]
        return await self.client.post(
            f"/reports/{found}/{act}", headers=as_resident(subject), json=sent
        )

    async def handle(
        self,
        found: str,
        act: str,
        officer: str = QUAN,
        revision: int | None = None,
        **body: Any,
    ) -> httpx.Response:
        """An officer's act on the newest revision, or on an older one."""
        if revision is None:
            revision = self.row(found).revision
        headers = as_officer(officer, **{"If-Match": f'"{revision}"'})
        sent = body or BODIES[act]
        return await self.client.post(f"/desk/{found}/{act}", headers=headers, json=sent)

    async def finish(self, found: str, officer: str = QUAN) -> httpx.Response:
        """Close it with a photo."""
        proof = self.upload(officer)
        return await self.handle(found, "done", officer, description=WORDS, media_ids=[proof])

    def row(self, found: str) -> Any:
        """The report as the database has it."""
        wanted = service_requests.select().where(service_requests.c.service_request_id == found)
        return self.database.run_here(lambda db: db.execute(wanted).one(), write=False)

    def put(self, found: str, **values: Any) -> None:
        """Set columns of a report as no act does."""
        changed = update(service_requests).where(service_requests.c.service_request_id == found)
        self.database.run_here(lambda db: db.execute(changed.values(**values)))

    def upload(self, subject: str, kind: str = "photo") -> str:
        """Something uploaded and not yet attached; only its row."""
        media_id = secrets.token_hex(16)
        values = {
            "media_id": media_id,
            "subject": subject,
            "position": 0,
            "stage": "before",
            "description": "",
            "created": self.clock(),
            "kind": kind,
        }
        self.database.run_here(lambda db: db.execute(insert(media).values(values)))
        return media_id

    def follow(self, found: str, subject: str = NEIGHBOUR) -> None:
        """Make a resident follow a report."""
        values = {"subject": subject, "service_request_id": found, "created": self.clock()}
        self.database.run_here(lambda db: db.execute(insert(follows).values(values)))

    async def inbox(self, subject: str = RESIDENT) -> list[dict[str, Any]]:
        """The resident's inbox."""
        answer = await self.client.get("/reports/inbox", headers=as_resident(subject))
        found: list[dict[str, Any]] = answer.json()
        return found

    async def timeline(self, found: str, subject: str = RESIDENT) -> list[dict[str, Any]]:
        """The report's updates."""
        answer = await self.client.get(f"/reports/{found}/updates", headers=as_resident(subject))
        assert answer.status_code == 200, answer.text
        updates: list[dict[str, Any]] = answer.json()
        return updates


__all__ = ["HAI", "HUONG", "LIGHT", "NEIGHBOUR", "QUAN", "RESIDENT", "STRANGER", "City", "Clock"]
