"""What an erasure means elsewhere: tokens that live on are refused by name, and a device may ask."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from gateway.database import Database
from gateway.sessions.routes import ASKED_MOST
from gateway.sessions.standing import Standing
from gateway.sessions.tables import session_id_of
from gateway.settings import Settings
from tests.gateway.conftest import RESIDENT, STRANGER, connect, make_headers, on_sqlite
from tests.gateway.privacy.test_erasure_routes import done

PROBLEM = "/problems/account-erased"


def at(sid: str | None, who: str = RESIDENT, **more: Any) -> dict[str, str]:
    """The headers of one sign-in, or of a provider that names none."""
    return make_headers(who, "openid reports", sid=sid, **more)


async def erase(gateway: httpx.AsyncClient, sid: str = "here") -> str:
    """Ask for the erasure of the resident's account."""
    body = {"confirmed": True}
    asked = await gateway.post("/privacy/erasures", headers=at(sid), json=body)
    assert asked.status_code == 202, asked.text
    return str(asked.json()["erasure_id"])


async def erased_among(gateway: httpx.AsyncClient, *session_ids: str) -> list[str]:
    """What the gateway says, asked without a token."""
    answer = await gateway.post("/sessions/erased", json={"session_ids": session_ids})
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["session_ids"]
    return found


@pytest.mark.postgresql
async def test_other_devices_read_that_the_account_was_erased(
    gateway: httpx.AsyncClient, app: FastAPI
) -> None:
    """They have to drop what they keep, which they must not do for an ordinary end."""
    assert (await gateway.get("/reports/mine", headers=at("tablet"))).status_code == 200
    erasure = await erase(gateway)
    for moment in ("asked for", "done"):
        refused = await gateway.get("/reports/mine", headers=at("tablet", iat=int(time.time()) - 9))
        assert (refused.status_code, refused.json()["type"]) == (401, PROBLEM), moment
        assert f'error_uri="{PROBLEM}"' in refused.headers["www-authenticate"]
        await done(gateway, app, erasure)
        await app.state.standing.look()
    theirs = await gateway.get("/reports/mine", headers=at("tablet", STRANGER))
    assert theirs.status_code == 200


@pytest.mark.attack(
    "an access token that outlives the erasure of its account, without a sign-in of its own",
    "RFC 6750 5.3",
)
@on_sqlite
async def test_a_token_without_a_sign_in_of_its_own_is_refused_too(
    gateway: httpx.AsyncClient, app: FastAPI
) -> None:
    """Providers need not name sign-ins; such a token would else fill the account for five minutes."""
    before = at(None, iat=int(time.time()) - 5)
    assert (await gateway.get("/reports/mine", headers=before)).status_code == 200
    await done(gateway, app, await erase(gateway))
    refused = await gateway.get("/reports/mine", headers=before)
    assert (refused.status_code, refused.json()["type"]) == (401, PROBLEM)
    afterwards = at(None, iat=int(time.time()) + 2)
    assert (await gateway.get("/reports/mine", headers=afterwards)).json() == []


@on_sqlite
async def test_another_process_refuses_it_by_its_next_look(
    app: FastAPI, settings: Settings, database: Database
) -> None:
    """The gateway may run several times; what it remembers of erasures is read each second."""
    elsewhere, before = Standing(settings, database), at(None, iat=int(time.time()) - 5)
    async with connect(app) as gateway:
        await erase(gateway)
        app.state.standing = elsewhere
        assert (await gateway.get("/reports/mine", headers=before)).status_code == 200
        await elsewhere.look()
        assert (await gateway.get("/reports/mine", headers=before)).status_code == 401


@on_sqlite
async def test_knowing_of_erasures_costs_a_request_no_query(
    app: FastAPI, settings: Settings, database: Database
) -> None:
    """The check is asked on every request, so it may not ask the database."""
    async with connect(app) as gateway:
        await erase(gateway)
        standing = app.state.standing = Standing(settings, database)
        await standing.look()
        counted: list[str] = []
        run = database.run

        async def counting(work: Any, *, write: bool = True) -> Any:
            counted.append(work.__qualname__)
            return await run(work, write=write)

        database.run = counting  # type: ignore[method-assign]
        await gateway.get("/sessions", headers=at("known", STRANGER))
        counted.clear()
        for _ in range(10):
            await gateway.get("/sessions", headers=at("known", STRANGER))
        asked = [name for name in counted if "look" not in name and "Worker" not in name]
        assert len([name for name in counted if "list_sessions" in name]) == 10
        assert not [name for name in asked if "admit" in name or "erased" in name], asked


@pytest.mark.postgresql
async def test_a_device_that_was_off_asks_at_its_next_start(
    gateway: httpx.AsyncClient, app: FastAPI
) -> None:
    """Its tokens are worth nothing by then: what it knows of its old sign-in is enough to ask."""
    tablet, theirs = session_id_of(RESIDENT, "tablet"), session_id_of(STRANGER, "tablet")
    afterwards = session_id_of(RESIDENT, "afterwards")
    for headers in (at("tablet"), at("tablet", STRANGER)):
        await gateway.get("/sessions", headers=headers)
    await gateway.delete("/sessions/current", headers=at("tablet", STRANGER))
    assert await erased_among(gateway, tablet, theirs, "0" * 32) == []
    erasure = await erase(gateway)
    assert await erased_among(gateway, tablet, theirs, "0" * 32) == [tablet]
    await done(gateway, app, erasure)
    later = at("afterwards", iat=int(time.time()) + 2)
    assert (await gateway.get("/sessions", headers=later)).status_code == 200
    assert await erased_among(gateway, tablet, theirs, afterwards) == [tablet]


@on_sqlite
async def test_one_call_asks_about_many_but_not_about_everything(
    gateway: httpx.AsyncClient,
) -> None:
    """A web host asks for all its residents at once; nobody should be able to make it a burden."""
    many = [f"{number:032x}" for number in range(ASKED_MOST)]
    assert await erased_among(gateway, *many) == []
    for wrong in ([*many, "f" * 32], ["%"], ["A" * 32]):
        answer = await gateway.post("/sessions/erased", json={"session_ids": wrong})
        assert answer.status_code == 422
