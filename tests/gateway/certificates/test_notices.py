"""The inbox: a resident hears that something happened to their application, and nobody else does."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from gateway.certificates import messages, registering
from gateway.database import Database
from tests.gateway.certificates.conftest import GIA_HUY, MINH_ANH, issue
from tests.gateway.conftest import make_headers


async def inbox(gateway: httpx.AsyncClient, subject: str) -> list[tuple[str, str]]:
    """What stands in a resident's inbox about applications, newest first."""
    headers = make_headers(subject, scope="reports")
    found = (await gateway.get("/reports/inbox", headers=headers)).json()
    assert all(line["service_request_id"] == "" for line in found)
    assert all(line["description"] == "" for line in found), "a criminal record is not announced"
    return [(line["kind"], line["application_id"]) for line in found]


async def test_a_resident_is_told_of_the_result_an_answer_and_a_revocation(
    app: FastAPI, gateway: httpx.AsyncClient, database: Database
) -> None:
    """Who waits for days looks into the inbox, not at the status."""
    found = await issue(app, gateway)
    code, number = found["application_id"], found["certificate"]["number"]
    clock = app.state.settings.clock

    class Application:
        application_id = code

    clock.advance(1)
    answer = ("answer", "Có rồi.", clock())
    await database.run(lambda db: messages.write_as_authority(db, Application, *answer))  # type: ignore[arg-type]
    clock.advance(1)
    ended = [
        await database.run(lambda db: registering.revoke(db, number, "other", clock()))
        for _once_more in range(2)
    ]
    assert ended == [True, False]
    assert await inbox(gateway, MINH_ANH) == [
        ("certificate_revoked", code),
        ("certificate_answer", code),
        ("certificate_ready", code),
    ]
    assert await inbox(gateway, GIA_HUY) == []
